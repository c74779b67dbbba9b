package bench;

/// How long a side runs until its memory is steady, and how many runs are measured then.
///
/// A short step needs many runs until the JIT has compiled all of it, a long one as much time.
///
/// @param warmUpRuns at least so many
/// @param warmUpSeconds and at least so long
/// @param measured so many after that
record MemorySpan(int warmUpRuns, int warmUpSeconds, int measured) {
    /// What is long enough for the five models.
    static final MemorySpan LONG = new MemorySpan(300, 20, 101);

    /// For a test of the bench itself.
    static final MemorySpan TINY = new MemorySpan(1, 0, 3);

    /// {@return the same behind so many runs, at least}
    MemorySpan behind(int runs) {
        return new MemorySpan(runs, warmUpSeconds, measured);
    }

    /// Runs a side until it is warm.
    void warmUp(Side side) {
        long start = System.nanoTime();
        for (int run = 0;
                run < warmUpRuns || System.nanoTime() - start < warmUpSeconds * 1_000_000_000L;
                run++) {
            side.run();
        }
    }
}
