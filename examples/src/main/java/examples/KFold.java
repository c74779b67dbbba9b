package examples;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import loops.core.Status;
import loops.core.Trainer;
import loops.core.callback.ProgressBar;
import loops.core.training.Callback;
import loops.recipes.FoldResult;
import loops.recipes.KFoldLoop;
import loops.stats.Spread;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tensor.api.RandomKey;

/// How well does a small network read handwritten digits? Cross-validation: a fit for each fold, then the ensemble of
/// the folds' networks on a part of the data that none of them has seen.
///
/// ```text
/// $ ./loops run kfold --folds 2 --epochs 2
/// fold 1 of 2
/// epoch 1/2  val_loss 2.1326  val_acc 0.5290  loss 2.2328
/// epoch 2/2  val_loss 1.9045  val_acc 0.7021  loss 2.0289
/// fold 2 of 2
/// epoch 1/2  val_loss 2.1438  val_acc 0.3676  loss 2.2436
/// epoch 2/2  val_loss 1.9184  val_acc 0.6807  loss 2.0479
/// fold  accuracy    loss  epochs  seconds
///    1    0.7021  1.9045       2  ...
///    2    0.6807  1.9184       2  ...
/// ensemble on the test part: accuracy 0.7778
/// kfold digits: accuracy 0.6914 +- 0.0151 (2 folds)
/// ```
///
/// With `--checkpoint-dir` it is saved on the way, and at Ctrl-C: its last line says where, and the same command with
/// `--resume` goes on from there, to the same numbers.
///
/// The one line that makes a cross-validation of a fit puts a loop around it:
///
/// ```java
/// trainer.slots().fit().replace(fit -> new KFoldLoop(5, fit));
/// ```
@Command(
        name = "kfold",
        description = "Cross-validate a small network on handwritten digits.",
        sortOptions = false)
public final class KFold implements Example {
    /// What a process returns that Ctrl-C has ended: 128 + SIGINT.
    private static final int INTERRUPTED = 130;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private KFoldOptions options = new KFoldOptions();

    @Mixin private CheckpointOptions checkpoints = new CheckpointOptions();

    /// An example with its default options.
    public KFold() {}

    @Override
    public Integer call() throws IOException {
        var out = spec.commandLine().getOut();
        var data = data();
        var choices = new SavedChoices(options.choices());
        var start = checkpoints.start(choices, data);
        var ensemble = new DigitsEnsemble(options.folds, options.hidden, options.learningRate);
        var timer = new FoldTimer(ensemble.members(), out);
        var trainer =
                Trainer.of(config -> {
                    config.maxEpochs(options.epochs)
                            .seed(options.seed)
                            .device(options.device)
                            .callbacks(callbacks(choices, timer, out));
                    checkpoints.saveInterrupted(config);
                });
        trainer.slots().fit().replace(fit -> new KFoldLoop(options.folds, fit));

        var result = trainer.fit(ensemble, data, start);
        if (trainer.status() == Status.INTERRUPTED) {
            return INTERRUPTED;
        }

        var folds = trainer.slots().fit().get(KFoldLoop.class).results();
        out.println("fold  accuracy    loss  epochs  seconds");
        for (FoldResult fold : folds) {
            out.printf(
                    Locale.ROOT,
                    "%4d    %.4f  %.4f  %6d  %7s%n",
                    fold.fold() + 1,
                    metric(fold, "val_acc"),
                    metric(fold, "val_loss"),
                    fold.fit().epochs(),
                    timer.of(fold.fold()));
        }
        out.printf(
                Locale.ROOT,
                "ensemble on the test part: accuracy %.4f%n",
                result.metric("test_acc"));
        var accuracies = Spread.of(folds.stream().mapToDouble(f -> metric(f, "val_acc")).toArray());
        out.printf("kfold digits: accuracy %s (%d folds)%n", accuracies, folds.size());
        return 0;
    }

    private DigitsData data() throws IOException {
        var data =
                DigitsData.read(
                        options.data(), options.batchSize, RandomKey.of(options.seed).fold("data"));
        if (data.mostFolds() < 2) {
            throw new IOException(
                    "%s: a class has fewer than 2 members to learn from, too few for folds; give more digits"
                            .formatted(options.data().orElseThrow()));
        }
        if (options.folds > data.mostFolds()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--folds: is '%d'; the rarest class has %d members to learn from, use at most that"
                            .formatted(options.folds, data.mostFolds()));
        }
        return data;
    }

    private Callback[] callbacks(SavedChoices choices, FoldTimer timer, PrintWriter out) {
        var bar = new ProgressBar(out, onTerminal());
        var callbacks = new ArrayList<Callback>(List.of(choices, timer, bar));
        checkpoints.callback().ifPresent(callbacks::add);
        return callbacks.toArray(Callback[]::new);
    }

    @SuppressWarnings("SystemConsoleNull") // JDK 25 gives null again where there is no terminal
    private static boolean onTerminal() {
        var console = System.console();
        return console != null && console.isTerminal();
    }

    private static double metric(FoldResult fold, String name) {
        return fold.fit().metric(name);
    }
}
