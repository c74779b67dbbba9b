package loops.api;

import java.util.Arrays;
import java.util.Optional;

/// Says in which loop something was thrown. It hangs on the thrown object as a suppressed one, so that what user code
/// throws arrives unchanged and its stack trace still names the place.
public final class LoopTrace extends Exception {
    private static final long serialVersionUID = 1L;

    private final String path;
    private final String method;

    private LoopTrace(String path, String method) {
        super("in loop '" + path + "', " + method, null, false, false);
        this.path = path;
        this.method = method;
    }

    /// Marks a thrown object with the innermost loop that it passes.
    static void mark(Throwable thrown, String path, String method) {
        if (of(thrown).isEmpty()) {
            thrown.addSuppressed(new LoopTrace(path, method));
        }
    }

    /// {@return the place where something was thrown, if it came out of a loop}
    ///
    /// @param thrown what a run threw
    public static Optional<LoopTrace> of(Throwable thrown) {
        return Arrays.stream(thrown.getSuppressed())
                .filter(LoopTrace.class::isInstance)
                .map(LoopTrace.class::cast)
                .findFirst();
    }

    /// {@return the dotted path of the loop}
    public String path() {
        return path;
    }

    /// {@return the method of the loop that was open: `"advance"`; `"hook 'episode_end' in advance"` for what a
    /// listener threw}
    public String method() {
        return method;
    }
}
