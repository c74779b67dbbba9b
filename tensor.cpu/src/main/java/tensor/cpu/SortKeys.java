package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import tensor.layout.DType;

/// Elements as integers of the same order: zeros of both signs are one, and NaN is greater than all numbers.
final class SortKeys {
    /// The key of every NaN.
    static final long NAN = Long.MAX_VALUE;

    private static final int SHORT = 16;

    private SortKeys() {}

    /// {@return the key of an element}
    static long of(MemorySegment segment, DType dtype, long offset) {
        return switch (dtype) {
            case FLOAT32 -> of(segment.get(ValueLayout.JAVA_FLOAT, offset));
            case FLOAT64 -> of(segment.get(ValueLayout.JAVA_DOUBLE, offset));
            case INT64 -> segment.get(ValueLayout.JAVA_LONG, offset);
            case INT32 -> segment.get(ValueLayout.JAVA_INT, offset);
            case UINT8 -> Byte.toUnsignedLong(segment.get(ValueLayout.JAVA_BYTE, offset));
            case FLOAT16, BFLOAT16, BOOL ->
                    throw new IllegalArgumentException(
                            "sort: not defined on " + dtype + "; cast first");
        };
    }

    /// The bits of negative numbers grow with their size, so all but the sign are turned.
    private static long of(double value) {
        if (Double.isNaN(value)) {
            return NAN;
        }
        long bits = Double.doubleToRawLongBits(value + 0.0); // −0 + 0 is 0
        return bits ^ (bits >> 63 >>> 1);
    }

    /// {@return the positions of the keys in ascending order; equal keys keep theirs}
    static int[] sort(long[] keys) {
        int[] positions = new int[keys.length];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = i;
        }
        sort(keys, positions, positions.clone(), 0, keys.length);
        return positions;
    }

    /// Merges two sorted halves, which lie in the other array.
    private static void sort(long[] keys, int[] to, int[] from, int start, int end) {
        if (end - start <= SHORT) {
            insert(keys, to, start, end);
            return;
        }
        int middle = (start + end) >>> 1;
        sort(keys, from, to, start, middle);
        sort(keys, from, to, middle, end);
        int left = start;
        int right = middle;
        for (int i = start; i < end; i++) {
            boolean takesLeft =
                    right == end || (left < middle && keys[from[left]] <= keys[from[right]]);
            to[i] = takesLeft ? from[left++] : from[right++];
        }
    }

    private static void insert(long[] keys, int[] positions, int start, int end) {
        for (int i = start + 1; i < end; i++) {
            int moved = positions[i];
            int at = i;
            while (at > start && keys[positions[at - 1]] > keys[moved]) {
                positions[at] = positions[at - 1];
                at--;
            }
            positions[at] = moved;
        }
    }
}
