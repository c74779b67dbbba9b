package loops.core;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import loops.core.callback.ModelCheckpoint;
import loops.core.checkpoint.CheckpointFolder;
import loops.core.training.Callback;

/// The callbacks of a run that keep checkpoints.
///
/// @param all in their order
record Savers(List<ModelCheckpoint> all) {
    private static final System.Logger LOG = System.getLogger(Trainer.class.getName());

    static Savers of(List<Callback> callbacks) {
        return new Savers(
                callbacks.stream()
                        .filter(ModelCheckpoint.class::isInstance)
                        .map(ModelCheckpoint.class::cast)
                        .toList());
    }

    /// {@return the folder of the first, if there is one}
    Optional<Path> folder() {
        return all.stream().findFirst().map(ModelCheckpoint::folder);
    }

    /// {@return the best checkpoint of the first}
    ///
    /// @throws IllegalStateException if there is none
    Path best() {
        if (all.isEmpty()) {
            throw new IllegalStateException(
                    "Resume.best: the trainer has no ModelCheckpoint; give it one, or name a checkpoint by Resume.from(..)");
        }
        var first = all.getFirst();
        if (all.size() > 1) {
            LOG.log(
                    Level.WARNING,
                    "Resume.best: there are {0} ModelCheckpoints; the best of the first, in {1}, is taken",
                    all.size(),
                    first.folder());
        }
        return first.best()
                .orElseThrow(() ->
                        new IllegalStateException(
                                "Resume.best: the ModelCheckpoint of '%s' has saved no best checkpoint; fit first, and keep at least one"
                                        .formatted(first.folder())));
    }

    /// {@return the checkpoints in their folders that they, or those of an earlier process, may have written}
    List<Path> written() {
        return inFolders(ModelCheckpoint::names);
    }

    /// {@return those of them that are kept because they were the newest}
    List<Path> newest() {
        return inFolders(ModelCheckpoint::namesNewest);
    }

    private List<Path> inFolders(BiPredicate<ModelCheckpoint, Path> which) {
        return all.stream()
                .flatMap(saver ->
                        in(saver.folder()).stream().filter(found -> which.test(saver, found)))
                .toList();
    }

    private static List<Path> in(Path folder) {
        try {
            return new CheckpointFolder(folder).all();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Checks that they do not disturb each other.
    ///
    /// @throws IllegalArgumentException if two do
    void requireApart() {
        for (int i = 0; i < all.size(); i++) {
            for (ModelCheckpoint other : all.subList(i + 1, all.size())) {
                requireApart(all.get(i), other);
            }
        }
    }

    /// Two that gave the same names would write over each other's checkpoints, and of two states under one key each
    /// would get that of the other.
    private static void requireApart(ModelCheckpoint one, ModelCheckpoint other) {
        if (one.sharesNamesWith(other)) {
            throw new IllegalArgumentException(
                    "Trainer: two ModelCheckpoints give the same names in '%s'; give one of them another folder, or a fileName(..) of its own"
                            .formatted(one.folder()));
        }
        if (one.stateKey().equals(other.stateKey())) {
            throw new IllegalArgumentException(
                    "Trainer: the ModelCheckpoints of '%s' and '%s' look at the same metric and save at the same moments, so a checkpoint could not tell their states apart; give one of them a name by named(..)"
                            .formatted(one.folder(), other.folder()));
        }
    }
}
