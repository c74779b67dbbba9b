package tensor.cpu;

import java.util.Arrays;

/// Where the rows or the columns of a matrix stand in memory: one or several axes of a tensor, counted through in
/// row-major order. Places are in elements, from that of index 0.
///
/// So the columns of a matrix may be the pixels of many images, or its inner index the channels and the places under a
/// kernel, without a copy that lays them out.
final class Places {
    private static final int[] NO_SIZES = {};
    private static final long[] NO_STRIDES = {};

    /// The axes before the last one.
    private final int[] sizes;

    private final long[] strides;

    /// The last axis.
    private final int size;

    private final long step;
    private final int count;

    private Places(int[] sizes, long[] strides, int size, long step) {
        this.sizes = sizes;
        this.strides = strides;
        this.size = size;
        this.step = step;
        int product = size;
        for (int before : sizes) {
            product = Math.multiplyExact(product, before);
        }
        this.count = product;
    }

    /// {@return the places of all indices of some axes} Axes of size 1 are dropped, and neighbours that are walked without a gap
    /// become one.
    ///
    /// @param axes how many there are
    /// @param sizes from 1; their product is an int
    /// @param strides in elements
    /// @param first where those of the first axis stand among the strides
    static Places of(int axes, int[] sizes, long[] strides, int first) {
        int size = 1; // of one element, which has no neighbours
        long step = 1;
        for (int axis = 0; axis < axes; axis++) {
            int next = sizes[axis];
            long stride = strides[first + axis];
            if (next > 1 && size > 1 && step != stride * next) {
                return ofSeveral(axes, sizes, strides, first);
            }
            if (next > 1) {
                size *= next;
                step = stride;
            }
        }
        return even(size, step);
    }

    private static Places ofSeveral(int axes, int[] sizes, long[] strides, int first) {
        int[] mergedSizes = new int[axes];
        long[] mergedStrides = new long[axes];
        int last = -1;
        for (int axis = 0; axis < axes; axis++) {
            int next = sizes[axis];
            long stride = strides[first + axis];
            if (next == 1) {
                continue;
            }
            if (last >= 0 && mergedStrides[last] == stride * next) {
                next *= mergedSizes[last];
            } else {
                last++;
            }
            mergedSizes[last] = next;
            mergedStrides[last] = stride;
        }
        return new Places(
                Arrays.copyOf(mergedSizes, last),
                Arrays.copyOf(mergedStrides, last),
                mergedSizes[last],
                mergedStrides[last]);
    }

    /// {@return `count` places, each `step` after the one before}
    static Places even(int count, long step) {
        return new Places(NO_SIZES, NO_STRIDES, count, step);
    }

    int count() {
        return count;
    }

    /// {@return whether all are the same distance apart}
    boolean isEven() {
        return sizes.length == 0;
    }

    /// {@return the distance from one to the next along the last axis}
    long step() {
        return step;
    }

    /// {@return the place of index `i`}
    long at(int i) {
        if (isEven()) {
            return i * step;
        }
        int rest = i / size;
        long place = (i - rest * size) * step;
        for (int axis = sizes.length - 1; axis > 0; axis--) {
            int before = rest / sizes[axis];
            place += (rest - before * sizes[axis]) * strides[axis];
            rest = before;
        }
        return place + rest * strides[0];
    }

    /// {@return how many, from index `i` on, are neighbours in memory, at least 1}
    int run(int i) {
        if (step != 1) {
            return 1;
        }
        return isEven() ? count - i : size - i % size;
    }

    /// {@return how many are neighbours in memory at most}
    int longestRun() {
        return step == 1 ? size : 1;
    }

    /// Writes the places of `n` indices from `first` on.
    void list(int first, int n, long[] places) {
        int i = 0;
        while (i < n) {
            long place = at(first + i);
            int end = Math.min(n, i + size - (first + i) % size);
            for (; i < end; i++) {
                places[i] = place;
                place += step;
            }
        }
    }
}
