package loops.core.callback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.function.Consumer;
import loops.api.LoopState.Fields;
import loops.core.Resume;
import loops.core.Slope;
import loops.core.Trainer;
import loops.core.checkpoint.Checkpoint;
import loops.core.logger.Logger;
import loops.core.training.Callback;
import loops.core.training.RunView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A fit that fails after a checkpoint was asked for, and before it was written.
class UnmetSaveTest {
    @TempDir private Path folder;

    /// Logs a score that falls, and fails after the checkpoint of an epoch was asked for.
    private record FailingIn(int epoch) implements Callback {
        @Override
        public void onTrainEpochEnd(RunView run) {
            run.log("score", 10 - run.epoch());
        }

        @Override
        public boolean comesLast() {
            return true;
        }

        @Override
        public void onTrainEpochMeasured(RunView run) {
            if (run.epoch() == epoch) {
                throw new IllegalStateException("in the middle");
            }
        }
    }

    @Test
    void theBestIsTheOneBeforeAndGivesWayToTheNextOne() {
        var saver = saver(config -> {});
        assertThrows(IllegalStateException.class, () -> fit(saver, 1, Resume.never()));

        var written = folder.resolve("epoch=0.ckpt");
        assertEquals(Optional.of(written), saver.best());
        assertEquals(OptionalDouble.of(10), saver.bestScore());
        assertEquals(OptionalDouble.of(10), saver.currentScore());
        assertEquals(1, saver.lastSteps());
        assertTrue(Checkpoint.isAt(written));

        fit(saver, 5, Resume.best());
        assertEquals(Optional.of(folder.resolve("epoch=2.ckpt")), saver.best());
        assertTrue(Checkpoint.isAt(folder.resolve("epoch=2.ckpt")));
    }

    @Test
    void beforeTheFirstOneThereIsNone() {
        var saver = saver(ModelCheckpointConfig::saveLast);

        assertThrows(IllegalStateException.class, () -> fit(saver, 0, Resume.never()));

        assertEquals(Optional.empty(), saver.best());
        assertEquals(Optional.empty(), saver.last());
        assertEquals(0, saver.lastSteps());
    }

    @Test
    void whereWritingFailsTheOnesBeforeAreNamed() {
        var saver = saver(ModelCheckpointConfig::saveLast);
        var second = folder.resolve("epoch=1.ckpt");
        var logger =
                new Logger() {
                    @Override
                    public String name() {
                        return "full";
                    }

                    @Override
                    public void log(SequencedMap<String, Double> metrics, long step) {}

                    @Override
                    public Fields stateDict() {
                        return Fields.empty();
                    }

                    @Override
                    public void loadStateDict(Fields state) {}

                    @Override
                    public void checkpointSaved(Path checkpoint) {
                        if (checkpoint.equals(second)) {
                            throw new IllegalStateException("the disk is full");
                        }
                    }
                };
        var trainer =
                Trainer.of(config ->
                        config.maxEpochs(3).loggers(logger).callbacks(saver, new FailingIn(9)));

        assertThrows(
                IllegalStateException.class,
                () -> trainer.fit(new Slope(), Slope.data(Slope.points(1, 1))));

        assertEquals(Optional.of(folder.resolve("epoch=0.ckpt")), saver.best());
        assertTrue(Checkpoint.isAt(saver.best().orElseThrow()));
        assertTrue(Checkpoint.isAt(saver.last().orElseThrow()));
    }

    private ModelCheckpoint saver(Consumer<ModelCheckpointConfig> choices) {
        return ModelCheckpoint.of(
                folder,
                config -> {
                    config.monitor("score", Mode.MIN).fileName("{epoch}");
                    choices.accept(config);
                });
    }

    private static void fit(ModelCheckpoint saver, int failing, Resume resume) {
        Trainer.of(config -> config.maxEpochs(3).callbacks(saver, new FailingIn(failing)))
                .fit(new Slope(), Slope.data(Slope.points(1, 1)), resume);
    }

    @Test
    void whatALaterEpochHasDisplacedIsNotNamedAfterGoingBackToAnEarlierOne() {
        var all =
                ModelCheckpoint.of(
                        folder.resolve("all"), config -> config.keep(-1).fileName("{epoch}"));
        var best = saver(config -> {});
        Trainer.of(config -> config.maxEpochs(3).callbacks(new FailingIn(9), best, all))
                .fit(new Slope(), Slope.data(Slope.points(1, 1)));
        assertEquals(Optional.of(folder.resolve("epoch=2.ckpt")), best.best());
        var again = saver(config -> {});
        var same =
                ModelCheckpoint.of(
                        folder.resolve("all"), config -> config.keep(-1).fileName("{epoch}"));

        Trainer.of(config -> config.maxEpochs(2).callbacks(new FailingIn(9), again, same))
                .fit(
                        new Slope(),
                        Slope.data(Slope.points(1, 1)),
                        Resume.from(folder.resolve("all").resolve("epoch=1.ckpt")));

        assertEquals(Optional.empty(), again.best());
        assertEquals(OptionalDouble.empty(), again.bestScore());
        assertTrue(again.scores().isEmpty());
    }
}
