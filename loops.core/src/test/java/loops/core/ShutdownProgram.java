package loops.core;

import java.nio.file.Path;
import loops.core.logger.CsvLogger;
import loops.core.training.BatchResult;
import loops.core.training.Callback;
import loops.core.training.Interruption;
import loops.core.training.RunView;
import tensor.data.Batch;

/// A training that waits in the middle of an epoch until it is asked to end: a program of its own.
public final class ShutdownProgram {
    static final String WAITS = "waits to be asked to end";

    static final int EXITED = 7;

    private static final int EPOCHS = 3;

    private ShutdownProgram() {}

    /// Trains.
    ///
    /// @param arguments what it does: `waits`, `unsaved` without a folder, `tests`, waits in a `late` hook, or `exits` by
    ///     itself; the folder in which the training is saved and logged
    public static void main(String[] arguments) {
        var folder = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "waits" -> fit(folder, new Slope(), Resume.never(), new Waiting());
            case "exits" -> fit(folder, new Slope(), Resume.never(), new Exiting());
            case "unsaved" ->
                    Trainer.of(config -> config.maxEpochs(EPOCHS).callbacks(new Waiting()))
                            .fit(new Slope(), Slope.data(Slope.points(8, 2)));
            case "tests" -> test(new WaitingTest());
            case "late" ->
                    Trainer.of(config -> config.maxEpochs(1).callbacks(new WaitingAtTheEnd()))
                            .fit(new Slope(), Slope.data(Slope.points(8, 2)));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void test(Callback callback) {
        var trainer = Trainer.of(config -> config.callbacks(callback));
        try {
            trainer.test(SmallFits.fitted(trainer), SmallFits.data());
        } catch (Interruption _) {
            // left to the JVM, its trace would be printed into the middle of the last line
        }
    }

    /// Ends the process from within the run.
    private static final class Exiting implements Callback {
        @Override
        public void onTrainBatchEnd(RunView run, BatchResult result, Batch batch, int batchIndex) {
            System.exit(EXITED);
        }
    }

    /// Epochs of four steps each, of which every step is logged.
    static void fit(Path folder, Slope module, Resume resume, Callback... callbacks) {
        Trainer.of(config ->
                        config.maxEpochs(EPOCHS)
                                .plan(plan -> plan.logEvery(1))
                                .folder(folder)
                                .loggers(CsvLogger.of(folder.resolve("log")))
                                .callbacks(callbacks))
                .fit(module, Slope.data(Slope.points(8, 2)), resume);
    }

    /// Says that the place is reached, and leaves it when the wish to end has come.
    private static final class Waiting implements Callback {
        @Override
        public void onTrainBatchEnd(RunView run, BatchResult result, Batch batch, int batchIndex) {
            if (run.epoch() == 1 && batchIndex == 1) {
                await(run);
            }
        }
    }

    /// The same in a test.
    private static final class WaitingTest implements Callback {
        @Override
        public void onTestStart(RunView run) {
            await(run);
        }
    }

    /// The same when there is no safe point any more.
    private static final class WaitingAtTheEnd implements Callback {
        @Override
        public void onFitEnd(RunView run) {
            await(run);
        }
    }

    private static void await(RunView run) {
        System.out.println(WAITS);
        while (run.saves().interruption().isEmpty()) {
            Thread.onSpinWait();
        }
    }
}
