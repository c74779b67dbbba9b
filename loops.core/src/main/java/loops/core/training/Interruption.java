package loops.core.training;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/// Leaves the tree of loops at a safe point, because the run was asked to be interrupted. `onException` is told of it.
///
/// Of a fit the trainer catches it again, and the fit returns. A validation, a test or a prediction has no result then:
/// it leaves the trainer.
public final class Interruption extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// An interruption.
    ///
    /// @param reason why, for people
    /// @param saved the checkpoint to go on from, if the run could be saved
    public Interruption(String reason, Optional<Path> saved) {
        super(message(reason, saved), null, true, false);
    }

    /// An interruption of something else than a fit, which is not gone on with.
    ///
    /// @param reason why, for people
    /// @param activity what is interrupted
    public Interruption(String reason, Activity activity) {
        super(
                "interrupted: %s; run the %s again"
                        .formatted(reason, activity.name().toLowerCase(Locale.ROOT)),
                null,
                true,
                false);
    }

    private static String message(String reason, Optional<Path> saved) {
        return saved.map(place ->
                        "interrupted: %s; go on with Resume.from(\"%s\")".formatted(reason, place))
                .orElseGet(() ->
                        "interrupted: %s; the run was not saved, give the trainer a folder(..)"
                                .formatted(reason));
    }
}
