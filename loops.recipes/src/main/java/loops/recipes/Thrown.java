package loops.recipes;

/// Passes on what was thrown elsewhere: the same object, whatever its type.
final class Thrown {
    private Thrown() {}

    /// Throws it again.
    ///
    /// @param thrown what was thrown
    static RuntimeException again(Throwable thrown) {
        throw Thrown.<RuntimeException>unchecked(thrown);
    }

    @SuppressWarnings("unchecked") // the cast is to nothing, once compiled
    private static <E extends Throwable> RuntimeException unchecked(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
