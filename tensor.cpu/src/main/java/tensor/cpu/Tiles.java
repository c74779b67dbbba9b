package tensor.cpu;

import jdk.incubator.vector.VectorShape;

/// The inner part of the matrix product for one element type, with the scratch arrays of one thread.
///
/// A block of the left matrix is packed into an array; its product with a panel of the right one, [#ROWS] rows by two
/// vectors of columns, is made in registers and put into a small array, the tile, from where it goes to the result.
/// (Measured: the left one in an array and the right one in a segment is the fastest pair, and stores to segments would
/// make the kernel too large for the first compiler, so that it might stay slow for ever.)
///
/// Lanes run along the columns, so each element of the result is computed by itself, with `k` in order.
/// **Threads.** One at a time.
interface Tiles {
    /// Rows of a tile: as many as leave registers for two vectors of the right matrix and one of the left, beside two
    /// accumulators a row. Vectors of 512 bits come with 32 registers; else there may be 16.
    int ROWS = VectorShape.preferredShape().vectorBitSize() == 512 ? 12 : 6;

    /// The greatest number of rows of a block, a multiple of [#ROWS].
    int BLOCK_ROWS = 72;

    /// The inner size of all slabs of a block but the last: a tile's rows, this deep, stay in the first-level cache.
    int SLAB_DEPTH = 256;

    /// How many slabs lie behind one another at most. So many of the left matrix stay in the second-level cache, beside one of
    /// the right one and a block of the result.
    int SLABS = 4;

    /// Packs `rows × depth` elements of the left matrix, from (`row`, `k`) on, in slabs.
    void pack(Matrix left, int row, int k, int rows, int depth);

    /// Finds the places of the result's rows that the block has a share in.
    ///
    /// @param row the first of them
    void aim(Matrix out, int row, int rows);

    /// Computes the tile that begins at `row` of the block: its product with a panel, of which two vectors of each row are
    /// read, or one if that holds all columns.
    ///
    /// @param slab of the block, from 0
    /// @param panel which of the right matrix's slab, from 0
    /// @param columns how many of it count
    void multiply(int row, int slab, Panels.Slab right, int panel, int columns);

    /// Writes the tile that was computed last to the result, or adds it there.
    ///
    /// @param row of the block, where the tile begins
    /// @param column that of the result at which the tile begins
    void store(int row, Matrix out, int column, boolean add);
}
