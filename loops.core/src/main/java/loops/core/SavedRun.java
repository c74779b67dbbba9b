package loops.core;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Set;
import loops.api.LoopState.Fields;
import loops.core.checkpoint.Checkpoint;
import loops.core.training.FitRun;

/// A run that was saved, to be gone on with.
///
/// @param place the folder of the checkpoint
/// @param state the state of everything
/// @param leftOut the names of the callbacks' states that are dropped
record SavedRun(Path place, Fields state, Set<String> leftOut) {

    /// {@return what is in a checkpoint}
    static SavedRun read(Path place, Set<String> leftOut) {
        try {
            return new SavedRun(place, Checkpoint.read(place).state(), leftOut);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void restore(FitRun run, TrainerSlots slots) {
        RunState.restore(state, leftOut, run, slots);
        leftOut.forEach(run.scope().stop()::withdraw);
    }
}
