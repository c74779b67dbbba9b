package loops.core;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import loops.core.checkpoint.Checkpoint;
import loops.core.checkpoint.CheckpointFolder;

/// Finds the checkpoint that a run goes on from.
///
/// @param savers the callbacks of the run that keep checkpoints
/// @param leftBehind where failed and interrupted runs leave their state
record ResumePlace(Savers savers, LeftBehind leftBehind) {
    private static final System.Logger LOG = System.getLogger(Trainer.class.getName());

    /// {@return the folder of the checkpoint; none to start anew}
    Optional<Path> of(Resume resume) {
        return switch (resume) {
            case Resume.Never() -> Optional.empty();
            case Resume.From(Path checkpoint) -> Optional.of(existing(checkpoint));
            case Resume.Latest(Path directory) -> latest(directory);
            case Resume.Best() -> Optional.of(savers.best());
            case Resume.Last() -> last();
            case Resume.Without(Resume place, _) -> of(place);
        };
    }

    private static Path existing(Path checkpoint) {
        if (!Files.exists(checkpoint)) {
            throw new IllegalArgumentException(
                    "Resume.from: there is no '%s'; name the folder of a checkpoint"
                            .formatted(checkpoint));
        }
        return checkpoint;
    }

    private static Optional<Path> latest(Path directory) {
        try {
            return new CheckpointFolder(directory).latest();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<Path> last() {
        var found = new ArrayList<>(savers.newest());
        leftBehind.places().stream().filter(Checkpoint::isAt).forEach(found::add);
        var last = Checkpoint.newest(found);
        last.ifPresentOrElse(
                this::warnOfNewer,
                () ->
                        LOG.log(
                                Level.WARNING,
                                "Resume.last: nothing was left to go on from, so the run starts anew; let a ModelCheckpoint saveLast()"));
        return last;
    }

    /// What an interrupted run has left may be of one that was given up since.
    private void warnOfNewer(Path last) {
        var all = new ArrayList<>(savers.written());
        all.add(last);
        Checkpoint.newest(all)
                .filter(newest -> !newest.equals(last))
                .ifPresent(newest ->
                        LOG.log(
                                Level.WARNING,
                                "Resume.last: goes on from {0}, and {1} is newer; use Resume.from(..) for that one, or delete the first",
                                last,
                                newest));
    }
}
