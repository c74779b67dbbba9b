package tensor.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorSpecies;

/// Packs parts of the right matrix of a product into a panel: two vectors of columns, in which one row follows the other.
///
/// The panel reaches beyond the last column where the columns do not fill it; what stands there means nothing, for lanes do
/// not mix. Reads up to [MemoryPool#SLACK] bytes past the end of what it packs.
/// **Threads.** One at a time.
final class Panel {
    private static final VectorSpecies<Byte> SPECIES = ByteVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Byte> SHORT = ByteVector.SPECIES_128;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    /// The bytes of a row.
    static final int ROW_BYTES = 2 * SPECIES.vectorByteSize();

    private final Transpose transpose;
    private final int bytes;
    private final int lanes;
    private final MemorySegment memory =
            Arena.ofAuto().allocate((long) Tiles.BLOCK_DEPTH * ROW_BYTES + MemoryPool.SLACK, 64);
    private final long[] rowPlaces = new long[Tiles.BLOCK_DEPTH];
    private final long[] runPlaces = new long[ROW_BYTES];
    private final int[] runBytes = new int[ROW_BYTES];

    /// @param bytes of an element
    Panel(Transpose transpose, int bytes) {
        this.transpose = transpose;
        this.bytes = bytes;
        this.lanes = SPECIES.vectorByteSize() / bytes;
    }

    /// Where the panel is that was packed last.
    MemorySegment memory() {
        return memory;
    }

    /// Packs `depth × columns` elements from (`k`, `column`) on, not more columns than a panel has.
    void pack(Matrix right, int k, int column, int depth, int columns) {
        right.rows().list(k, depth, rowPlaces);
        int run = right.columns().run(column);
        if (run >= columns) {
            packRows(right, column, depth);
        } else if (run == 1 && right.rows().run(k) >= depth) {
            packColumns(right, k, column, depth, columns);
        } else {
            packRuns(right, column, depth, columns);
        }
    }

    private void packRows(Matrix right, int column, int depth) {
        long start = right.start() + right.columns().at(column);
        for (int p = 0; p < depth; p++) {
            copyRow(right.segment(), bytes * (start + rowPlaces[p]), (long) p * ROW_BYTES);
        }
    }

    private void copyRow(MemorySegment from, long at, long to) {
        ByteVector.fromMemorySegment(SPECIES, from, at, ORDER).intoMemorySegment(memory, to, ORDER);
        ByteVector.fromMemorySegment(SPECIES, from, at + ROW_BYTES / 2, ORDER)
                .intoMemorySegment(memory, to + ROW_BYTES / 2, ORDER);
    }

    /// Copies what is a run of neighbours in every row; each copy may write past its end, where the next one follows.
    private void packRuns(Matrix right, int column, int depth, int width) {
        int runs = 0;
        int longest = 0;
        for (int j = 0, n; j < width; j += n) {
            n = Math.min(right.columns().run(column + j), width - j);
            runPlaces[runs] = bytes * (right.start() + right.columns().at(column + j));
            runBytes[runs] = bytes * n;
            longest = Math.max(longest, bytes * n);
            runs++;
        }
        boolean areShort = longest <= SHORT.vectorByteSize();
        for (int p = 0; p < depth; p++) {
            long at = (long) p * ROW_BYTES;
            if (areShort) {
                copyShortRuns(right.segment(), bytes * rowPlaces[p], runs, at);
            } else {
                copyRuns(right.segment(), bytes * rowPlaces[p], runs, at);
            }
        }
    }

    private void copyShortRuns(MemorySegment from, long row, int runs, long to) {
        long next = to;
        for (int i = 0; i < runs; i++) {
            ByteVector.fromMemorySegment(SHORT, from, row + runPlaces[i], ORDER)
                    .intoMemorySegment(memory, next, ORDER);
            next += runBytes[i];
        }
    }

    private void copyRuns(MemorySegment from, long row, int runs, long to) {
        long next = to;
        for (int i = 0; i < runs; i++) {
            for (int j = 0; j < runBytes[i]; j += SPECIES.length()) {
                ByteVector.fromMemorySegment(SPECIES, from, row + runPlaces[i] + j, ORDER)
                        .intoMemorySegment(memory, next + j, ORDER);
            }
            next += runBytes[i];
        }
    }

    private void packColumns(Matrix right, int k, int column, int depth, int width) {
        for (int j = 0; j < width; j += lanes) {
            for (int p = 0; p < depth; p += lanes) {
                for (int line = 0; line < lanes; line++) {
                    int from = column + Math.min(j + line, width - 1);
                    transpose.load(line, right.segment(), bytes * right.at(k + p, from));
                }
                transpose.run();
                long at = (long) p * ROW_BYTES + (long) j * bytes;
                transpose.store(Math.min(lanes, depth - p), memory, at, ROW_BYTES);
            }
        }
    }

    /// Transposes a square block, as long and wide as a vector.
    interface Transpose {
        /// Reads a line, a vector.
        void load(int line, MemorySegment from, long at);

        /// Makes lines of columns.
        void run();

        /// Writes the first lines, `step` bytes apart.
        void store(int lines, MemorySegment to, long at, long step);
    }
}
