package tensor.gpu;

import tensor.layout.DType;

/// What a group of threads makes of a product of matrices; the bits are those of any other.
enum ProductTile {
    SMALL(64, 4, 16),
    /// Reads less, where there are enough of them for all processors of a device.
    LARGE(128, 8, 8);

    private static final int MANY = 128;

    /// Rows and columns.
    private final int size;

    private final int side;
    private final int depth;

    ProductTile(int size, int side, int depth) {
        this.size = size;
        this.side = side;
        this.depth = depth;
    }

    /// {@return the one for the products of a batch}
    static ProductTile of(DType dtype, long rows, long columns, long count) {
        boolean isLarge =
                dtype == DType.FLOAT32 // others would not fit into registers
                        && rows >= LARGE.size
                        && columns >= LARGE.size;
        return isLarge && LARGE.count(rows, columns) * count >= MANY ? LARGE : SMALL;
    }

    /// {@return how many make a product}
    long count(long rows, long columns) {
        return Math.ceilDiv(rows, size) * Math.ceilDiv(columns, size);
    }

    /// {@return rows and columns of a group}
    int size() {
        return size;
    }

    /// {@return rows and columns of a thread, where each multiplies for itself}
    int side() {
        return side;
    }

    /// {@return terms that are in local memory at once, where each thread multiplies for itself}
    int depth() {
        return depth;
    }
}
