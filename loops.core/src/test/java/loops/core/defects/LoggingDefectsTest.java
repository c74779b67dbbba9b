package loops.core.defects;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import loops.core.Resume;
import loops.core.Slope;
import loops.core.Trainer;
import loops.core.callback.EarlyStopping;
import loops.core.callback.Mode;
import loops.core.callback.ModelCheckpoint;
import loops.core.logger.CsvLogger;
import loops.core.training.BatchResult;
import loops.core.training.Callback;
import loops.core.training.DataModule;
import loops.core.training.OptimizerPlan;
import loops.core.training.PlannedOptimizer;
import loops.core.training.RunView;
import loops.core.training.Step;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.optim.ReduceOnPlateau;
import tensor.optim.Sgd;

/// What the original does wrong with what is logged.
class LoggingDefectsTest {
    @TempDir private Path folder;

    // ---- F18

    /// F18: what a module of the original logs at the end of an epoch comes after those who monitor have looked, so they see
    /// the epoch before, or nothing. Here an epoch ends in two parts: all log, then all monitor.
    @Test
    void f18WhatIsLoggedAtTheEndOfAnEpochIsThereForThoseWhoMonitor() {
        var seen = new ArrayList<Double>();
        var monitor =
                new Callback() {
                    @Override
                    public void onTrainEpochMeasured(RunView run) {
                        double score = run.metrics().get("score").orElseThrow();
                        seen.add(score);
                        if (score == 2) {
                            run.stop("the score is 2");
                        }
                    }
                };
        var module = new Scoring();

        var result =
                Trainer.of(config -> config.maxEpochs(5).callbacks(monitor))
                        .fit(module, DataModule.of(Slope.points(2, 2)));

        assertEquals(List.of(0.0, 1.0, 2.0), seen);
        assertEquals(3, result.epochs());
        assertEquals(3, module.plateau.steps());

        var early =
                Trainer.of(config ->
                                config.maxEpochs(5)
                                        .callbacks(
                                                EarlyStopping.of(
                                                        "score",
                                                        Mode.MAX,
                                                        choices -> choices.stopAt(1.5))))
                        .fit(new Scoring(), DataModule.of(Slope.points(2, 2)));
        assertEquals(3, early.epochs());
        assertEquals(0.1 / 4, module.plateau.optimizer().learningRate(), 1e-12);
    }

    /// Logs the number of the epoch at its end; a scheduler wants it to fall.
    private static final class Scoring extends Line {
        private final ReduceOnPlateau plateau =
                ReduceOnPlateau.of(
                        Sgd.of(parameters(), 0.1), config -> config.patience(0).factor(0.5));

        @Override
        public void onTrainEpochEnd(RunView run) {
            run.log("score", run.epoch());
        }

        @Override
        public OptimizerPlan configureOptimizers() {
            return OptimizerPlan.of(
                    PlannedOptimizer.of(plateau.optimizer())
                            .schedule(plateau, scheduler -> scheduler.monitoring("score")));
        }
    }

    // ---- F26

    /// F26: the original leaves a checkpoint out if no step was made since the last one, whoever asked for that; so the one
    /// with the metric of the epoch gives way to the one of the last batch, and a run without steps has none. Here each
    /// callback saves when its own moment has come.
    @Test
    void f26ACheckpointIsSavedWheneverItsMomentHasComeWhateverTheStep() throws IOException {
        var steps = folder.resolve("steps");
        var epochs = folder.resolve("epochs");
        Trainer.of(config ->
                        config.maxEpochs(2)
                                .callbacks(
                                        ModelCheckpoint.everySteps(steps, 2),
                                        ModelCheckpoint.everyEpoch(epochs)))
                .fit(new Line(), DataModule.of(Slope.points(4, 2), Slope.points(2, 2)));
        assertEquals(2, saved(steps));
        assertEquals(2, saved(epochs));

        var none = folder.resolve("none");
        var withoutLoss =
                new Line() {
                    @Override
                    public @Nullable Tensor trainingStep(Batch batch, Step step) {
                        return null;
                    }
                };
        var result =
                Trainer.of(config ->
                                config.maxEpochs(2).callbacks(ModelCheckpoint.everyEpoch(none)))
                        .fit(withoutLoss, DataModule.of(Slope.points(4, 2)));
        assertEquals(0, result.globalStep());
        assertEquals(2, saved(none));

        var two = folder.resolve("two");
        Trainer.of(config -> config.maxEpochs(1).callbacks(ModelCheckpoint.everySteps(two, 3)))
                .fit(Line.ofTwo(), DataModule.of(Slope.points(6, 2)));
        assertEquals(2, saved(two));
    }

    /// F26: in the original a metric that is missing is 0 in the name of a checkpoint, one with a slash makes a folder, and
    /// whatever has `last` in its name is taken for the last one. Here it is an error, a `_`, and a matter of the whole name.
    @Test
    void f26ANameIsMadeOfWhatWasLoggedAndTheLastIsKnownByItsWholeName() throws IOException {
        var checkpoints = folder.resolve("checkpoints");
        var callback =
                ModelCheckpoint.of(
                        checkpoints,
                        config ->
                                config.monitor("last/score", Mode.MAX)
                                        .keep(-1)
                                        .fileName("{epoch}-{last/score}")
                                        .saveLast());
        var trainer = Trainer.of(config -> config.maxEpochs(2).callbacks(callback));
        var data = DataModule.of(Slope.points(2, 2));
        trainer.fit(new LastScore(), data);
        try (var all = Files.list(checkpoints)) {
            assertEquals(
                    List.of(
                            "epoch=0-last_score=5.0.ckpt",
                            "epoch=1-last_score=6.0.ckpt",
                            "last.ckpt"),
                    all.map(path -> path.getFileName().toString()).sorted().toList());
        }
        assertEquals(Optional.of(checkpoints.resolve("last.ckpt")), callback.last());
        trainer.fit(new LastScore(), data, Resume.last());
        assertEquals(Optional.of(checkpoints.resolve("last.ckpt")), trainer.resumedFrom());

        var missing =
                ModelCheckpoint.of(
                        folder.resolve("missing"), config -> config.fileName("{epoch}-{val_acc}"));
        assertEquals(
                "CheckpointName '{epoch}-{val_acc}': 'val_acc' was not logged, only [loss, last/score, epoch, step]; log it, or leave it out of the name",
                assertThrows(
                                IllegalArgumentException.class,
                                () ->
                                        Trainer.of(config -> config.maxEpochs(1).callbacks(missing))
                                                .fit(new LastScore(), data))
                        .getMessage());
    }

    private static final class LastScore extends Line {
        @Override
        public void onTrainEpochEnd(RunView run) {
            run.log("last/score", 5.0 + run.epoch());
        }
    }

    private static long saved(Path checkpoints) throws IOException {
        try (var all = Files.list(checkpoints)) {
            return all.count();
        }
    }

    // ---- F30

    /// F30: the original's CSV logger writes its whole file again with each row. Here a row is appended to what is there;
    /// a new column writes the file once more, and keeps all rows.
    @Test
    void f30RowsOfTheCsvFileAreAppended() throws IOException {
        var logger = CsvLogger.of(folder);
        var files = new LinkedHashSet<Object>();
        var states = new ArrayList<String>();
        var watch =
                new Callback() {
                    @Override
                    public void onTrainBatchStart(RunView run, Batch batch, int index) {
                        logger.folder()
                                .map(path -> path.resolve("metrics.csv"))
                                .ifPresent(path -> {
                                    files.add(identity(path));
                                    states.add(text(path));
                                });
                    }

                    @Override
                    public void onTrainBatchEnd(
                            RunView run, BatchResult result, Batch batch, int index) {
                        run.log("loss", index);
                        if (run.epoch() == 1) {
                            run.log("late", index);
                        }
                    }
                };
        var silent =
                new Line() {
                    @Override
                    public Tensor trainingStep(Batch batch, Step step) {
                        return loss(batch);
                    }
                };

        Trainer.of(config ->
                        config.maxEpochs(2)
                                .callbacks(watch)
                                .loggers(logger)
                                .plan(plan -> plan.logEvery(1)))
                .fit(silent, DataModule.of(Slope.points(20, 1)));

        assertEquals(2, files.size());
        long widened = 0;
        for (int i = 1; i < states.size(); i++) {
            if (!states.get(i).startsWith(states.get(i - 1))) {
                widened++;
                assertEquals(rows(states.get(i - 1)) + 1, rows(states.get(i)));
            }
        }
        assertEquals(1, widened);
        var last = text(logger.folder().orElseThrow().resolve("metrics.csv"));
        assertEquals(1 + 40, last.lines().count());
        assertTrue(last.startsWith("step,epoch,loss,late\n0,0,0.0,\n1,0,1.0,\n"), last);
        assertTrue(last.endsWith("\n39,1,19.0,19.0\n"), last);
    }

    private static Object identity(Path path) {
        try {
            return Objects.requireNonNull(
                    Files.readAttributes(path, BasicFileAttributes.class).fileKey());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long rows(String text) {
        return text.lines().count();
    }
}
