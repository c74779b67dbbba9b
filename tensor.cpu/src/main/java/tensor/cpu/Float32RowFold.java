package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Folds rows of float32 whose length is a multiple of 16, several at once, with the bits of [ReduceKernels]. Template:
/// operator.
///
/// A row is folded in halves until 16 elements are left; those of 16 rows are then folded side by side, so that one addition
/// need not wait for the other.
final class Float32RowFold implements ReduceKernels.Rows {
    /// Elements that are left of a row when halves end, and rows that are folded side by side.
    static final int LEFT = 16;

    private static final List<?> PARAMETERS = Specialize.parameters(MethodHandles.lookup());
    private static final VectorOperators.Associative OP =
            (VectorOperators.Associative) PARAMETERS.get(0);
    private static final boolean IS_SUM = (Boolean) PARAMETERS.get(1);
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = SPECIES.length();

    /// Where in the scratch memory what is left of rows is, behind the half of the longest row.
    private static final long ENDS = 4L * (ReduceKernels.BLOCK / 2 + LEFT);

    @Override
    public void fold(
            MemorySegment x,
            long offset,
            int count,
            int length,
            MemorySegment out,
            long outOffset,
            MemorySegment scratch) {
        double[] values = new double[LEFT];
        for (int row = 0; row < count; row += LEFT) {
            int rows = Math.min(LEFT, count - row);
            for (int r = 0; r < rows; r++) {
                long at = offset + 4L * (row + r) * length;
                halve(x, at, length, scratch, ENDS + 4L * LEFT * r);
            }
            ends(scratch, rows, values);
            for (int r = 0; r < rows; r++) {
                out.set(ValueLayout.JAVA_FLOAT, outOffset + 4L * (row + r), (float) values[r]);
            }
        }
    }

    /// Folds the upper half onto the lower one until 16 elements are left, and puts them down.
    private static void halve(
            MemorySegment x, long offset, int length, MemorySegment scratch, long to) {
        MemorySegment from = x;
        long at = offset;
        int left = length;
        while (left > LEFT) {
            int half = left / (2 * LEFT) * LEFT;
            left -= half;
            long target = left == LEFT ? to : 0;
            for (int i = 0; i < half; i += LANES) {
                FloatVector a = vector(from, at, i);
                FloatVector b = vector(from, at, left + i);
                a.lanewise(OP, b).intoMemorySegment(scratch, target + 4L * i, ORDER);
            }
            if (left + half == length) { // not in the scratch memory yet
                for (int i = half; i < left; i += LANES) {
                    vector(from, at, i).intoMemorySegment(scratch, target + 4L * i, ORDER);
                }
            }
            from = scratch;
            at = 0;
        }
        if (length == LEFT) {
            for (int i = 0; i < LEFT; i += LANES) {
                vector(x, offset, i).intoMemorySegment(scratch, to + 4L * i, ORDER);
            }
        }
    }

    private static FloatVector vector(MemorySegment from, long offset, int element) {
        return FloatVector.fromMemorySegment(SPECIES, from, offset + 4L * element, ORDER);
    }

    private static void ends(MemorySegment scratch, int rows, double[] values) {
        for (int r = 0; r < rows; r++) {
            values[r] = IS_SUM ? -0.0 : Double.NEGATIVE_INFINITY;
        }
        for (int i = 0; i < LEFT; i++) {
            for (int r = 0; r < rows; r++) {
                float next = scratch.get(ValueLayout.JAVA_FLOAT, ENDS + 4L * (LEFT * r + i));
                values[r] = IS_SUM ? values[r] + next : Math.max(values[r], next);
            }
        }
    }
}
