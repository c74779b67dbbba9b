package loops.api;

/// Where a run of a loop stands. Only [Loop#run] moves it; authors fill in what happens in each.
enum Phase {
    /// Not running.
    IDLE("idle"),
    /// In `onRunStart`.
    RUN_START("onRunStart"),
    /// Between two steps: the safe point, then `done`.
    NEXT("done"),
    /// In `onAdvanceStart`.
    ADVANCE_START("onAdvanceStart"),
    /// In `advance`.
    ADVANCE("advance"),
    /// In `onAdvanceEnd`.
    ADVANCE_END("onAdvanceEnd"),
    /// In `onRunEnd`.
    RUN_END("onRunEnd"),
    /// The root has ended and gives its output to whoever runs it.
    ENDED("ended");

    /// The method an author knows this phase by.
    final String method;

    Phase(String method) {
        this.method = method;
    }

    /// {@return the phase that is saved as `method`}
    static Phase of(String method) {
        for (Phase phase : values()) {
            if (phase.method.equals(method) && phase != IDLE) {
                return phase;
            }
        }
        throw new IllegalArgumentException(
                "loadStateDict: no phase '" + method + "' in a run frame");
    }

    /// {@return whether children may be run and effects be logged in this phase}
    boolean opensCalls() {
        return switch (this) {
            case RUN_START, ADVANCE_START, ADVANCE, ADVANCE_END, RUN_END -> true;
            case IDLE, NEXT, ENDED -> false;
        };
    }
}
