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

    /// From one packed row to the next: a vector more than the greatest depth, for copies that write whole vectors.
    private static final int ROW_STEP = SLAB_DEPTH + 16;

    /// From one panel of rows to the next, likewise.
    private static final int PANEL_SIZE = ROWS * SLAB_DEPTH + 16;

    private static final int SLAB_SIZE = BLOCK_ROWS * ROW_STEP;

    private final TileKernels<Multiply> kernels;
    private final float[] block = new float[SLABS * SLAB_SIZE];
    private final float[] tile = new float[ROWS * COLUMNS + LANES];
    private final long[] rowPlaces = new long[BLOCK_ROWS];
    private final long[] depthPlaces = new long[SLABS * SLAB_DEPTH];
    private final int[] runs = new int[SLAB_DEPTH + 1];
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
        if (!panels && x.columns().run(k) >= depth) {
            packWhole(x);
            return;
        }
        for (int p = 0; p < depth; p += SLAB_DEPTH) {
            int end = Math.min(p + SLAB_DEPTH, depth);
            int to = p / SLAB_DEPTH * SLAB_SIZE;
            if (!panels) {
                packRuns(x, k, p, end, to);
            } else {
                packColumns(x, row, p, end, to);
            }
        }
    }

    /// Rows without gaps, some side by side, so that memory brings several at a time.
    private void packWhole(Matrix x) {
        MemorySegment from = Native.slice(x.segment(), 0);
        long start = x.start() + depthPlaces[0];
        for (int i = 0; i < rows; i += ROWS) {
            int end = Math.min(i + ROWS, rows);
            for (int p = 0; p < depth; p += COLUMNS) {
                int to = p / SLAB_DEPTH * SLAB_SIZE + p % SLAB_DEPTH;
                copyPairs(from, start + p, rowPlaces, i, end, block, to);
            }
        }
    }

    /// Copies two vectors of each row.
    private static void copyPairs(
            MemorySegment from, long start, long[] places, int row, int end, float[] to, int at) {
        for (int i = row; i < end; i++) {
            long place = 4 * (start + places[i]);
            int packed = at + i * ROW_STEP;
            FloatVector.fromMemorySegment(SPECIES, from, place, ORDER).intoArray(to, packed);
            FloatVector.fromMemorySegment(SPECIES, from, place + 4L * LANES, ORDER)
                    .intoArray(to, packed + LANES);
        }
    }

    /// Row by row, so that what is written overlaps what was written last; and where runs are short, a vector each.
    private void packRuns(Matrix x, int k, int first, int end, int to) {
        int count = 0;
        boolean isShort = true;
        for (int p = first; p < end; p = runs[++count]) {
            int run = x.columns().run(k + p);
            isShort &= run <= LANES;
            runs[count] = p;
            runs[count + 1] = Math.min(p + run, end);
        }
        for (int i = 0; i < rows; i++) {
            long start = x.start() + rowPlaces[i];
            if (isShort) {
                copyShort(x.segment(), start, to + i * ROW_STEP - first, count);
            } else {
                copyLong(x.segment(), start, to + i * ROW_STEP - first, count);
            }
        }
    }

    private void copyShort(MemorySegment segment, long start, int to, int count) {
        MemorySegment from = Native.slice(segment, 0);
        for (int r = 0; r < count; r++) {
            int p = runs[r];
            FloatVector.fromMemorySegment(SPECIES, from, 4 * (start + depthPlaces[p]), ORDER)
                    .intoArray(block, to + p);
        }
    }

    private void copyLong(MemorySegment segment, long start, int to, int count) {
        MemorySegment from = Native.slice(segment, 0);
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
    private void packColumns(Matrix x, int row, int first, int end, int to) {
        MemorySegment from = Native.slice(x.segment(), 0);
        for (int i = 0; i < rows; i += ROWS) {
            int high = Math.min(ROWS, rows - i);
            int packed = to + i / ROWS * PANEL_SIZE;
            if (x.rows().run(row + i) < high) {
                packShortColumns(x, i, high, first, end, packed);
                continue;
            }
            long start = x.start() + rowPlaces[i];
            for (int j = (ROWS - 1) / LANES * LANES; j >= 0; j -= LANES) {
                copyPart(from, start + j, depthPlaces, first, end, block, packed + j);
            }
        }
    }

    /// Copies a vector of each column. What it writes too much is overwritten by that of the next column, or the one before it
    /// of the same.
    private static void copyPart(
            MemorySegment from, long start, long[] places, int first, int end, float[] to, int at) {
        for (int p = first; p < end; p++) {
            FloatVector.fromMemorySegment(SPECIES, from, 4 * (start + places[p]), ORDER)
                    .intoArray(to, at + (p - first) * ROWS);
        }
    }

    private void packShortColumns(Matrix x, int row, int high, int first, int end, int to) {
        for (int i = 0; i < high; i++) {
            long start = x.start() + rowPlaces[row + i];
            for (int p = first; p < end; p++) {
                long at = 4 * (start + depthPlaces[p]);
                block[to + i + (p - first) * ROWS] = x.segment().get(ValueLayout.JAVA_FLOAT, at);
            }
        }
    }

    @Override
    public void aim(Matrix out, int row, int rows) {
        out.rows().list(row, rows, outPlaces);
    }

    @Override
    public void multiply(int row, int slab, Panels.Slab right, int panel, int columns) {
        this.columns = columns;
        int from = slab * SLAB_SIZE;
        kernels.get(panels, Math.min(ROWS, rows - row), columns > LANES)
                .run(
                        block,
                        from + (panels ? row / ROWS * PANEL_SIZE : row * ROW_STEP),
                        right.segment(),
                        right.start(panel),
                        right.rowBytes(),
                        Math.min(SLAB_DEPTH, depth - slab * SLAB_DEPTH),
                        tile);
    }

    @Override
    public void store(int row, Matrix out, int column, boolean add) {
        int valid = Math.min(ROWS, rows - row);
        for (int j = 0, n; j < columns; j += n) {
            n = Math.min(out.columns().run(column + j), columns - j);
            long start = out.start() + out.columns().at(column + j);
            if (n == COLUMNS) {
                storeRows(out.segment(), start, row, valid, add);
            } else {
                storeParts(out.segment(), start, row, valid, j, n, add);
            }
        }
    }

    private void storeRows(MemorySegment out, long start, int row, int count, boolean add) {
        MemorySegment to = Native.slice(out, 0);
        for (int i = 0; i < count; i++) {
            long at = 4L * (start + outPlaces[row + i]);
            long next = at + 4L * LANES;
            FloatVector first = FloatVector.fromArray(SPECIES, tile, i * COLUMNS);
            FloatVector second = FloatVector.fromArray(SPECIES, tile, i * COLUMNS + LANES);
            if (add) {
                first = FloatVector.fromMemorySegment(SPECIES, to, at, ORDER).add(first);
                second = FloatVector.fromMemorySegment(SPECIES, to, next, ORDER).add(second);
            }
            first.intoMemorySegment(to, at, ORDER);
            second.intoMemorySegment(to, next, ORDER);
        }
    }

    /// @param from where in the tile's rows the part begins
    /// @param count how long it is
    private void storeParts(
            MemorySegment out, long start, int row, int rows, int from, int count, boolean add) {
        MemorySegment to = Native.slice(out, 0);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < count; j += LANES) {
                long at = 4L * (start + outPlaces[row + i] + j);
                FloatVector sum = FloatVector.fromArray(SPECIES, tile, i * COLUMNS + from + j);
                if (add) {
                    sum = FloatVector.fromMemorySegment(SPECIES, to, at, ORDER).add(sum);
                }
                if (count - j < LANES) {
                    sum.intoMemorySegment(to, at, ORDER, SPECIES.indexInRange(0, count - j));
                } else {
                    sum.intoMemorySegment(to, at, ORDER);
                }
            }
        }
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
