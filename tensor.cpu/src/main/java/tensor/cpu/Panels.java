package tensor.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/// Packs blocks of the right matrix of a product into panels: two vectors of columns, in which one row follows the other.
///
/// A panel reaches beyond the last column where the columns do not fill it; what stands there means nothing, for lanes do
/// not mix. Reads up to [MemoryPool#SLACK] bytes past the end of what it packs.
/// **Threads.** One at a time.
final class Panels {
    private static final VectorSpecies<Integer> SPECIES = IntVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    /// The bytes of a row.
    static final int ROW_BYTES = 2 * SPECIES.vectorByteSize();

    /// The bytes of a panel.
    private static final long PANEL_BYTES = (long) Tiles.SLAB_DEPTH * ROW_BYTES;

    /// How many panels, one slab deep, stay in the second-level cache.
    static final int CACHED = 16;

    /// How many panels stand side by side at most: all slabs of them are in the third-level cache.
    private static final int MOST_PANELS = 64;

    private final Transpose transpose;
    private final int bytes;
    private final int lanes;
    private final long[] rowPlaces = new long[Tiles.SLAB_DEPTH];
    private final long[] columnPlaces;
    private final long[] lines;
    private final Slab[] slabs = new Slab[Tiles.SLABS];

    /// How far each panel of a slab is from the first: packed, and as they lie in the matrix.
    private final long[] packed = new long[MOST_PANELS];

    private final long[] lying = new long[MOST_PANELS];
    private MemorySegment memory = MemorySegment.NULL;

    /// @param bytes of an element
    Panels(Transpose transpose, int bytes) {
        this.transpose = transpose;
        this.bytes = bytes;
        this.lanes = SPECIES.vectorByteSize() / bytes;
        this.columnPlaces = new long[2 * lanes];
        this.lines = new long[lanes];
        Arrays.setAll(slabs, _ -> new Slab());
        Arrays.setAll(packed, panel -> panel * PANEL_BYTES);
    }

    /// {@return how many columns a panel has}
    int panelColumns() {
        return 2 * lanes;
    }

    /// {@return how many columns of a slab stay in the second-level cache}
    ///
    /// @param bytes of an element
    static int cachedColumns(int bytes) {
        return CACHED * ROW_BYTES / bytes;
    }

    /// {@return how many columns a block has at most, a multiple of those of [#cachedColumns]}
    ///
    /// @param bytes of an element
    static int mostColumns(int bytes) {
        return MOST_PANELS * ROW_BYTES / bytes;
    }

    /// Panels side by side, packed or as they lie in the matrix; in bytes.
    static final class Slab {
        private MemorySegment segment = MemorySegment.NULL;
        private long start;
        private long[] panels = {};
        private long rowBytes;

        private Slab() {}

        private void set(MemorySegment segment, long start, long[] panels, long rowBytes) {
            this.segment = segment;
            this.start = start;
            this.panels = panels;
            this.rowBytes = rowBytes;
        }

        MemorySegment segment() {
            return segment;
        }

        /// {@return where a panel begins}
        long start(int panel) {
            return start + panels[panel];
        }

        /// {@return the distance from one row of a panel to the next}
        long rowBytes() {
            return rowBytes;
        }
    }

    /// {@return one of those that were packed last}
    ///
    /// @param number from 0, in order of `k`
    Slab slab(int number) {
        return slabs[number];
    }

    /// {@return whether so many columns from `column` on can be taken as they lie} Rows are evenly spaced then, and in none of
    /// them is a gap within a panel.
    boolean mayLie(Matrix right, int column, int columns) {
        int run = right.columns().run(column);
        boolean whole = run % (2 * lanes) == 0 && right.columns().longestRun() % (2 * lanes) == 0;
        return right.rows().isEven() && (run >= columns || whole);
    }

    /// Takes a block of the matrix as it lies, from (`k`, `column`) on.
    void inPlace(Matrix right, int k, int column, int depth, int columns) {
        long apart = right.rows().step() * bytes;
        long first = right.columns().at(column);
        for (int j = 0; j < columns; j += 2 * lanes) {
            lying[j / (2 * lanes)] = bytes * (right.columns().at(column + j) - first);
        }
        for (int p = 0; p < depth; p += Tiles.SLAB_DEPTH) {
            long start = right.at(k + p, column) * bytes;
            slabs[p / Tiles.SLAB_DEPTH].set(right.segment(), start, lying, apart);
        }
    }

    /// Packs `depth × columns` elements from (`k`, `column`) on, slab by slab.
    void pack(Matrix right, int k, int column, int depth, int columns) {
        long size = Math.ceilDiv(columns, 2 * lanes) * PANEL_BYTES;
        long wanted = Math.ceilDiv(depth, Tiles.SLAB_DEPTH) * size + MemoryPool.SLACK;
        if (memory.byteSize() < wanted) {
            memory = Arena.ofAuto().allocate(wanted, 64);
        }
        long to = 0;
        for (int p = 0; p < depth; p += Tiles.SLAB_DEPTH, to += size) {
            packSlab(right, k + p, column, Math.min(Tiles.SLAB_DEPTH, depth - p), columns, to);
            slabs[p / Tiles.SLAB_DEPTH].set(memory, to, packed, ROW_BYTES);
        }
    }

    private void packSlab(Matrix right, int k, int column, int depth, int columns, long slab) {
        right.rows().list(k, depth, rowPlaces);
        boolean turned = right.rows().longestRun() > right.columns().longestRun();
        long least = least(depth);
        long to = slab;
        for (int j = column; j < column + columns; j += 2 * lanes) {
            int width = Math.min(2 * lanes, column + columns - j);
            if (right.columns().run(j) >= width) {
                packRows(right, j, depth, to);
            } else if (turned) {
                packColumns(right, k, j, depth, width, to);
            } else {
                packRuns(right, j, depth, width, least, to);
            }
            to += PANEL_BYTES;
        }
    }

    private void packRows(Matrix right, int column, int depth, long to) {
        long start = right.start() + right.columns().at(column);
        MemorySegment source = Native.slice(right.segment(), 0);
        MemorySegment target = Native.slice(memory, to);
        for (int p = 0; p < depth; p++) {
            long at = bytes * (start + rowPlaces[p]);
            long row = (long) p * ROW_BYTES;
            IntVector.fromMemorySegment(SPECIES, source, at, ORDER)
                    .intoMemorySegment(target, row, ORDER);
            IntVector.fromMemorySegment(SPECIES, source, at + ROW_BYTES / 2, ORDER)
                    .intoMemorySegment(target, row + ROW_BYTES / 2, ORDER);
        }
    }

    /// {@return the least place of a row}
    private long least(int depth) {
        long least = rowPlaces[0];
        for (int p = 1; p < depth; p++) {
            least = Math.min(least, rowPlaces[p]);
        }
        return least;
    }

    private void packRuns(
            Matrix right, int column, int depth, int columns, long least, long panel) {
        for (int j = 0; j < columns; j += lanes) {
            int width = Math.min(lanes, columns - j);
            packVectors(right, column + j, depth, width, least, panel + (long) j * bytes);
        }
    }

    /// Fills one vector of each row. It is made of as many runs of neighbours as it touches: each run is read so that it
    /// stands in its own lanes, and laid over those before it. So all stores are aligned, which short copies would not be.
    ///
    /// @param least the least place of a row
    private void packVectors(Matrix right, int column, int depth, int width, long least, long to) {
        MemorySegment from = right.segment();
        long first = right.start() + right.columns().at(column);
        int lane = right.columns().run(column);
        if (lane < width) {
            long second = right.start() + right.columns().at(column + lane) - lane;
            if (second + least >= 0) {
                joinLanes(from, first, second, depth, to, lane);
                lane += right.columns().run(column + lane);
            } else {
                copyLanes(from, first, depth, to);
            }
        } else {
            copyLanes(from, first, depth, to);
        }
        for (; lane < width; lane += right.columns().run(column + lane)) {
            long next = right.start() + right.columns().at(column + lane) - lane;
            layLanes(from, next, depth, to, lane, next + least >= 0);
        }
    }

    private VectorMask<Integer> before(int lane) {
        return SPECIES.indexInRange(0, lane * bytes / Integer.BYTES);
    }

    private void copyLanes(MemorySegment from, long start, int depth, long to) {
        MemorySegment source = Native.slice(from, 0);
        MemorySegment target = Native.slice(memory, to);
        for (int p = 0; p < depth; p++) {
            IntVector.fromMemorySegment(SPECIES, source, bytes * (start + rowPlaces[p]), ORDER)
                    .intoMemorySegment(target, (long) p * ROW_BYTES, ORDER);
        }
    }

    /// Of each vector, the lanes before `lane` are from `first`, the others from `second`.
    private void joinLanes(
            MemorySegment from, long first, long second, int depth, long to, int lane) {
        VectorMask<Integer> before = before(lane);
        MemorySegment source = Native.slice(from, 0);
        MemorySegment target = Native.slice(memory, to);
        for (int p = 0; p < depth; p++) {
            long place = rowPlaces[p];
            IntVector head =
                    IntVector.fromMemorySegment(SPECIES, source, bytes * (first + place), ORDER);
            IntVector tail =
                    IntVector.fromMemorySegment(SPECIES, source, bytes * (second + place), ORDER);
            tail.blend(head, before).intoMemorySegment(target, (long) p * ROW_BYTES, ORDER);
        }
    }

    /// Changes the lanes from `lane` on.
    ///
    /// @param inside whether the lanes before may be read, too; else they may stand before all memory
    private void layLanes(
            MemorySegment from, long start, int depth, long to, int lane, boolean inside) {
        VectorMask<Integer> before = before(lane);
        MemorySegment source = Native.slice(from, 0);
        MemorySegment target = Native.slice(memory, to);
        for (int p = 0; p < depth; p++) {
            long at = bytes * (start + rowPlaces[p]);
            IntVector over =
                    inside
                            ? IntVector.fromMemorySegment(SPECIES, source, at, ORDER)
                            : IntVector.fromMemorySegment(SPECIES, source, at, ORDER, before.not());
            long row = (long) p * ROW_BYTES;
            over.blend(IntVector.fromMemorySegment(SPECIES, target, row, ORDER), before)
                    .intoMemorySegment(target, row, ORDER);
        }
    }

    /// Reads along the columns, in pieces that are neighbours in memory, and transposes them.
    private void packColumns(Matrix right, int k, int column, int depth, int width, long panel) {
        right.columns().list(column, width, columnPlaces);
        for (int p = 0, n; p < depth; p += n) {
            n = Math.min(lanes, Math.min(right.rows().run(k + p), depth - p));
            long start = right.start() + rowPlaces[p];
            for (int j = 0; j < width; j += lanes) {
                for (int line = 0; line < lanes; line++) {
                    lines[line] = bytes * (start + columnPlaces[Math.min(j + line, width - 1)]);
                }
                long at = panel + (long) p * ROW_BYTES + (long) j * bytes;
                transpose.run(right.segment(), lines, memory, at, ROW_BYTES, n);
            }
        }
    }

    /// Transposes a square block, as long and wide as a vector.
    interface Transpose {
        /// Makes lines of columns.
        ///
        /// @param lines where each line of the block begins in `from`, in bytes
        /// @param at where the first transposed line goes to in `to`, in bytes; then each `step` further
        /// @param count how many transposed lines are written
        void run(MemorySegment from, long[] lines, MemorySegment to, long at, long step, int count);

        /// {@return one for elements of 4 or 8 bytes}
        static Transpose of(int bytes) {
            return Specialize.copy(
                    bytes == Integer.BYTES ? Float32Transpose.class : Float64Transpose.class,
                    Transpose.class);
        }

        /// {@return another one, for another thread}
        Transpose another();
    }
}
