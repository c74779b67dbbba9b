package tensor.cpu;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.IntVector;

/// Copies planes whose neighbours are along one axis in the source, along another in the target: transposes, square by square.
///
/// Elements of 4 and 8 bytes by vectors, where a plane is as wide as one; others one by one, in squares that stay in the cache.
final class PlaneCopy {
    private static final int VECTOR_BYTES = IntVector.SPECIES_PREFERRED.vectorByteSize();
    private static final long GRAIN_ELEMENTS = 1 << 16;
    private static final int SQUARE = 16;

    /// A multiple of the sides of all squares.
    private static final int ROWS = 64;

    private final Parallel parallel;
    private final Idle<Turn> singles = idle(Integer.BYTES);
    private final Idle<Turn> doubles = idle(Long.BYTES);

    PlaneCopy(Parallel parallel) {
        this.parallel = parallel;
    }

    private static Idle<Turn> idle(int byteSize) {
        var first = new Once<>(() -> Panels.Transpose.of(byteSize));
        int side = VECTOR_BYTES / byteSize;
        return new Idle<>(() -> new Turn(first.get().another(), side));
    }

    /// What a thread transposes with.
    private static final class Turn {
        private final Panels.Transpose transpose;
        private final long[] lines;

        private Turn(Panels.Transpose transpose, int side) {
            this.transpose = transpose;
            this.lines = new long[side];
        }
    }

    /// A plane; distances in bytes.
    ///
    /// @param columnStep from one column to the next in the source
    /// @param rowStep from one row to the next in the target
    private record Plane(
            MemorySegment source,
            MemorySegment target,
            int columns,
            long columnStep,
            long rowStep,
            int byteSize) {
        private boolean isWide() {
            int side = VECTOR_BYTES / byteSize;
            return (byteSize == Integer.BYTES || byteSize == Long.BYTES)
                    && side > 1
                    && columns >= side;
        }

        /// Copies rows from the places on. The last square of a row may write what the one before it wrote.
        private void turn(long s, long t, int rows, Turn by) {
            long[] lines = by.lines;
            int side = lines.length;
            for (int r = 0; r < rows; r += side) {
                for (int c = 0; c < columns; c += side) {
                    int column = Math.min(c, columns - side);
                    for (int line = 0; line < side; line++) {
                        lines[line] = s + (column + line) * columnStep + (long) r * byteSize;
                    }
                    long at = t + r * rowStep + (long) column * byteSize;
                    int count = Math.min(side, rows - r);
                    by.transpose.run(source, lines, target, at, rowStep, count);
                }
            }
        }

        private void copy(long s, long t, int rows) {
            for (int r = 0; r < rows; r += SQUARE) {
                for (int c = 0; c < columns; c += SQUARE) {
                    int width = Math.min(SQUARE, columns - c);
                    for (int row = r; row < Math.min(rows, r + SQUARE); row++) {
                        long from = s + c * columnStep + (long) row * byteSize;
                        long to = t + row * rowStep + (long) c * byteSize;
                        StridedRow.copy(
                                source, from, columnStep, target, to, byteSize, width, byteSize);
                    }
                }
            }
        }
    }

    /// Copies all planes of a walk.
    ///
    /// @param along the axis along which the source's elements are neighbours; the target's are along the last one
    void run(MemorySegment source, MemorySegment target, Walk walk, int along, int byteSize) {
        int inner = walk.rank() - 1;
        int rows = walk.sizes[along];
        Plane plane =
                new Plane(
                        source,
                        target,
                        walk.sizes[inner],
                        walk.sourceStrides[inner] * byteSize,
                        walk.targetStrides[along] * byteSize,
                        byteSize);
        Idle<Turn> turns = byteSize == Integer.BYTES ? singles : doubles;
        boolean isWide = plane.isWide();
        Walk outer = walk.without(inner).without(along);
        int parts = Math.ceilDiv(rows, ROWS);
        Idle<Walk.Position> places = new Idle<>(() -> outer.position(0));
        parallel.ranges(
                outer.count() * parts,
                Math.max(1, GRAIN_ELEMENTS / ROWS / plane.columns()),
                (first, last) -> {
                    Walk.Position p = places.take();
                    for (long part = first; part < last; part++) {
                        p.go(part / parts);
                        int row = (int) (part % parts) * ROWS;
                        long s = (p.source() + row) * byteSize;
                        long t = p.target() * byteSize + row * plane.rowStep();
                        int height = Math.min(ROWS, rows - row);
                        if (isWide) {
                            Turn turn = turns.take();
                            plane.turn(s, t, height, turn);
                            turns.giveBack(turn);
                        } else {
                            plane.copy(s, t, height);
                        }
                    }
                    places.giveBack(p);
                });
    }
}
