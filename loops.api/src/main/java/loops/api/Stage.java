package loops.api;

/// The four stages of an item of work, in their order.
public enum Stage {
    /// The item was obtained.
    READY,
    /// Its start hooks have run.
    STARTED,
    /// Its work has been done.
    PROCESSED,
    /// Its end hooks have run.
    COMPLETED;

    /// {@return the name in a state dict: `"ready"`}
    String key() {
        return switch (this) {
            case READY -> "ready";
            case STARTED -> "started";
            case PROCESSED -> "processed";
            case COMPLETED -> "completed";
        };
    }
}
