package tensor.testkit;

import java.util.List;
import tensor.layout.Layout;
import tensor.layout.Shape;

/// How an operand of some shape lies in its storage: the views that an operation may meet.
enum Arrangement {
    /// Row-major, without gaps.
    CONTIGUOUS,
    /// Row-major, but not from the start of the storage.
    SHIFTED,
    /// The axes lie in the opposite order.
    TRANSPOSED,
    /// Every second element along each axis, after some others.
    SLICED,
    /// Every axis walks backwards.
    FLIPPED,
    /// The last axis repeats one element.
    EXPANDED,
    /// The first axis repeats one element.
    EXPANDED_FIRST;

    /// Those without repeated elements, into which one can write.
    static final List<Arrangement> WRITABLE =
            List.of(CONTIGUOUS, SHIFTED, TRANSPOSED, SLICED, FLIPPED);

    private static final List<Arrangement> ALL = List.of(values());

    /// {@return the one that comes `places` later, round and round: to pair the operands of an
    /// operation}
    Arrangement later(int places) {
        return ALL.get(Math.floorMod(ALL.indexOf(this) + places, ALL.size()));
    }

    /// {@return the layout of an operand of this shape}
    Layout of(Shape shape) {
        int rank = shape.rank();
        return switch (this) {
            case CONTIGUOUS -> Layout.contiguous(shape);
            case SHIFTED -> Layout.of(shape, Layout.contiguous(shape).strides(), 5);
            case TRANSPOSED -> {
                int[] reversed = new int[rank];
                int[] sizes = new int[rank];
                for (int axis = 0; axis < rank; axis++) {
                    reversed[axis] = rank - 1 - axis;
                    sizes[axis] = shape.size(rank - 1 - axis);
                }
                yield Layout.contiguous(Shape.of(sizes)).permute(reversed);
            }
            case SLICED -> {
                int[] sizes = shape.sizes();
                for (int axis = 0; axis < rank; axis++) {
                    sizes[axis] = 2 * sizes[axis] + 3;
                }
                Layout layout = Layout.contiguous(Shape.of(sizes));
                for (int axis = 0; axis < rank; axis++) {
                    layout = layout.slice(axis, 3, 3L + 2L * shape.size(axis), 2);
                }
                yield layout;
            }
            case FLIPPED -> {
                Layout layout = Layout.contiguous(shape);
                for (int axis = 0; axis < rank; axis++) {
                    layout = layout.slice(axis, shape.size(axis) - 1L, -1, -1);
                }
                yield layout;
            }
            case EXPANDED -> rank == 0 ? Layout.contiguous(shape) : repeated(shape, rank - 1);
            case EXPANDED_FIRST -> rank == 0 ? Layout.contiguous(shape) : repeated(shape, 0);
        };
    }

    private static Layout repeated(Shape shape, int axis) {
        return Layout.contiguous(shape.with(axis, 1)).expand(shape);
    }

    /// {@return how many elements a storage needs for a layout}
    static long storageSize(Layout layout) {
        long last = layout.offset();
        for (int axis = 0; axis < layout.shape().rank(); axis++) {
            last += Math.max(0, (layout.shape().size(axis) - 1) * layout.stride(axis));
        }
        return last + 1;
    }
}
