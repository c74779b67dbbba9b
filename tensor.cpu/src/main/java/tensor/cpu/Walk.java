package tensor.cpu;

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

    /// Whether both layouts are one, and share their strides.
    private final boolean isOne;

    private Walk(
            int[] sizes,
            long[] sourceStrides,
            long[] targetStrides,
            long sourceOffset,
            long targetOffset,
            boolean isOne) {
        this.sizes = sizes;
        this.sourceStrides = sourceStrides;
        this.targetStrides = targetStrides;
        this.sourceOffset = sourceOffset;
        this.targetOffset = targetOffset;
        this.isOne = isOne;
    }

    /// {@return the walk over one layout without empty axes} It has at least one axis.
    static Walk of(Layout layout) {
        return of(layout, layout, true);
    }

    /// {@return the walk over two layouts of one shape without empty axes} It has at least one axis.
    static Walk of(Layout source, Layout target) {
        return of(source, target, false);
    }

    private static Walk of(Layout source, Layout target, boolean isOne) {
        int axes = Math.max(1, axes(source, target));
        int[] sizes = new int[axes];
        long[] s = new long[axes];
        long[] t = isOne ? s : new long[axes];
        sizes[0] = 1; // of one element
        s[0] = 1;
        t[0] = 1;
        int last = -1;
        for (int axis = 0; axis < source.shape().rank(); axis++) {
            int size = source.shape().size(axis);
            if (size == 1) {
                continue;
            }
            if (last >= 0 && merges(source, target, axis, s[last], t[last], sizes[last])) {
                size *= sizes[last];
            } else {
                last++;
            }
            sizes[last] = size;
            s[last] = source.stride(axis);
            t[last] = target.stride(axis);
        }
        return new Walk(sizes, s, t, source.offset(), target.offset(), isOne);
    }

    /// {@return how many axes are left when neighbours are merged}
    private static int axes(Layout source, Layout target) {
        int count = 0;
        long s = 0;
        long t = 0;
        int size = 0;
        for (int axis = 0; axis < source.shape().rank(); axis++) {
            int next = source.shape().size(axis);
            if (next == 1) {
                continue;
            }
            boolean merges = count > 0 && merges(source, target, axis, s, t, size);
            count += merges ? 0 : 1;
            size = merges ? size * next : next;
            s = source.stride(axis);
            t = target.stride(axis);
        }
        return count;
    }

    /// {@return whether an axis goes on where the one before it, of these strides and this size, makes one step}
    private static boolean merges(
            Layout source, Layout target, int axis, long s, long t, int size) {
        int next = source.shape().size(axis);
        return s == source.stride(axis) * next
                && t == target.stride(axis) * next
                && (long) size * next <= Integer.MAX_VALUE;
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
        long[] strides = drop(sourceStrides, axis);
        return new Walk(
                drop(sizes, axis),
                strides,
                isOne ? strides : drop(targetStrides, axis),
                sourceOffset,
                targetOffset,
                isOne);
    }

    /// {@return the place of one step of the walk, counted from 0}
    Position position(long step) {
        return new Position(step);
    }

    private static int[] drop(int[] array, int at) {
        int[] fewer = new int[array.length - 1];
        System.arraycopy(array, 0, fewer, 0, at);
        System.arraycopy(array, at + 1, fewer, at, fewer.length - at);
        return fewer;
    }

    private static long[] drop(long[] array, int at) {
        long[] fewer = new long[array.length - 1];
        System.arraycopy(array, 0, fewer, 0, at);
        System.arraycopy(array, at + 1, fewer, at, fewer.length - at);
        return fewer;
    }

    /// Where the walk stands.
    final class Position {
        private final int[] index = new int[sizes.length];
        private long source;
        private long target;

        private Position(long step) {
            go(step);
        }

        /// Goes to one step, counted from 0.
        void go(long step) {
            source = sourceOffset;
            target = targetOffset;
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
