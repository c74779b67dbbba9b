package tensor.cpu;

/// Where the rows or the columns of a matrix stand in memory: one or several axes of a tensor, counted through in
/// row-major order. Places are in elements, from that of index 0.
///
/// So the columns of a matrix may be the pixels of many images, or its inner index the channels and the places under a
/// kernel, without a copy that lays them out.
final class Places {
    private final int[] sizes;
    private final long[] strides;
    private final int last;
    private final int count;

    /// Axes of size 1 are dropped, and neighbours that are walked without a gap become one.
    ///
    /// @param axes how many there are in the arrays
    /// @param sizes from 1; their product is an int
    /// @param strides in elements
    Places(int axes, int[] sizes, long[] strides) {
        int[] mergedSizes = new int[Math.max(1, axes)];
        long[] mergedStrides = new long[Math.max(1, axes)];
        int end = -1;
        for (int axis = 0; axis < axes; axis++) {
            if (sizes[axis] == 1) {
                continue;
            }
            if (end >= 0 && mergedStrides[end] == strides[axis] * sizes[axis]) {
                mergedSizes[end] *= sizes[axis];
            } else {
                end++;
                mergedSizes[end] = sizes[axis];
            }
            mergedStrides[end] = strides[axis];
        }
        if (end < 0) { // one element, which has no neighbours
            end = 0;
            mergedSizes[0] = 1;
            mergedStrides[0] = 1;
        }
        this.sizes = mergedSizes;
        this.strides = mergedStrides;
        this.last = end;
        int product = 1;
        for (int axis = 0; axis <= end; axis++) {
            product = Math.multiplyExact(product, mergedSizes[axis]);
        }
        this.count = product;
    }

    /// {@return `count` places, each `step` after the one before}
    static Places even(int count, long step) {
        return new Places(1, new int[] {count}, new long[] {step});
    }

    int count() {
        return count;
    }

    /// {@return whether all are the same distance apart}
    boolean isEven() {
        return last == 0;
    }

    /// {@return the distance from one to the next along the last axis}
    long step() {
        return strides[last];
    }

    /// {@return the place of index `i`}
    long at(int i) {
        long place = 0;
        int rest = i;
        for (int axis = last; axis > 0; axis--) {
            int before = rest / sizes[axis];
            place += (rest - before * sizes[axis]) * strides[axis];
            rest = before;
        }
        return place + rest * strides[0];
    }

    /// {@return how many, from index `i` on, are neighbours in memory, at least 1}
    int run(int i) {
        if (strides[last] != 1) {
            return 1;
        }
        return last == 0 ? count - i : sizes[last] - i % sizes[last];
    }

    /// {@return how many are neighbours in memory at most}
    int longestRun() {
        return strides[last] == 1 ? sizes[last] : 1;
    }

    /// Writes the places of `n` indices from `first` on.
    void list(int first, int n, long[] places) {
        int i = 0;
        while (i < n) {
            long place = at(first + i);
            int end = Math.min(n, i + sizes[last] - (first + i) % sizes[last]);
            for (; i < end; i++) {
                places[i] = place;
                place += strides[last];
            }
        }
    }
}
