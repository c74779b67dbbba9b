package loops.core.training;

import java.nio.file.Path;
import java.util.Optional;

/// Leaves the tree of loops at a safe point, because the run was asked to be interrupted. The trainer throws it and
/// catches it again: `onException` is told of it, and the fit returns.
public final class Interruption extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// An interruption.
    ///
    /// @param reason why, for people
    /// @param saved the checkpoint to go on from, if the run could be saved
    public Interruption(String reason, Optional<Path> saved) {
        super(message(reason, saved), null, true, false);
    }

    private static String message(String reason, Optional<Path> saved) {
        return saved.map(place ->
                        "interrupted: %s; go on with Resume.from(\"%s\")".formatted(reason, place))
                .orElseGet(() ->
                        "interrupted: %s; the run was not saved, give the trainer a folder(..)"
                                .formatted(reason));
    }
}
