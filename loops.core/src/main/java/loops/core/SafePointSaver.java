package loops.core;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import loops.api.Loop;
import loops.api.LoopState.Fields;
import loops.api.SafePoint;
import loops.api.SafePoints;
import loops.core.checkpoint.Checkpoint;
import loops.core.checkpoint.CheckpointFolder;
import loops.core.training.FitRun;
import loops.core.training.Interruption;
import loops.core.training.SaveRequest.Save;
import org.jspecify.annotations.Nullable;
import tensor.api.Device;

/// What a fit does at its safe points: meets the wishes for checkpoints, and leaves the run if it is to be interrupted.
///
/// With an auto-save it also keeps the state of the latest safe point, and writes it when the run fails: what happened
/// since then is tried again by the resumed run.
final class SafePointSaver implements SafePoints {
    private static final System.Logger LOG = System.getLogger(Trainer.class.getName());

    private final FitRun run;
    private final LeftBehind leftBehind;
    private @Nullable Checkpoint latest;
    private boolean reached;
    private Optional<Fields> ended = Optional.empty();

    /// @param run what is saved
    /// @param leftBehind where it leaves its state if it does not come to its end
    SafePointSaver(FitRun run, LeftBehind leftBehind) {
        this.run = run;
        this.leftBehind = leftBehind;
    }

    @Override
    public void reached(SafePoint point) {
        reached = true;
        ended = point.ended() ? Optional.of(point.state()) : Optional.empty();
        var wanted = run.saves().wanted();
        var interruption = point.ended() ? Optional.<String>empty() : run.saves().interruption();
        boolean left = interruption.isPresent() && leftBehind.interrupted().isPresent();
        if (left || !wanted.isEmpty() || leftBehind.failed().isPresent()) {
            var checkpoint = checkpoint(point.path(), point.state());
            latest = leftBehind.failed().isPresent() ? checkpoint : null;
            wanted.forEach(save -> meet(save, checkpoint));
            if (left) {
                write(checkpoint, leftBehind.interrupted().get());
            }
        }
        if (interruption.isPresent()) {
            throw new Interruption(interruption.get(), leftBehind.hint());
        }
    }

    /// The fit is over: meets the wishes that were uttered after its last safe point, as in `onFitEnd`, or in a fit that
    /// had none, because there was nothing to do.
    ///
    /// @param root the loop that was run
    void over(Loop<?, ?> root) {
        var wanted = run.saves().wanted();
        if (wanted.isEmpty()) {
            return;
        }
        var state = reached ? ended : Optional.of(root.stateDict());
        if (state.isEmpty()) {
            LOG.log(
                    Level.WARNING,
                    "{0} has no outputCodec(), so the fit cannot be saved after its end; {1} is not written",
                    root.getClass().getSimpleName(),
                    wanted);
            return;
        }
        var checkpoint = checkpoint(root.path(), state.get());
        wanted.forEach(save -> meet(save, checkpoint));
    }

    private Checkpoint checkpoint(String path, Fields loops) {
        var device = Optional.of(Device.current().name());
        return new Checkpoint(path, RunState.of(loops, run), device);
    }

    private void meet(Save save, Checkpoint checkpoint) {
        switch (save) {
            case Save.Next(Path folder) -> {
                try {
                    saved(new CheckpointFolder(folder).write(checkpoint));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            case Save.At(Path place, List<Path> obsolete) -> {
                write(checkpoint, place);
                obsolete.forEach(SafePointSaver::delete);
            }
        }
        run.saves().met(save);
    }

    private void write(Checkpoint checkpoint, Path place) {
        try {
            checkpoint.replace(place);
            saved(place);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void saved(Path checkpoint) {
        run.hooks().loggers().checkpointSaved(checkpoint);
    }

    static void delete(Path checkpoint) {
        try {
            Checkpoint.delete(checkpoint);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The run has failed: writes the state of its latest safe point, if it is kept. What goes wrong with that does not
    /// hide what was thrown.
    ///
    /// @param thrown what the run threw
    void failed(Throwable thrown) {
        var place = leftBehind.failed();
        var state = latest;
        if (place.isPresent() && state != null) {
            try {
                write(state, place.get());
                LOG.log(
                        Level.WARNING,
                        "the fit failed; the state before that is saved, go on with Resume.from(\"{0}\")",
                        place.get());
            } catch (RuntimeException e) {
                thrown.addSuppressed(e);
            }
        }
    }
}
