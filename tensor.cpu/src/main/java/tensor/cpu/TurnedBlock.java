package tensor.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A block of a result in which neighbours are in one column: it is computed in rows, in memory of its own, and transposed
/// when it is whole.
///
/// **Threads.** One at a time.
final class TurnedBlock {
    /// The most rows of a block: with as many columns as the panels have, they stay in the second-level cache.
    static final int MOST_ROWS = 40 * Tiles.ROWS;

    private final Panels.Transpose transpose;
    private final int bytes;
    private final int lanes;
    private final long[] lines;

    /// Places by their columns, in vectors; all in one memory.
    private final @Nullable Matrix[] places = new Matrix[2 * Panels.CACHED + 1];

    private MemorySegment memory = MemorySegment.NULL;
    private Matrix place = new Matrix();

    /// @param bytes of an element
    TurnedBlock(Panels.Transpose transpose, int bytes) {
        this.transpose = transpose;
        this.bytes = bytes;
        this.lanes = Panels.ROW_BYTES / 2 / bytes;
        this.lines = new long[lanes];
    }

    /// {@return whether results of such a layout are computed here}
    static boolean takes(Matrices out) {
        return out.columns().longestRun() == 1
                && out.columns().isEven()
                && out.rows().isEven()
                && out.rows().step() == 1
                && out.columns().count() > 1;
    }

    /// {@return a place for a block with so many columns, contents undefined}
    Matrix matrix(int columns) {
        int vectors = Math.ceilDiv(columns, lanes);
        Matrix known = places[vectors];
        place = known == null ? place(vectors) : known;
        places[vectors] = place;
        return place;
    }

    private Matrix place(int vectors) {
        int step = vectors * lanes;
        long size = (long) MOST_ROWS * step * bytes + MemoryPool.SLACK;
        if (memory.byteSize() < size) {
            memory = Arena.ofAuto().allocate(size, 64);
            Arrays.fill(places, null); // of smaller memory, which nobody is to hold
        }
        return new Matrix(memory, 0, Places.even(MOST_ROWS, step), Places.even(step, 1));
    }

    /// Writes the first `rows × columns` elements to the result, from (`row`, `column`) on.
    void write(Matrix out, int row, int column, int rows, int columns) {
        if (rows < lanes) {
            writeEach(out, row, column, rows, columns);
            return;
        }
        long step = out.columns().step() * bytes;
        for (int j = 0; j < columns; j += lanes) {
            for (int i = 0; i < rows; i += lanes) {
                int first = Math.min(i, rows - lanes); // the last ones may be written twice
                for (int line = 0; line < lanes; line++) {
                    lines[line] = place.at(first + line, j) * bytes;
                }
                long at = out.at(row + first, column + j) * bytes;
                int count = Math.min(lanes, columns - j);
                transpose.run(place.segment(), lines, out.segment(), at, step, count);
            }
        }
    }

    private void writeEach(Matrix out, int row, int column, int rows, int columns) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                MemorySegment.copy(
                        place.segment(),
                        place.at(i, j) * bytes,
                        out.segment(),
                        out.at(row + i, column + j) * bytes,
                        bytes);
            }
        }
    }
}
