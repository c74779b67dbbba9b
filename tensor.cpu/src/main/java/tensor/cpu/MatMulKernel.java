package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tensor.layout.DType;
import tensor.spi.Operand;

/// `out[.., i, j] = Σ_k a[.., i, k] · b[.., k, j]` on float32 or float64.
///
/// An element is the sum over blocks of 256 `k`, in order, of chains of `fma` in order of `k` that start from 0, all in
/// the operands' type. Its bits depend on nothing else: how rows and columns are cut into blocks and tiles, whether
/// operands are packed, transposed or expanded, how many threads and lanes there are, changes nothing.
///
/// Blocks of `a` are always packed. `b` is packed in front if many rows share it or if its columns are contiguous rather
/// than its rows.
final class MatMulKernel {
    private static final long GRAIN_OPERATIONS = 1 << 20;
    private static final long GRAIN_ELEMENTS = 1 << 16;
    private static final int BLOCK_COLUMNS = 512;

    /// Up to so many rows, packing `b` costs more than it saves.
    private static final int FEW_ROWS = 64;

    private final MemoryPool pool;
    private final CopyKernel copies;
    private final Parallel parallel;
    private final Supplier<Tiles> newTiles;
    private final int bytes;
    private final int panelColumns;
    private final ConcurrentLinkedQueue<Tiles> idleTiles = new ConcurrentLinkedQueue<>();

    /// @param dtype float32 or float64
    MatMulKernel(DType dtype, MemoryPool pool, CopyKernel copies, Parallel parallel) {
        this.pool = pool;
        this.copies = copies;
        this.parallel = parallel;
        this.newTiles = dtype == DType.FLOAT32 ? Float32Tiles.factory() : Float64Tiles.factory();
        this.bytes = dtype.byteSize();
        this.panelColumns = Panels.ROW_BYTES / bytes;
    }

    /// Computes the product into `out`, which is contiguous.
    void run(Operand a, Operand b, Operand out) {
        if (out.shape().elementCount() == 0) {
            return;
        }
        try (Matrices x = Matrices.of(a, pool, copies);
                Matrices y = Matrices.of(b, pool, copies)) {
            MemorySegment c = ((CpuStorage) out.storage()).segment();
            long cOffset = out.layout().offset() * bytes;
            Matrices rows = y.isOneMatrix() ? x.asOneMatrix() : x;
            Walk batch = rows.batch(y);
            int m = rows.rows();
            int k = rows.columns();
            int n = y.columns();
            parallel.ranges(
                    batch.count(),
                    Math.max(1, GRAIN_OPERATIONS / ((long) m * n * Math.max(1, k))),
                    (first, last) -> {
                        Walk.Position p = batch.position(first);
                        for (long i = first; i < last; i++) {
                            Matrix left = rows.at(p.source());
                            Matrix right = y.at(p.target());
                            one(left, right, c, cOffset + i * m * n * bytes, m, n, k);
                            p.advance();
                        }
                    });
        }
    }

    private void one(Matrix a, Matrix b, MemorySegment c, long cOffset, int m, int n, int k) {
        if (k == 0) {
            c.asSlice(cOffset, (long) m * n * bytes).fill((byte) 0);
            return;
        }
        if (b.rowsContiguous() && m <= FEW_ROWS) {
            blocks(a, b, null, c, cOffset, m, n, k);
            return;
        }
        long panels = Math.ceilDiv(n, panelColumns);
        MemoryPool.Block packed = pool.take(panels * k * Panels.ROW_BYTES);
        try {
            pack(b, packed.segment(), n, k);
            blocks(a, b, packed.segment(), c, cOffset, m, n, k);
        } finally {
            packed.giveBack();
        }
    }

    private void pack(Matrix b, MemorySegment packed, int n, int k) {
        parallel.ranges(
                Math.ceilDiv(n, panelColumns),
                Math.max(1, GRAIN_ELEMENTS / panelColumns / k),
                (first, last) -> {
                    for (long panel = first; panel < last; panel++) {
                        int column = (int) panel * panelColumns;
                        int width = Math.min(panelColumns, n - column);
                        for (int p = 0; p < k; p += Tiles.BLOCK_DEPTH) {
                            int depth = Math.min(Tiles.BLOCK_DEPTH, k - p);
                            long to = (panel * k + p) * Panels.ROW_BYTES;
                            Panels.pack(b, b.offset(p, column), width, depth, bytes, packed, to);
                        }
                    }
                });
    }

    /// @param packed the panels of `b`, if they were made
    private void blocks(
            Matrix a,
            Matrix b,
            @Nullable MemorySegment packed,
            MemorySegment c,
            long cOffset,
            int m,
            int n,
            int k) {
        long down = Math.ceilDiv(m, Tiles.BLOCK_ROWS);
        long across = Math.ceilDiv(n, BLOCK_COLUMNS);
        long operations = Math.ceilDiv((long) m * n * k, down * across);
        parallel.ranges(
                down * across,
                Math.max(1, GRAIN_OPERATIONS / operations),
                (first, last) -> {
                    Tiles idle = idleTiles.poll();
                    Tiles tiles = idle == null ? newTiles.get() : idle;
                    for (long block = first; block < last; block++) {
                        int row = (int) (block / across) * Tiles.BLOCK_ROWS;
                        int column = (int) (block % across) * BLOCK_COLUMNS;
                        int rows = Math.min(Tiles.BLOCK_ROWS, m - row);
                        int end = Math.min(n, column + BLOCK_COLUMNS);
                        for (int p = 0; p < k; p += Tiles.BLOCK_DEPTH) {
                            int depth = Math.min(Tiles.BLOCK_DEPTH, k - p);
                            pack(tiles, a, row, p, rows, depth);
                            for (int j = column; j < end; j += panelColumns) {
                                long to = cOffset + ((long) row * n + j) * bytes;
                                MemorySegment panels = packed == null ? b.segment() : packed;
                                long from =
                                        packed == null
                                                ? b.offset(p, j)
                                                : ((long) j / panelColumns * k + p)
                                                        * Panels.ROW_BYTES;
                                long step = packed == null ? b.rowBytes() : Panels.ROW_BYTES;
                                int width = Math.min(panelColumns, n - j);
                                for (int i = 0; i < rows; i += Tiles.ROWS) {
                                    tiles.multiply(i, panels, from, step);
                                    long at = to + (long) i * n * bytes;
                                    tiles.store(i, c, at, (long) n * bytes, width, p > 0);
                                }
                            }
                        }
                    }
                    idleTiles.add(tiles);
                });
    }

    private static void pack(Tiles tiles, Matrix a, int row, int p, int rows, int depth) {
        if (a.rowsContiguous()) {
            tiles.packRows(a.segment(), a.offset(row, p), a.rowBytes(), rows, depth);
        } else {
            tiles.packColumns(a.segment(), a.offset(row, p), a.columnBytes(), rows, depth);
        }
    }

    /// One matrix whose rows or columns are contiguous.
    ///
    /// @param start the place of its first element in bytes
    /// @param rowBytes from one row to the next
    /// @param columnBytes from one column to the next
    /// @param rowsContiguous whether the elements of a row are neighbours, else those of a column are
    record Matrix(
            MemorySegment segment,
            long start,
            long rowBytes,
            long columnBytes,
            boolean rowsContiguous) {

        /// {@return the place of an element in bytes}
        long offset(int row, int column) {
            return start + row * rowBytes + column * columnBytes;
        }
    }
}
