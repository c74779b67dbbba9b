package loops.api;

/// The four stages of an item of work, in their order.
public enum Stage {
    /// The item was obtained.
    READY("ready", 0),
    /// Its start hooks have run.
    STARTED("started", 1),
    /// Its work has been done.
    PROCESSED("processed", 2),
    /// Its end hooks have run.
    COMPLETED("completed", 3);

    private final String key;

    /// The place in an array of counts.
    final int place;

    Stage(String key, int place) {
        this.key = key;
        this.place = place;
    }

    /// {@return the name in a state dict: `"ready"`}
    public String key() {
        return key;
    }
}
