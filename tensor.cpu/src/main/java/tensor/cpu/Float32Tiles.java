package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.function.Supplier;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Tiles of float32.
final class Float32Tiles implements Tiles {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = SPECIES.length();
    private static final int COLUMNS = 2 * LANES;

    private final Kernels kernels;
    private final float[] a = new float[BLOCK_ROWS * BLOCK_DEPTH];
    private final float[] column = new float[BLOCK_ROWS];
    private final float[] tile = new float[ROWS * COLUMNS];
    private int rows;
    private int depth;
    private boolean panels;

    private Float32Tiles(Kernels kernels) {
        this.kernels = kernels;
    }

    /// {@return a maker of tiles that share their kernels}
    static Supplier<Tiles> factory() {
        Kernels kernels =
                new Kernels(
                        multiply(1, 0),
                        multiply(1, Panels.ROW_BYTES),
                        multiply(ROWS, 0),
                        multiply(ROWS, Panels.ROW_BYTES));
        return () -> new Float32Tiles(kernels);
    }

    private static Multiply multiply(int depthStep, int rowBytes) {
        return Specialize.copy(Float32Multiply.class, Multiply.class, depthStep, rowBytes);
    }

    @Override
    public void packRows(MemorySegment source, long offset, long rowBytes, int rows, int depth) {
        this.rows = rows;
        this.depth = depth;
        this.panels = false;
        if (rowBytes == 4L * depth) {
            MemorySegment.copy(source, ValueLayout.JAVA_FLOAT, offset, a, 0, rows * depth);
            return;
        }
        for (int i = 0; i < rows; i++) {
            long at = offset + i * rowBytes;
            MemorySegment.copy(source, ValueLayout.JAVA_FLOAT, at, a, i * depth, depth);
        }
    }

    /// Makes panels of 8 rows, in each of which the 8 elements of one `k` are neighbours.
    @Override
    public void packColumns(
            MemorySegment source, long offset, long columnBytes, int rows, int depth) {
        this.rows = rows;
        this.depth = depth;
        this.panels = true;
        for (int p = 0; p < depth; p++) {
            long at = offset + p * columnBytes;
            MemorySegment.copy(source, ValueLayout.JAVA_FLOAT, at, column, 0, rows);
            for (int row = 0; row < rows; row += ROWS) {
                System.arraycopy(column, row, a, row * depth + p * ROWS, ROWS);
            }
        }
    }

    @Override
    public void multiply(int row, MemorySegment b, long offset, long rowBytes) {
        int valid = Math.min(ROWS, rows - row);
        boolean packed = rowBytes == Panels.ROW_BYTES;
        if (panels) {
            Multiply kernel = packed ? kernels.packedColumns : kernels.columns;
            kernel.run(a, row * depth, 1, valid, b, offset, rowBytes, depth, tile);
        } else {
            Multiply kernel = packed ? kernels.packedRows : kernels.rows;
            kernel.run(a, row * depth, depth, valid, b, offset, rowBytes, depth, tile);
        }
    }

    @Override
    public void store(
            int row, MemorySegment c, long offset, long rowBytes, int columns, boolean add) {
        int valid = Math.min(ROWS, rows - row);
        for (int i = 0; i < valid; i++) {
            long at = offset + i * rowBytes;
            if (columns < COLUMNS) {
                storePart(i * COLUMNS, c, at, columns, add);
            } else {
                storeVector(i * COLUMNS, c, at, add);
                storeVector(i * COLUMNS + LANES, c, at + 4L * LANES, add);
            }
        }
    }

    private void storeVector(int from, MemorySegment c, long at, boolean add) {
        FloatVector sum = FloatVector.fromArray(SPECIES, tile, from);
        if (add) {
            sum = sum.add(FloatVector.fromMemorySegment(SPECIES, c, at, ORDER));
        }
        sum.intoMemorySegment(c, at, ORDER);
    }

    private void storePart(int from, MemorySegment c, long at, int columns, boolean add) {
        if (!add) {
            MemorySegment.copy(tile, from, c, ValueLayout.JAVA_FLOAT, at, columns);
            return;
        }
        for (int j = 0; j < columns; j++) {
            float sum = tile[from + j] + c.get(ValueLayout.JAVA_FLOAT, at + 4L * j);
            c.set(ValueLayout.JAVA_FLOAT, at + 4L * j, sum);
        }
    }

    /// The copies of the innermost loop: for rows of `a` or panels of columns; `packed` if `b` is in panels.
    private record Kernels(
            Multiply rows, Multiply packedRows, Multiply columns, Multiply packedColumns) {}

    /// The innermost loop.
    interface Multiply {
        /// `tile[i, j] = Σ a[i, p] · b[p, j]` for `p` below `depth`; `b` in bytes, `a` in elements.
        void run(
                float[] a,
                int aOffset,
                int rowStep,
                int rows,
                MemorySegment b,
                long bOffset,
                long bStep,
                int depth,
                float[] tile);
    }
}
