package loops.api;

/// How many items of work reached each stage of being done.
///
/// Each is at most the one before it, except while an interrupted item is tried again.
///
/// @param ready items that were obtained
/// @param started items whose start hooks have run
/// @param processed items whose work has been done
/// @param completed items whose end hooks have run
public record Counts(long ready, long started, long processed, long completed) {
    /// Nothing yet.
    public static final Counts ZERO = new Counts(0, 0, 0, 0);

    /// {@return every count at `completed`: where to begin again if what was not completed is to be repeated}
    public Counts restarted() {
        return new Counts(completed, completed, completed, completed);
    }
}
