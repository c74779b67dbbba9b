package loops.core;

/// How a trainer's latest run stands.
public enum Status {
    /// There was none yet.
    READY,
    /// It is going on.
    RUNNING,
    /// It came to its end.
    FINISHED,
    /// It was left before its end, by an interruption or by something thrown.
    INTERRUPTED
}
