package loops.core;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import loops.core.callback.ModelCheckpoint;
import loops.core.checkpoint.Checkpoint;
import loops.core.checkpoint.CheckpointFolder;
import loops.core.training.Callback;

/// Finds the checkpoint that a run goes on from.
final class ResumePlace {
    private static final System.Logger LOG = System.getLogger(Trainer.class.getName());

    private final List<ModelCheckpoint> savers;
    private final List<Path> leftBehind;

    /// @param callbacks the callbacks of the run
    /// @param leftBehind where failed and interrupted runs leave their state
    ResumePlace(List<Callback> callbacks, List<Path> leftBehind) {
        this.savers =
                callbacks.stream()
                        .filter(ModelCheckpoint.class::isInstance)
                        .map(ModelCheckpoint.class::cast)
                        .toList();
        this.leftBehind = leftBehind;
    }

    /// {@return the folder of the checkpoint; none to start anew}
    Optional<Path> of(Resume resume) {
        return switch (resume) {
            case Resume.Never() -> Optional.empty();
            case Resume.From(Path checkpoint) -> Optional.of(existing(checkpoint));
            case Resume.Latest(Path directory) -> latest(directory);
            case Resume.Best() -> Optional.of(best());
            case Resume.Last() -> last();
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

    private Path best() {
        if (savers.isEmpty()) {
            throw new IllegalStateException(
                    "Resume.best: the trainer has no ModelCheckpoint; give it one, or name a checkpoint by Resume.from(..)");
        }
        if (savers.size() > 1) {
            LOG.log(
                    Level.WARNING,
                    "Resume.best: there are {0} ModelCheckpoints; the best of the first, in {1}, is taken",
                    savers.size(),
                    savers.getFirst().folder());
        }
        return savers.getFirst()
                .best()
                .orElseThrow(() ->
                        new IllegalStateException(
                                "Resume.best: the ModelCheckpoint of '%s' has saved no best checkpoint; fit first, and keep at least one"
                                        .formatted(savers.getFirst().folder())));
    }

    /// In a folder, the newest of those that have the name; of several folders, the newest of these.
    private Optional<Path> last() {
        var found = new ArrayList<Path>();
        for (ModelCheckpoint saver : savers) {
            inOrder(saver.folder()).stream().filter(saver::isLast).forEach(found::add);
        }
        leftBehind.stream().filter(Checkpoint::isAt).forEach(found::add);
        if (found.isEmpty()) {
            LOG.log(
                    Level.WARNING,
                    "Resume.last: nothing was left to go on from, so the run starts anew; let a ModelCheckpoint saveLast()");
        }
        return Checkpoint.newest(found);
    }

    private static List<Path> inOrder(Path folder) {
        try {
            return new CheckpointFolder(folder).all();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
