package examples;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import loops.core.Trainer;
import loops.recipes.ValidationScaledLoop;
import loops.stats.Spread;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tensor.api.Parameter;
import tensor.api.RandomKey;
import tensor.optim.Optimizer;
import tensor.optim.Sgd;

/// Four in ten labels are wrong, and 100 right ones are there to validate on. Can they guide what is learned? Before each
/// step of the optimizer the gradients are divided by the loss on these 100: where that grows, steps get smaller.
///
/// ```text
/// $ ./loops run validation-scaled --smoke
/// seed   plain  scaled
///    0  0.8078  0.6574
///    1  0.8329  0.8496
/// validation-scaled: accuracy 0.7535 +- 0.1359 scaled, 0.8203 +- 0.0177 plain, 0 differences from the loop by hand
/// ```
///
/// The whole run, 60 epochs instead of 2, gives `accuracy 0.7493 +- 0.0318 scaled, 0.7365 +- 0.0446 plain`: no difference
/// that five seeds could show (2026-11-22, seeds 0 to 4, two cores with AVX-512, JDK 25).
///
/// It is a loop of the default tree that is replaced: [ValidationScaledLoop] overrides four lines of the one that makes
/// optimizer steps. To the last bit it learns what [ScaledByHand] does; if not, the exit status is 1.
@Command(
        name = "validation-scaled",
        description = "Learn from wrong labels, guided by the loss on a few right ones.")
public final class ValidationScaled implements Example {
    private static final double LEARNING_RATE = 0.1;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--momentum",
            paramLabel = "SHARE",
            converter = Momentum.class,
            description = "Momentum of the optimizer (default: ${DEFAULT-VALUE}).")
    private double momentum = 0.9;

    @Mixin private RunOptions options = new RunOptions();

    /// An example with its default options.
    public ValidationScaled() {}

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        if (options.explain) {
            scaled(0, 1).slots().fit().get().explain().text().lines().forEach(out::println);
            return 0;
        }
        int epochs = options.smoke ? 2 : 60;
        var plain = new double[options.smoke ? 2 : 5];
        var scaled = new double[plain.length];
        long differences = 0;
        out.println("seed   plain  scaled");
        for (int seed = 0; seed < plain.length; seed++) {
            var data = new NoisyDigits(RandomKey.of(seed));
            plain[seed] = accuracy(trainer(seed, epochs), model(seed), data);
            var guided = model(seed);
            scaled[seed] = accuracy(scaled(seed, epochs), guided, data);
            out.printf(Locale.ROOT, "%4d  %.4f  %.4f%n", seed, plain[seed], scaled[seed]);

            var byHand = model(seed);
            ScaledByHand.train(byHand, data, sgd(byHand.parameters()), epochs);
            differences += Bits.differences(guided, byHand);
        }
        out.printf(
                "validation-scaled: accuracy %s scaled, %s plain, %d differences from the loop by hand%n",
                Spread.of(scaled), Spread.of(plain), differences);
        return differences == 0 ? 0 : 1;
    }

    private static Trainer trainer(int seed, int epochs) {
        return Trainer.of(config -> config.seed(seed).maxEpochs(epochs).checkpointing(false));
    }

    private static Trainer scaled(int seed, int epochs) {
        var trainer = trainer(seed, epochs);
        // @start region=replace
        trainer.slots().optimizer().replace(old -> new ValidationScaledLoop());
        // @end region=replace
        return trainer;
    }

    private DigitsClassifier model(int seed) {
        var model = new DigitsClassifier(64, this::sgd);
        model.initialize(RandomKey.of(seed));
        return model;
    }

    private Optimizer sgd(List<Parameter> parameters) {
        return Sgd.of(parameters, LEARNING_RATE, config -> config.momentum(momentum));
    }

    private static double accuracy(Trainer trainer, DigitsClassifier model, NoisyDigits data) {
        trainer.fit(model, data);
        return Objects.requireNonNull(trainer.test(model, data).metrics().get("val_acc"));
    }

    /// A momentum.
    static final class Momentum extends Decimal {
        Momentum() {
            super("from 0 to below 1", share -> share >= 0 && share < 1);
        }
    }
}
