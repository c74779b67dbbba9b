package guide;

import static loops.core.training.LogFlag.NO_LOGGER;
import static loops.core.training.LogFlag.ON_EPOCH;
import static loops.core.training.LogFlag.ON_STEP;
import static loops.core.training.LogFlag.PROGRESS_BAR;
import static loops.core.training.Reduce.MAX;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SequencedMap;
import loops.api.LoopState.Fields;
import loops.core.Trainer;
import loops.core.logger.CsvLogger;
import loops.core.logger.Logger;
import loops.core.logger.MemoryLogger;
import loops.core.logger.TensorBoardLogger;
import loops.core.training.Callback;
import loops.core.training.DataModule;
import loops.core.training.RunView;
import loops.core.training.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tensor.api.Tensor;
import tensor.data.Batch;

/// What is logged, and where it goes, as `loops.md` shows it.
class LoggingGuideTest {
    private final DataModule data = Line.data();

    @TempDir private Path folder;

    private static final class Logging extends Line {
        // @start region=log
        @Override
        public Tensor trainingStep(Batch batch, Step step) {
            Tensor loss = loss(batch);
            step.log("loss", loss, ON_STEP, ON_EPOCH, PROGRESS_BAR);
            step.log("largest", batch.target().max(), ON_EPOCH, MAX, NO_LOGGER);
            return loss;
        }
        // @end region=log
    }

    @Test
    void loggersTakeWhatIsLogged() throws IOException {
        // @start region=loggers
        var rows = MemoryLogger.of();
        var trainer =
                Trainer.of(config ->
                        config.maxEpochs(2)
                                .plan(plan -> plan.logEvery(4))
                                .loggers(
                                        CsvLogger.of(folder),
                                        TensorBoardLogger.of(
                                                folder, choices -> choices.name("board")),
                                        rows));
        var result = trainer.fit(new Logging(), data);
        // @end region=loggers

        assertEquals(
                "step,epoch,loss_step,val_loss,loss_epoch",
                Files.readAllLines(folder.resolve("loops/version_0/metrics.csv")).getFirst());
        assertEquals(
                "[{loss_step, epoch}, {loss_step, epoch}, {val_loss, epoch}, {loss_epoch, epoch}]",
                rows.rows().stream()
                        .limit(4)
                        .map(row ->
                                row.metrics()
                                        .keySet()
                                        .toString()
                                        .replace('[', '{')
                                        .replace(']', '}'))
                        .toList()
                        .toString());
        assertEquals(
                "[loss, loss_step, val_loss, loss_epoch, largest]",
                result.metrics().keySet().toString());
        assertTrue(result.metric("largest") > 4);
    }

    // @start region=callback
    /// Logs the learning rate of the first optimizer.
    record RateMonitor() implements Callback {
        @Override
        public void onTrainEpochEnd(RunView run) {
            run.log("rate", run.optimizers().getFirst().learningRate());
        }
    }

    // @end region=callback

    @Test
    void callbacksLogToo() {
        var trainer = Trainer.of(config -> config.maxEpochs(1).callbacks(new RateMonitor()));

        assertEquals(0.1, trainer.fit(new Line(), data).metric("rate"));
    }

    // @start region=logger
    /// Prints each row.
    static final class Printer implements Logger {
        @Override
        public String name() {
            return "printer";
        }

        @Override
        public void log(SequencedMap<String, Double> metrics, long step) {
            System.out.println(step + " " + metrics);
        }

        @Override
        public Fields stateDict() {
            return Fields.empty(); // a printed line cannot be taken back
        }

        @Override
        public void loadStateDict(Fields state) {}
    }

    // @end region=logger

    @Test
    void aLoggerOfOnesOwnIsTold() {
        Trainer.of(config -> config.maxEpochs(1).loggers(new Printer())).fit(new Line(), data);
    }
}
