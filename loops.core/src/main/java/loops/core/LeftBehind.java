package loops.core;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Where fits that do not come to their end leave their state.
///
/// @param failed where one that has failed does, if it is to
/// @param interrupted where one that is interrupted does, if there is a place
/// @param hint says how to go on with one that was interrupted
record LeftBehind(Optional<Path> failed, Optional<Path> interrupted, String hint) {
    private static final String INTERRUPTED = "interrupted.ckpt";

    /// {@return the places of a trainer} Without a folder of its own, an interrupted fit is saved beside the checkpoints of
    /// the first callback that saves. A trial leaves nothing behind.
    ///
    /// @param config the trainer's choices
    /// @param savers its callbacks that save
    static LeftBehind of(TrainerConfig config, Savers savers) {
        if (config.trial()) {
            return of(config, Optional.empty(), Optional.empty());
        }
        return of(
                config,
                config.autoSave(),
                config.autoSave()
                        .or(() ->
                                config.folder()
                                        .or(savers::folder)
                                        .map(folder -> folder.resolve(INTERRUPTED))));
    }

    private static LeftBehind of(
            TrainerConfig config, Optional<Path> failed, Optional<Path> interrupted) {
        return new LeftBehind(failed, interrupted, config.interruptionHint().apply(interrupted));
    }

    List<Path> places() {
        return Stream.of(failed, interrupted).flatMap(Optional::stream).distinct().toList();
    }

    /// A fit has come to its end, and with it those that it went on with.
    ///
    /// @param resumedFrom the checkpoint that it went on from
    void delete(Optional<Path> resumedFrom) {
        failed.ifPresent(SafePointSaver::delete);
        resumedFrom
                .filter(from -> interrupted.filter(place -> same(place, from)).isPresent())
                .ifPresent(SafePointSaver::delete);
    }

    private static boolean same(Path one, Path other) {
        return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
    }
}
