package tensor.cpu;

/// The inner part of the matrix product where vectors have one lane: numbers times rows of the right matrix, added to rows of the
/// result. All are arrays, for loops over arrays are what the compiler makes vectors of by itself. (It does not take apart vectors
/// that go from one round of a loop to the next, as the sums of [Tiles] do.)
///
/// Each element of the result is computed by itself, with `k` in order, as in [Tiles].
/// **Threads.** One at a time.
interface Rows {
    /// How many `k` a block of the right matrix has at most.
    int DEPTH = Tiles.SLAB_DEPTH;

    /// How many bytes of columns: so the block stays in the second-level cache, and loops are long.
    int ROW_BYTES = 2048;

    /// Takes `depth × columns` elements of the right matrix, from (`k`, `column`) on.
    void load(Matrix right, int k, int column, int depth, int columns);

    /// Computes what the block contributes to some rows of the result, and writes it there or adds it.
    ///
    /// @param row the first of them
    /// @param rows how many
    void multiply(Matrix left, Matrix out, int row, int rows, boolean add);
}
