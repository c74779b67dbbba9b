package tensor.cpu;

import java.lang.foreign.MemorySegment;

/// The inner part of the matrix product for one element type, with the scratch arrays of one thread.
///
/// A block of `a` is packed into an array; its product with a panel of `b`, [#ROWS] rows by two vectors of columns,
/// is made in registers and put into a small array, the tile, from where it goes to the result. (Measured: `a` in an
/// array and `b` in a segment is the fastest pair, and stores to segments would make the kernel too large for the
/// first compiler, so that it might stay slow for ever.)
///
/// Lanes run along the columns, so each element of the result is computed by itself, with `k` in order.
/// **Threads.** One at a time.
interface Tiles {
    /// Rows of a tile: 8 × 2 accumulators, which leaves registers for two vectors of `b` and one of `a`.
    int ROWS = 8;

    /// The greatest number of rows of a block.
    int BLOCK_ROWS = 128;

    /// The greatest inner size of a block: a panel of `b` this deep stays in the first-level cache.
    int BLOCK_DEPTH = 256;

    /// Packs `rows × depth` elements of `a` whose rows are contiguous; offset and distance in bytes.
    void packRows(MemorySegment a, long offset, long rowBytes, int rows, int depth);

    /// Packs `rows × depth` elements of `a` whose columns are contiguous; offset and distance in bytes.
    void packColumns(MemorySegment a, long offset, long columnBytes, int rows, int depth);

    /// Computes the tile that begins at `row` of the block: its product with `depth` rows of `b`, each `rowBytes` from
    /// the one before, of which two vectors are read.
    void multiply(int row, MemorySegment b, long offset, long rowBytes);

    /// Writes the tile that begins at `row` of the block to `c`, or adds it there; offset and distance in bytes.
    void store(int row, MemorySegment c, long offset, long rowBytes, int columns, boolean add);
}
