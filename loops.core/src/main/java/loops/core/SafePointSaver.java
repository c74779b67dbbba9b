package loops.core;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import loops.api.SafePoint;
import loops.api.SafePoints;
import loops.core.checkpoint.Checkpoint;
import loops.core.checkpoint.CheckpointFolder;
import loops.core.training.FitRun;
import loops.core.training.SaveRequest.Save;
import org.jspecify.annotations.Nullable;

/// What a fit does at its safe points: meets the wishes for checkpoints, and ends the run if it is to be interrupted.
///
/// With an auto-save it also keeps the state of the latest safe point, and writes it when the run fails: what happened
/// since then is tried again by the resumed run.
final class SafePointSaver implements SafePoints {
    private final FitRun run;
    private final Optional<Path> autoSave;
    private @Nullable Checkpoint latest;

    SafePointSaver(FitRun run, Optional<Path> autoSave) {
        this.run = run;
        this.autoSave = autoSave;
    }

    @Override
    public void reached(SafePoint point) {
        var wanted = run.saves().take();
        var interruption = run.saves().interruption();
        if (wanted.isEmpty() && autoSave.isEmpty()) {
            interruption.ifPresent(SafePointSaver::leave);
            return;
        }
        var checkpoint = new Checkpoint(point.path(), RunState.of(point.state(), run));
        if (autoSave.isPresent()) {
            latest = checkpoint;
        }
        wanted.forEach(save -> write(save, checkpoint));
        interruption.ifPresent(SafePointSaver::leave);
    }

    private static void leave(String reason) {
        throw new Interruption(reason);
    }

    private void write(Save save, Checkpoint checkpoint) {
        try {
            switch (save) {
                case Save.Next(Path folder) ->
                        saved(new CheckpointFolder(folder).write(checkpoint));
                case Save.At(Path place, List<Path> obsolete) -> {
                    checkpoint.replace(place);
                    saved(place);
                    for (Path old : obsolete) {
                        Checkpoint.delete(old);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void saved(Path checkpoint) {
        run.hooks().loggers().checkpointSaved(checkpoint);
    }

    /// Writes the state of the latest safe point, if there is one.
    ///
    /// @return where it was written
    Optional<Path> failed() {
        var state = latest;
        if (autoSave.isPresent() && state != null) {
            try {
                state.replace(autoSave.get());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return autoSave;
        }
        return Optional.empty();
    }

    /// Deletes what an earlier, failed run has left: this one has come to its end.
    void finished() {
        try {
            if (autoSave.isPresent()) {
                Checkpoint.delete(autoSave.get());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
