package loops.core.training;

import java.util.Locale;

/// Leaves the tree of loops at a safe point, because the run was asked to be interrupted. `onException` is told of it.
///
/// Of a fit the trainer catches it again, and the fit returns. A validation, a test or a prediction has no result then:
/// it leaves the trainer.
public final class Interruption extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// An interruption.
    ///
    /// @param reason why, for people
    /// @param hint how to go on, for people
    public Interruption(String reason, String hint) {
        super("interrupted: %s; %s".formatted(reason, hint), null, true, false);
    }

    /// An interruption of something else than a fit, which is not gone on with.
    ///
    /// @param reason why, for people
    /// @param activity what is interrupted
    public Interruption(String reason, Activity activity) {
        this(reason, "run the %s again".formatted(activity.name().toLowerCase(Locale.ROOT)));
    }
}
