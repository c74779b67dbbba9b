package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.function.Supplier;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/// Tiles of float32.
final class Float32Tiles implements Tiles {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = SPECIES.length();
    private static final int COLUMNS = 2 * LANES;

    /// From one packed row to the next: a vector more than the greatest depth, for copies that write whole vectors.
    private static final int ROW_STEP = BLOCK_DEPTH + 16;

    /// From one panel of rows to the next, likewise.
    private static final int PANEL_SIZE = ROWS * BLOCK_DEPTH + 16;

    private final TileKernels<Multiply> kernels;
    private final float[] block = new float[BLOCK_ROWS * ROW_STEP];
    private final float[] tile = new float[ROWS * COLUMNS + LANES];
    private final long[] rowPlaces = new long[BLOCK_ROWS];
    private final long[] depthPlaces = new long[BLOCK_DEPTH];
    private final int[] runs = new int[BLOCK_DEPTH + 1];
    private final long[] outPlaces = new long[BLOCK_ROWS];
    private int rows;
    private int depth;
    private boolean panels;
    private int columns;

    private Float32Tiles(TileKernels<Multiply> kernels) {
        this.kernels = kernels;
    }

    /// {@return a maker of tiles that share their kernels}
    static Supplier<Tiles> factory() {
        var kernels = new TileKernels<>(Float32Multiply.class, Multiply.class, ROW_STEP);
        return () -> new Float32Tiles(kernels);
    }

    @Override
    public void pack(Matrix x, int row, int k, int rows, int depth) {
        this.rows = rows;
        this.depth = depth;
        this.panels = x.columns().longestRun() == 1;
        x.rows().list(row, rows, rowPlaces);
        x.columns().list(k, depth, depthPlaces);
        if (!panels) {
            packRows(x, k);
        } else if (x.rows().run(row) >= rows) {
            packColumns(x);
        } else {
            packShortColumns(x);
        }
    }

    /// Row by row, so that what is written overlaps what was written last; and where runs are short, a vector each.
    private void packRows(Matrix x, int k) {
        int count = 0;
        boolean isShort = true;
        for (int p = 0; p < depth; p = runs[++count]) {
            int run = x.columns().run(k + p);
            isShort &= run <= LANES;
            runs[count] = p;
            runs[count + 1] = Math.min(p + run, depth);
        }
        MemorySegment from = x.segment().asSlice(0);
        for (int i = 0; i < rows; i++) {
            long start = x.start() + rowPlaces[i];
            if (isShort) {
                copyShort(from, start, i * ROW_STEP, count);
            } else {
                copyLong(from, start, i * ROW_STEP, count);
            }
        }
    }

    private void copyShort(MemorySegment from, long start, int to, int count) {
        for (int r = 0; r < count; r++) {
            int p = runs[r];
            FloatVector.fromMemorySegment(SPECIES, from, 4 * (start + depthPlaces[p]), ORDER)
                    .intoArray(block, to + p);
        }
    }

    private void copyLong(MemorySegment from, long start, int to, int count) {
        for (int r = 0; r < count; r++) {
            int p = runs[r];
            copy(from, 4 * (start + depthPlaces[p]), block, to + p, runs[r + 1] - p);
        }
    }

    /// Writes whole vectors: up to one more than asked, where the next elements follow or nothing does.
    private static void copy(MemorySegment from, long at, float[] to, int start, int count) {
        for (int j = 0; j < count; j += LANES) {
            FloatVector.fromMemorySegment(SPECIES, from, at + 4L * j, ORDER)
                    .intoArray(to, start + j);
        }
    }

    /// Makes panels of as many rows as a tile has, in each of which those of one `k` are neighbours.
    private void packColumns(Matrix x) {
        MemorySegment from = x.segment().asSlice(0);
        for (int p = 0; p < depth; p++) {
            long at = 4 * (x.start() + rowPlaces[0] + depthPlaces[p]);
            for (int i = 0, to = p * ROWS; i < rows; i += ROWS, to += PANEL_SIZE) {
                copy(from, at + 4L * i, block, to, ROWS);
            }
        }
    }

    private void packShortColumns(Matrix x) {
        for (int i = 0; i < rows; i++) {
            long start = x.start() + rowPlaces[i];
            int to = i / ROWS * PANEL_SIZE + i % ROWS;
            for (int p = 0; p < depth; p++) {
                long at = 4 * (start + depthPlaces[p]);
                block[to + p * ROWS] = x.segment().get(ValueLayout.JAVA_FLOAT, at);
            }
        }
    }

    @Override
    public void aim(Matrix out, int row, int rows) {
        out.rows().list(row, rows, outPlaces);
    }

    @Override
    public void multiply(int row, Panels.Block right, int panel, int columns) {
        this.columns = columns;
        kernels.get(panels, Math.min(ROWS, rows - row), columns > LANES)
                .run(
                        block,
                        panels ? row / ROWS * PANEL_SIZE : row * ROW_STEP,
                        right.segment(),
                        right.start() + panel * right.step(),
                        right.rowBytes(),
                        depth,
                        tile);
    }

    @Override
    public void store(int row, Matrix out, int column, boolean add) {
        int valid = Math.min(ROWS, rows - row);
        MemorySegment to = out.segment().asSlice(0);
        for (int j = 0, n; j < columns; j += n) {
            n = Math.min(out.columns().run(column + j), columns - j);
            long start = out.start() + out.columns().at(column + j);
            for (int i = 0; i < valid; i++) {
                long at = 4 * (start + outPlaces[row + i]);
                storeRow(i * COLUMNS + j, to, at, n, add);
            }
        }
    }

    private void storeRow(int from, MemorySegment out, long at, int count, boolean add) {
        if (count == COLUMNS) {
            storeVector(from, out, at, add);
            storeVector(from + LANES, out, at + 4L * LANES, add);
            return;
        }
        for (int j = 0; j < count; j += LANES) {
            storePart(from + j, out, at + 4L * j, SPECIES.indexInRange(j, count), add);
        }
    }

    private void storeVector(int from, MemorySegment out, long at, boolean add) {
        FloatVector sum = FloatVector.fromArray(SPECIES, tile, from);
        if (add) {
            sum = FloatVector.fromMemorySegment(SPECIES, out, at, ORDER).add(sum);
        }
        sum.intoMemorySegment(out, at, ORDER);
    }

    private void storePart(
            int from, MemorySegment out, long at, VectorMask<Float> part, boolean add) {
        FloatVector sum = FloatVector.fromArray(SPECIES, tile, from);
        if (add) {
            sum = FloatVector.fromMemorySegment(SPECIES, out, at, ORDER).add(sum);
        }
        sum.intoMemorySegment(out, at, ORDER, part);
    }

    /// The innermost loop.
    interface Multiply {
        /// `tile[i, j] = Σ left[i, p] · right[p, j]` for `p` below `depth`; `right` in bytes, `left` in elements.
        void run(
                float[] left,
                int leftOffset,
                MemorySegment right,
                long rightOffset,
                long rightStep,
                int depth,
                float[] tile);
    }
}
