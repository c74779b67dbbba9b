package loops.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import loops.core.callback.Mode;
import loops.core.callback.ModelCheckpoint;
import loops.core.training.Callback;
import loops.core.training.RunView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tensor.data.Batch;

/// Where a trainer last was, when several runs have left something.
class ResumeLastTest {
    @TempDir private Path folder;

    private static final class Interrupting implements Callback {
        @Override
        public void onTrainBatchStart(RunView run, Batch batch, int index) {
            run.interrupt("the lights went out");
        }
    }

    @Test
    void theCheckpointThatATrainerWithAFolderKeepsIsFound() {
        inFolder(1).fit(new Slope(), Slope.data(Slope.points(2, 1)));
        var other = inFolder(2);

        var result = other.fit(new Slope(), Slope.data(Slope.points(2, 1)), Resume.last());

        assertEquals(
                Optional.of(folder.resolve("checkpoints").resolve("epoch=0-step=2.ckpt")),
                other.resumedFrom());
        assertEquals(4, result.globalStep());
    }

    @Test
    void aNewerCheckpointGoesBeforeWhatAnInterruptedRunHasLeft() {
        inFolder(1, new Interrupting()).fit(new Slope(), Slope.data(Slope.points(2, 1)));
        inFolder(1).fit(new Slope(), Slope.data(Slope.points(2, 1)));
        var other = inFolder(2);

        other.fit(new Slope(), Slope.data(Slope.points(2, 1)), Resume.last());

        assertEquals(
                Optional.of(folder.resolve("checkpoints").resolve("epoch=0-step=2.ckpt")),
                other.resumedFrom());
    }

    @Test
    void whatAnInterruptedRunHasLeftIsGoneOnWithAndANewerBestIsNamed() {
        var best = folder.resolve("epoch=0-step=2.ckpt");
        var left = folder.resolve("interrupted.ckpt");
        keepingTheBest(1, new Interrupting()).fit(new Slope(), Slope.data(Slope.points(2, 1)));
        keepingTheBest(1).fit(new Slope(), Slope.data(Slope.points(2, 1)));
        var other = keepingTheBest(1);

        try (var warnings = new WarningsHeard()) {
            other.validate(new Slope(), Slope.data(Slope.points(2, 1)), Resume.last());

            assertEquals(
                    List.of(
                            "Resume.last: goes on from %s, and %s is newer; use Resume.from(..) for that one, or delete the first"
                                    .formatted(left, best)),
                    warnings.lines());
        }
        assertEquals(Optional.of(left), other.resumedFrom());
    }

    private Trainer inFolder(int epochs, Callback... callbacks) {
        return Trainer.of(config -> config.maxEpochs(epochs).folder(folder).callbacks(callbacks));
    }

    private Trainer keepingTheBest(int epochs, Callback... callbacks) {
        var all = new ArrayList<>(List.of(callbacks));
        all.add(ModelCheckpoint.best(folder, "epoch", Mode.MIN));
        return Trainer.of(
                config -> config.maxEpochs(epochs).callbacks(all.toArray(Callback[]::new)));
    }
}
