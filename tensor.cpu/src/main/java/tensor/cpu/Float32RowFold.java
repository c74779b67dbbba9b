package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import java.util.List;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Folds rows of float32 whose length is a multiple of 16, several at once, with the bits of [ReduceKernels]. Template:
/// operator.
///
/// A row is folded in halves until 16 elements are left; those of 16 rows are then transposed, and folded side by side, so that
/// one addition need not wait for the other.
final class Float32RowFold implements ReduceKernels.SideBySide {
    /// Elements that are left of a row when halves end, and rows that are folded side by side.
    static final int LEFT = 16;

    private static final List<?> PARAMETERS = Specialize.parameters(MethodHandles.lookup());
    private static final VectorOperators.Associative OP =
            (VectorOperators.Associative) PARAMETERS.get(0);
    private static final boolean IS_SUM = (Boolean) PARAMETERS.get(1);
    private static final double NEUTRAL = IS_SUM ? -0.0 : Double.NEGATIVE_INFINITY;
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = SPECIES.length();

    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
    private static final VectorShuffle<Float> LOW = VectorShuffle.makeZip(SPECIES, 0);
    private static final VectorShuffle<Float> HIGH = VectorShuffle.makeZip(SPECIES, 1);

    /// Elements that are left of a block after three halvings.
    private static final int EIGHTH = ReduceKernels.BLOCK / 8;

    /// The bytes of what is left of 16 rows.
    private static final long SQUARE = 4L * LEFT * LEFT;

    /// Where in the scratch memory what is left of rows is, behind the half of the longest row; then as much room again.
    private static final long ENDS = 4L * (ReduceKernels.BLOCK / 2 + LEFT);

    private static final long SPARE = ENDS + SQUARE;

    @Override
    public void fold(
            MemorySegment x,
            long offset,
            int count,
            int length,
            MemorySegment out,
            long outOffset,
            MemorySegment scratch) {
        for (int row = 0; row < count; row += LEFT) {
            int rows = Math.min(LEFT, count - row);
            sideBySide(x, offset + 4L * row * length, rows, length, scratch);
            for (int r = 0; r < rows; r++) {
                out.set(
                        ValueLayout.JAVA_FLOAT,
                        outOffset + 4L * (row + r),
                        (float) result(scratch, r));
            }
        }
    }

    @Override
    public double foldAll(
            MemorySegment x, long offset, int count, int length, MemorySegment scratch) {
        double all = NEUTRAL;
        for (int row = 0; row < count; row += LEFT) {
            int rows = Math.min(LEFT, count - row);
            sideBySide(x, offset + 4L * row * length, rows, length, scratch);
            for (int r = 0; r < rows; r++) {
                double next = result(scratch, r);
                all = IS_SUM ? all + next : Math.max(all, next);
            }
        }
        return all;
    }

    private static double result(MemorySegment scratch, int row) {
        return scratch.get(ValueLayout.JAVA_DOUBLE, SPARE + 8L * row);
    }

    /// Folds up to 16 rows.
    private static void sideBySide(
            MemorySegment x, long offset, int rows, int length, MemorySegment scratch) {
        if (length == ReduceKernels.BLOCK) {
            wholeBlocks(x, offset, rows, scratch);
        } else {
            for (int r = 0; r < rows; r++) {
                halve(x, offset + 4L * r * length, length, scratch, ENDS + 4L * LEFT * r);
            }
        }
        transpose(scratch);
        MemorySegment columns = Native.slice(scratch, ENDS);
        MemorySegment folded = Native.slice(scratch, SPARE);
        for (int r = 0; r < LEFT; r += LANES) {
            DoubleVector low = DoubleVector.broadcast(DOUBLES, NEUTRAL);
            DoubleVector high = low;
            for (int i = 0; i < LEFT; i++) {
                FloatVector next = vector(columns, LEFT * i + r);
                low = low.lanewise(OP, next.convertShape(VectorOperators.F2D, DOUBLES, 0));
                if (LANES > 1) { // else the low half is all
                    high = high.lanewise(OP, next.convertShape(VectorOperators.F2D, DOUBLES, 1));
                }
            }
            low.intoMemorySegment(folded, 8L * r, ORDER);
            if (LANES > 1) {
                high.intoMemorySegment(folded, 8L * r + 4L * LANES, ORDER);
            }
        }
    }

    /// Folds rows of a whole block, which long rows consist of: three halvings at once, then all others.
    private static void wholeBlocks(MemorySegment x, long offset, int rows, MemorySegment scratch) {
        MemorySegment source = Native.slice(x, offset);
        MemorySegment eighth = Native.slice(scratch, 0);
        MemorySegment ends = Native.slice(scratch, ENDS);
        for (int r = 0; r < rows; r++) {
            int row = r * ReduceKernels.BLOCK;
            for (int i = 0; i < EIGHTH; i += LANES) {
                eight(source, row + i, EIGHTH).intoMemorySegment(eighth, 4L * i, ORDER);
            }
            for (int i = 0; i < LEFT; i += LANES) {
                eight(eighth, i, 2 * LEFT)
                        .lanewise(OP, eight(eighth, i + LEFT, 2 * LEFT))
                        .intoMemorySegment(ends, 4L * (LEFT * r + i), ORDER);
            }
        }
    }

    /// {@return eight vectors folded by halves}
    ///
    /// @param first where the first one is
    /// @param step from one to the next, in elements
    private static FloatVector eight(MemorySegment from, int first, int step) {
        return four(from, first, 2 * step).lanewise(OP, four(from, first + step, 2 * step));
    }

    private static FloatVector four(MemorySegment from, int first, int step) {
        return two(from, first, 2 * step).lanewise(OP, two(from, first + step, 2 * step));
    }

    private static FloatVector two(MemorySegment from, int first, int step) {
        return vector(from, first).lanewise(OP, vector(from, first + step));
    }

    /// Folds the upper half onto the lower one until 16 elements are left, and puts them down.
    private static void halve(
            MemorySegment x, long offset, int length, MemorySegment scratch, long to) {
        if (length == LEFT) {
            MemorySegment.copy(x, offset, scratch, to, 4L * LEFT);
            return;
        }
        int first = afterRound(length);
        if (!isEven(length)) {
            long half = 4L * (length - first);
            MemorySegment.copy(x, offset + half, scratch, half, 4L * first - half);
        }
        round(x, offset, length, scratch, first == LEFT ? to : 0);
        for (int count = first; count > LEFT; count = afterRound(count)) {
            round(scratch, 0, count, scratch, afterRound(count) == LEFT ? to : 0);
        }
    }

    /// Whether two rounds are made at once, for that is the same.
    private static boolean isEven(int count) {
        return count % (4 * LEFT) == 0;
    }

    /// {@return how many elements are left after a round}
    private static int afterRound(int count) {
        return isEven(count) ? count / 4 : count - count / (2 * LEFT) * LEFT;
    }

    /// One round; what lies in the middle of an odd number of parts stays where it is.
    private static void round(
            MemorySegment x, long offset, int count, MemorySegment out, long outOffset) {
        MemorySegment source = Native.slice(x, offset);
        MemorySegment target = Native.slice(out, outOffset);
        int left = afterRound(count);
        int half = count - left;
        if (isEven(count)) {
            for (int i = 0; i < left; i += LANES) {
                vector(source, i)
                        .lanewise(OP, vector(source, i + 2 * left))
                        .lanewise(
                                OP,
                                vector(source, i + left).lanewise(OP, vector(source, i + 3 * left)))
                        .intoMemorySegment(target, 4L * i, ORDER);
            }
        } else {
            for (int i = 0; i < half; i += LANES) {
                vector(source, i)
                        .lanewise(OP, vector(source, left + i))
                        .intoMemorySegment(target, 4L * i, ORDER);
            }
        }
    }

    private static FloatVector vector(MemorySegment from, int element) {
        return FloatVector.fromMemorySegment(SPECIES, from, 4L * element, ORDER);
    }

    /// Makes columns of rows, in four rounds: each moves the upper bit of an element's place to the end.
    private static void transpose(MemorySegment scratch) {
        for (int round = 0; round < 4; round++) {
            boolean isThere = round % 2 == 0;
            zip(scratch, isThere ? ENDS : SPARE, isThere ? SPARE : ENDS);
        }
    }

    /// Lays the second half of the elements between those of the first.
    private static void zip(MemorySegment scratch, long from, long to) {
        MemorySegment lower = Native.slice(scratch, from);
        MemorySegment upper = Native.slice(scratch, from + SQUARE / 2);
        MemorySegment target = Native.slice(scratch, to);
        for (int i = 0; i < LEFT * LEFT / 2; i += LANES) {
            FloatVector first = vector(lower, i);
            FloatVector second = vector(upper, i);
            first.rearrange(LOW, second).intoMemorySegment(target, 8L * i, ORDER);
            first.rearrange(HIGH, second).intoMemorySegment(target, 8L * i + 4L * LANES, ORDER);
        }
    }
}
