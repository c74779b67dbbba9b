package loops.core.callback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import loops.api.LoopState.Fields;
import loops.core.Slope;
import loops.core.Trainer;
import loops.core.checkpoint.Checkpoint;
import loops.core.checkpoint.CheckpointFolder;
import loops.core.training.DataModule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCheckpointTest {
    @TempDir private Path folder;

    @Test
    void afterEachEpochIsBeforeTheNext() throws IOException {
        fit(ModelCheckpoint.everyEpoch(folder).keep(9));

        assertEquals(List.of("fit_loop", "fit_loop", "fit_loop"), paths());
        assertEquals(List.of(2L, 4L, 6L), steps());
    }

    @Test
    void afterSoManyStepsIsBeforeTheNextBatch() throws IOException {
        fit(ModelCheckpoint.everySteps(folder, 4).keep(9));

        assertEquals(List.of("fit_loop.epoch_loop"), paths());
        assertEquals(List.of(4L), steps());
    }

    @Test
    void batchesThatMakeNoStepAreNotSaved() throws IOException {
        Trainer.of(config ->
                        config.maxEpochs(3)
                                .accumulate(2)
                                .callbacks(ModelCheckpoint.everySteps(folder, 1).keep(9)))
                .fit(new Slope(), DataModule.of(Slope.points(4, 2)));

        assertEquals(List.of(1L, 2L, 3L), steps());
    }

    @Test
    void onlyTheNewestAreKept() throws IOException {
        fit(ModelCheckpoint.everySteps(folder, 1));
        assertEquals(List.of(5L, 6L), steps());
        fit(ModelCheckpoint.everyEpoch(folder).keep(1));
        assertEquals(List.of(6L), steps());
    }

    @Test
    void badNumbersAreRefused() {
        assertRefused(
                "ModelCheckpoint: steps is 0; use a number from 1",
                () -> ModelCheckpoint.everySteps(folder, 0));
        assertRefused(
                "ModelCheckpoint: keep is 0; use a number from 1",
                () -> ModelCheckpoint.everyEpoch(folder).keep(0));
    }

    private static void assertRefused(String message, Runnable call) {
        var refused = assertThrows(IllegalArgumentException.class, call::run);
        assertEquals(message, refused.getMessage());
    }

    /// Three epochs of two steps.
    private static void fit(ModelCheckpoint callback) {
        Trainer.of(config -> config.maxEpochs(3).callbacks(callback))
                .fit(new Slope(), DataModule.of(Slope.points(4, 2)));
    }

    private List<String> paths() throws IOException {
        return checkpoints().stream().map(Checkpoint::path).toList();
    }

    private List<Long> steps() throws IOException {
        return checkpoints().stream()
                .map(checkpoint ->
                        checkpoint.state().fields("scope").items("optimizers").getFirst())
                .map(optimizer -> ((Fields) optimizer).num("steps"))
                .toList();
    }

    private List<Checkpoint> checkpoints() throws IOException {
        var all = new ArrayList<Checkpoint>();
        for (Path path : new CheckpointFolder(folder).all()) {
            all.add(Checkpoint.read(path));
        }
        return all;
    }
}
