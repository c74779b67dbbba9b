package examples;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import loops.api.LoopState.Fields;
import loops.core.Trainer;
import loops.core.training.Limit;
import loops.recipes.AdaptationLoop;
import loops.recipes.MetaEvaluationLoop;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tensor.api.RandomKey;

/// Ten points of a sine curve that a network has never seen: can one step of gradient descent make it draw the rest? It can if
/// the network has learned for that: on many other curves, by the gradient of what comes out after such a step.
///
/// ```text
/// $ ./loops run meta-learning --smoke
/// steps    loss
///     0  4.1005
///     1  3.9831
///     5  4.1302
///    10  4.3224
/// meta-learning: loss 3.9831 after one step, of maml, ... ms an iteration
/// ```
///
/// The whole run, 20,000 batches instead of 20, must come to at most 0.60 after one step, and gives `loss 0.4132` (2026-11-22, seed
/// 0, two cores with AVX-512, JDK 25); if not, the exit status is 1.
///
/// The loop that makes optimizer steps is replaced: [MetaLearningLoop][loops.recipes.MetaLearningLoop] adapts the network to all tasks
/// of a batch, and differentiates through that.
@Command(
        name = "meta-learning",
        description = "Learn to learn sine curves in one step: gradients of gradients.")
public final class MetaLearning implements Example {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--method",
            paramLabel = "NAME",
            converter = MetaMethod.Reader.class,
            description = "maml, fomaml, anil or reptile (default: ${DEFAULT-VALUE}).")
    private MetaMethod method = MetaMethod.MAML;

    @Option(
            names = "--seed",
            paramLabel = "N",
            converter = Values.Seed.class,
            description = "Where everything random comes from (default: ${DEFAULT-VALUE}).")
    private int seed = 0;

    @Mixin private RunOptions options = new RunOptions();

    @Mixin private CheckpointOptions checkpoints = new CheckpointOptions();

    /// An example with its default options.
    public MetaLearning() {}

    @Override
    public Integer call() throws IOException {
        var out = spec.commandLine().getOut();
        var choices =
                Fields.empty()
                        .with("--smoke", options.smoke)
                        .with("--method", method.toString())
                        .with("--seed", seed);
        var saving = checkpoints.of(new SavedChoices(choices));
        int epochs = options.smoke ? 1 : 20;
        var trainer =
                Trainer.of(config ->
                        saving.configure(
                                config.seed(seed)
                                        .maxEpochs(epochs)
                                        .plan(plan -> plan.validationLimit(Limit.batches(0)))));
        // @start region=replace
        trainer.slots().optimizer().replace(old -> method.loop());
        // @end region=replace
        if (options.explain) {
            trainer.slots().fit().get().explain().text().lines().forEach(out::println);
            return 0;
        }
        int iterations = options.smoke ? 20 : 1000; // of an epoch
        var data = new Sinusoids(RandomKey.of(seed), iterations, options.smoke ? 1 : 6);
        var learner = new CurveLearner();
        long start = System.nanoTime();
        saving.fit(trainer, learner, data);
        double millis = (System.nanoTime() - start) / 1e6 / (epochs * iterations);
        out.println("steps    loss");
        double afterOne = Double.NaN;
        for (int steps : List.of(0, 1, 5, 10)) {
            double loss = loss(trainer, learner, data, steps);
            afterOne = steps == 1 ? loss : afterOne;
            out.printf(Locale.ROOT, "%5d  %.4f%n", steps, loss);
        }
        out.printf(
                Locale.ROOT,
                "meta-learning: loss %.4f after one step, of %s, %.1f ms an iteration%n",
                afterOne,
                method,
                millis);
        boolean wanted = !options.smoke && method == MetaMethod.MAML;
        return afterOne <= (wanted ? 0.60 : Double.MAX_VALUE) ? 0 : 1;
    }

    /// {@return the mean loss on new tasks after so many steps}
    private static double loss(Trainer trainer, CurveLearner learner, Sinusoids data, int steps) {
        // @start region=evaluate
        var inner = new AdaptationLoop(config -> config.steps(steps));
        trainer.slots().testEpoch().connect(new MetaEvaluationLoop(inner));
        // @end region=evaluate
        return trainer.test(learner, data).metric("val_loss");
    }
}
