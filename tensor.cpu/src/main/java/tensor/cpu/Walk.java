package tensor.cpu;

import java.util.Arrays;
import tensor.layout.Layout;

/// Two layouts of one shape walked side by side, in row-major order, with as few axes as possible.
///
/// Axes of size 1 are dropped, and neighbouring axes that both layouts walk without a gap are one axis here. Places and
/// strides are in elements.
final class Walk {
    final int[] sizes;
    final long[] sourceStrides;
    final long[] targetStrides;
    private final long sourceOffset;
    private final long targetOffset;

    private Walk(
            int[] sizes,
            long[] sourceStrides,
            long[] targetStrides,
            long sourceOffset,
            long targetOffset) {
        this.sizes = sizes;
        this.sourceStrides = sourceStrides;
        this.targetStrides = targetStrides;
        this.sourceOffset = sourceOffset;
        this.targetOffset = targetOffset;
    }

    /// {@return the walk over two layouts of one shape without empty axes} It has at least one axis.
    static Walk of(Layout source, Layout target) {
        int rank = source.shape().rank();
        int[] sizes = new int[rank + 1];
        long[] s = new long[rank + 1];
        long[] t = new long[rank + 1];
        int last = -1;
        for (int axis = 0; axis < rank; axis++) {
            int size = source.shape().size(axis);
            if (size == 1) {
                continue;
            }
            long sourceStride = source.stride(axis);
            long targetStride = target.stride(axis);
            boolean merges =
                    last >= 0
                            && s[last] == sourceStride * size
                            && t[last] == targetStride * size
                            && (long) sizes[last] * size <= Integer.MAX_VALUE;
            if (merges) {
                size *= sizes[last];
            } else {
                last++;
            }
            sizes[last] = size;
            s[last] = sourceStride;
            t[last] = targetStride;
        }
        if (last < 0) { // one element
            last = 0;
            sizes[0] = 1;
            s[0] = 1;
            t[0] = 1;
        }
        return new Walk(
                Arrays.copyOf(sizes, last + 1),
                Arrays.copyOf(s, last + 1),
                Arrays.copyOf(t, last + 1),
                source.offset(),
                target.offset());
    }

    int rank() {
        return sizes.length;
    }

    /// {@return the product of the sizes}
    long count() {
        long count = 1;
        for (int size : sizes) {
            count *= size;
        }
        return count;
    }

    /// {@return the last axis along which the source is contiguous, or −1}
    int axisOfSourceStride1() {
        for (int axis = sizes.length - 1; axis >= 0; axis--) {
            if (sourceStrides[axis] == 1) {
                return axis;
            }
        }
        return -1;
    }

    /// {@return the walk over the first elements along `axis`}
    Walk without(int axis) {
        return new Walk(
                drop(sizes, axis),
                drop(sourceStrides, axis),
                drop(targetStrides, axis),
                sourceOffset,
                targetOffset);
    }

    /// {@return the place of one step of the walk, counted from 0}
    Position position(long step) {
        return new Position(step);
    }

    private static int[] drop(int[] array, int at) {
        int[] fewer = Arrays.copyOf(array, array.length - 1);
        System.arraycopy(array, at + 1, fewer, at, fewer.length - at);
        return fewer;
    }

    private static long[] drop(long[] array, int at) {
        long[] fewer = Arrays.copyOf(array, array.length - 1);
        System.arraycopy(array, at + 1, fewer, at, fewer.length - at);
        return fewer;
    }

    /// Where the walk stands.
    final class Position {
        private final int[] index = new int[sizes.length];
        private long source = sourceOffset;
        private long target = targetOffset;

        private Position(long step) {
            long rest = step;
            for (int axis = sizes.length - 1; axis >= 0; axis--) {
                index[axis] = (int) (rest % sizes[axis]);
                rest /= sizes[axis];
                source += index[axis] * sourceStrides[axis];
                target += index[axis] * targetStrides[axis];
            }
        }

        /// The place in the source.
        long source() {
            return source;
        }

        /// The place in the target.
        long target() {
            return target;
        }

        /// How many steps, with this one, are left along the last axis.
        int left() {
            int last = sizes.length - 1;
            return sizes[last] - index[last];
        }

        /// Goes on by `steps` steps, from 1, of those that are left along the last axis.
        void advance(int steps) {
            int last = sizes.length - 1;
            index[last] += steps - 1;
            source += (steps - 1) * sourceStrides[last];
            target += (steps - 1) * targetStrides[last];
            advance();
        }

        /// Goes on by one step; after the last one it is at the start again.
        void advance() {
            for (int axis = sizes.length - 1; axis >= 0; axis--) {
                source += sourceStrides[axis];
                target += targetStrides[axis];
                if (++index[axis] < sizes[axis]) {
                    return;
                }
                index[axis] = 0;
                source -= sizes[axis] * sourceStrides[axis];
                target -= sizes[axis] * targetStrides[axis];
            }
        }
    }
}
