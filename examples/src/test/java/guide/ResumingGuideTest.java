package guide;

import static loops.core.callback.Mode.MIN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import loops.core.Resume;
import loops.core.Status;
import loops.core.Trainer;
import loops.core.callback.ModelCheckpoint;
import loops.core.training.DataModule;
import loops.core.training.RunView;
import loops.core.training.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tensor.api.Tensor;
import tensor.data.Batch;

/// Trainings that are saved and gone on with, as `loops.md` shows them.
class ResumingGuideTest {
    private final DataModule data = Line.data();

    @TempDir private Path folder;

    /// Fails in the middle of the second epoch.
    private static final class Failing extends Line {
        @Override
        public Tensor trainingStep(Batch batch, Step step) {
            if (step.epoch() == 1 && step.batchIndex() == 5) {
                throw new UnsupportedOperationException("out of order");
            }
            return super.trainingStep(batch, step);
        }
    }

    @Test
    void aRunThatFailedGoesOnToTheSameEnd() {
        // @start region=trainer
        var trainer =
                Trainer.of(config ->
                        config.maxEpochs(3)
                                .folder(folder)
                                .autoSave(folder.resolve("failed.ckpt"))
                                .callbacks(
                                        ModelCheckpoint.everySteps(folder.resolve("saved"), 10)));
        // @end region=trainer
        var undisturbed = Trainer.of(config -> config.maxEpochs(3)).fit(new Line(), data);

        var thrown =
                assertThrows(
                        UnsupportedOperationException.class,
                        () -> trainer.fit(new Failing(), data));

        assertEquals("out of order", thrown.getMessage());
        assertEquals(
                "in loop 'fit_loop.epoch_loop.batch_loop.optimizer_loop', advance",
                thrown.getSuppressed()[0].getMessage());
        assertTrue(Files.exists(folder.resolve("failed.ckpt")));
        // @start region=resume
        trainer.fit(
                new Line(), data, Resume.latest(folder.resolve("saved"))); // the newest, or anew
        // @end region=resume
        assertThrows(
                UnsupportedOperationException.class,
                () -> trainer.fit(new Failing(), data, Resume.never()));
        var resumed =
                // @start region=resume
                trainer.fit(
                        new Line(), data, Resume.from(folder.resolve("failed.ckpt"))); // this one
        // @end region=resume
        assertEquals(undisturbed, resumed);
    }

    @Test
    void aRunThatWasInterruptedGoesOn() {
        var undisturbed = Trainer.of(config -> config.maxEpochs(3)).fit(new Line(), data);
        var trainer = Trainer.of(config -> config.maxEpochs(3).folder(folder));
        var module =
                new Line() {
                    @Override
                    public void onTrainBatchStart(RunView run, Batch batch, int batchIndex) {
                        if (run.epoch() == 1 && batchIndex == 5) {
                            run.interrupt("time for lunch");
                        }
                    }
                };

        // @start region=interrupt
        var result = trainer.fit(module, data);
        if (trainer.status() == Status.INTERRUPTED) {
            String why = result.stopReason().orElseThrow(); // also says where it was saved
            // @end region=interrupt
            assertTrue(why.startsWith("interrupted: time for lunch; go on with "), why);
            // @start region=interrupt
            result = trainer.fit(new Line(), data, Resume.last());
        }
        // @end region=interrupt

        assertEquals(undisturbed, result);
    }

    @Test
    void theBestCheckpointIsFoundAgain() {
        var module = new Line();
        // @start region=best
        var best = ModelCheckpoint.best(folder.resolve("best"), "val_loss", MIN);
        var several =
                ModelCheckpoint.of(
                        folder.resolve("several"),
                        config ->
                                config.monitor("loss", MIN)
                                        .keep(3)
                                        .saveLast()
                                        .fileName("{epoch}-{loss:.2f}"));
        var trainer = Trainer.of(config -> config.maxEpochs(5).callbacks(best, several));
        trainer.fit(module, data);
        var measured = trainer.validate(module, data, Resume.best());
        // @end region=best

        assertEquals(best.best(), trainer.resumedFrom());
        assertTrue(measured.metrics().getOrDefault("val_loss", 1.0) < 0.1, measured::toString);
    }
}
