package tensor.layout;

import java.util.Arrays;
import java.util.Optional;

/// Where the elements of a tensor lie in its storage.
///
/// Element `(i, j, …)` lies at `offset + i·stride(0) + j·stride(1) + …`, counted in elements. A
/// stride of 0 repeats one element (an expanded axis), a negative one walks backwards (a flipped
/// axis). Every view is a new layout over the same storage: no method here touches a number.
/// Immutable, compared by value.
public final class Layout {
    private final Shape shape;
    private final long[] strides;
    private final long offset;
    private final boolean contiguous;

    private Layout(Shape shape, long[] strides, long offset) {
        this.shape = shape;
        this.strides = strides;
        this.offset = offset;
        this.contiguous = isRowMajor(shape, strides);
    }

    /// {@return the layout with these strides and this offset}
    ///
    /// @param shape the sizes of the axes
    /// @param strides the distance between neighbours along each axis, in elements
    /// @param offset the place of the first element, in elements
    /// @throws ShapeException if there is not one stride for each axis
    public static Layout of(Shape shape, long[] strides, long offset) {
        if (strides.length != shape.rank()) {
            throw new ShapeException(
                    "Layout.of: "
                            + shape
                            + " has "
                            + shape.rank()
                            + " axes, but there are "
                            + strides.length
                            + " strides",
                    shape);
        }
        return new Layout(shape, strides.clone(), offset);
    }

    /// {@return the row-major layout without gaps, starting at 0}
    ///
    /// @param shape the sizes of the axes
    public static Layout contiguous(Shape shape) {
        return new Layout(shape, rowMajor(shape), 0);
    }

    /// {@return the sizes of the axes}
    public Shape shape() {
        return shape;
    }

    /// {@return the distance between neighbours along one axis, in elements}
    ///
    /// @param axis the axis; negative numbers count from the end
    public long stride(int axis) {
        return strides[shape.axis("stride", axis)];
    }

    /// {@return a copy of the strides, in elements}
    public long[] strides() {
        return strides.clone();
    }

    /// {@return the place of the first element, in elements}
    public long offset() {
        return offset;
    }

    /// {@return whether the elements lie in row-major order without gaps} The offset may be
    /// anything; the strides of axes of size 1 do not matter; an empty layout is contiguous.
    public boolean isContiguous() {
        return contiguous;
    }

    /// {@return the place of the element at `index`, in elements} Indices are not checked.
    ///
    /// @param index one number an axis
    public long place(int... index) {
        long place = offset;
        for (int axis = 0; axis < index.length; axis++) {
            place += index[axis] * strides[axis];
        }
        return place;
    }

    /// {@return the view of the same elements in the same row-major order under another shape, or
    /// nothing where only a copy can have that shape}
    ///
    /// @param target a shape with as many elements
    /// @throws ShapeException if the element counts differ
    public Optional<Layout> reshape(Shape target) {
        if (target.elementCount() != shape.elementCount()) {
            throw new ShapeException(
                    "reshape: "
                            + shape
                            + " has "
                            + shape.elementCount()
                            + " elements, "
                            + target
                            + " has "
                            + target.elementCount(),
                    shape,
                    target);
        }
        if (contiguous) {
            return Optional.of(new Layout(target, rowMajor(target), offset));
        }
        return regroup(target).map(regrouped -> new Layout(target, regrouped, offset));
    }

    /// {@return the view whose axis `i` is this layout's axis `axes[i]`}
    ///
    /// @param axes each axis once; negative numbers count from the end
    /// @throws ShapeException if an axis is missing, named twice or does not exist
    public Layout permute(int... axes) {
        int rank = shape.rank();
        boolean[] seen = new boolean[rank];
        int[] sizes = new int[rank];
        long[] permuted = new long[rank];
        if (axes.length != rank) {
            throw new ShapeException(
                    "permute: "
                            + shape
                            + " has "
                            + rank
                            + " axes, but "
                            + Arrays.toString(axes)
                            + " names "
                            + axes.length,
                    shape);
        }
        for (int i = 0; i < rank; i++) {
            int axis = shape.axis("permute", axes[i]);
            if (seen[axis]) {
                throw new ShapeException(
                        "permute: "
                                + Arrays.toString(axes)
                                + " names axis "
                                + axis
                                + " of "
                                + shape
                                + " twice",
                        shape);
            }
            seen[axis] = true;
            sizes[i] = shape.size(axis);
            permuted[i] = strides[axis];
        }
        return new Layout(Shape.of(sizes), permuted, offset);
    }

    /// {@return the view that repeats axes of size 1, and new leading axes, up to `target`}
    ///
    /// @param target the shape to fill
    /// @throws ShapeException if an axis is neither 1 nor the target's size
    public Layout expand(Shape target) {
        if (shape.equals(target)) {
            return this;
        }
        int added = target.rank() - shape.rank();
        if (added < 0) {
            throw new ShapeException(
                    "expand: "
                            + shape
                            + " does not broadcast to "
                            + target
                            + ": it has "
                            + shape.rank()
                            + " axes, the target "
                            + target.rank(),
                    shape,
                    target);
        }
        long[] expanded = new long[target.rank()];
        for (int axis = 0; axis < shape.rank(); axis++) {
            int from = shape.size(axis);
            int to = target.size(axis + added);
            if (from != to && from != 1) {
                throw new ShapeException(
                        "expand: "
                                + shape
                                + " does not broadcast to "
                                + target
                                + ": axis "
                                + axis
                                + " is "
                                + from
                                + ", needs 1 or "
                                + to,
                        shape,
                        target);
            }
            expanded[axis + added] = from == to ? strides[axis] : 0;
        }
        return new Layout(target, expanded, offset);
    }

    /// {@return the view of elements `start`, `start + step`, … along `axis`, up to but without
    /// `end`}
    ///
    /// Both ends are counted from the start of the axis; with a negative step the walk goes down,
    /// and −1 as `end` takes it down to element 0.
    ///
    /// @param axis the axis; negative numbers count from the end
    /// @param start the first element
    /// @param end where the walk stops, not included
    /// @param step the distance between two elements of the walk, not 0
    /// @throws ShapeException if the axis does not exist or an element of the walk lies outside of
    ///     it
    public Layout slice(int axis, long start, long end, long step) {
        int along = shape.axis("slice", axis);
        int size = shape.size(along);
        long count = step == 0 ? -1 : Math.max(0, Math.ceilDiv(end - start, step));
        long last = start + (count - 1) * step;
        boolean inside =
                count == 0 || (count > 0 && start >= 0 && start < size && last >= 0 && last < size);
        if (!inside) {
            throw new ShapeException(
                    "slice: "
                            + start
                            + " to "
                            + end
                            + " by "
                            + step
                            + " leaves axis "
                            + along
                            + " of "
                            + shape
                            + ", which has elements 0 to "
                            + (size - 1),
                    shape);
        }
        long[] stepped = strides; // never changed, so it may be shared
        if (step != 1) {
            stepped = strides.clone();
            stepped[along] *= step;
        }
        long moved = count == 0 ? offset : offset + start * strides[along];
        return new Layout(shape.with(along, (int) count), stepped, moved);
    }

    /// {@return the view of the elements at one place of `axis`, without that axis}
    ///
    /// @param axis the axis; negative numbers count from the end
    /// @param index the place, from 0
    /// @throws ShapeException if the axis does not exist
    /// @throws IndexOutOfBoundsException if the place lies outside of it
    public Layout select(int axis, int index) {
        int along = shape.axis("select", axis);
        if (index < 0 || index >= shape.size(along)) {
            throw new IndexOutOfBoundsException(
                    "select: index "
                            + index
                            + " is outside axis "
                            + along
                            + " of "
                            + shape
                            + ", which has "
                            + shape.size(along)
                            + " elements");
        }
        long[] fewer = new long[strides.length - 1];
        System.arraycopy(strides, 0, fewer, 0, along);
        System.arraycopy(strides, along + 1, fewer, along, fewer.length - along);
        return new Layout(shape.without(along), fewer, offset + index * strides[along]);
    }

    /// {@return the view of all windows along `axis`: the axis counts them, and a new last axis goes through one}
    ///
    /// Windows overlap where `step` is less than what one spans, so an element may lie at several places of the view.
    ///
    /// @param axis the axis; negative numbers count from the end
    /// @param size how many elements a window has, from 1
    /// @param step the distance between two windows, from 1
    /// @param dilation the distance between two elements of a window, from 1
    /// @throws ShapeException if the axis does not exist, or is shorter than one window
    public Layout windows(int axis, int size, int step, int dilation) {
        int along = shape.axis("windows", axis);
        if (size < 1 || step < 1 || dilation < 1) {
            throw new ShapeException(
                    "windows: size "
                            + size
                            + ", step "
                            + step
                            + ", dilation "
                            + dilation
                            + "; use numbers from 1",
                    shape);
        }
        long span = (size - 1L) * dilation + 1;
        long count = Math.floorDiv(shape.size(along) - span, step) + 1;
        if (count < 1) {
            throw new ShapeException(
                    "windows: a window of "
                            + size
                            + " with dilation "
                            + dilation
                            + " spans "
                            + span
                            + " elements, but axis "
                            + along
                            + " of "
                            + shape
                            + " has "
                            + shape.size(along)
                            + "; pad it",
                    shape);
        }
        int rank = shape.rank();
        int[] sizes = Arrays.copyOf(shape.sizes(), rank + 1);
        long[] stepped = Arrays.copyOf(strides, rank + 1);
        sizes[rank] = size;
        stepped[rank] = strides[along] * dilation;
        sizes[along] = (int) count;
        stepped[along] *= step;
        return new Layout(Shape.of(sizes), stepped, offset);
    }

    /// Strides for `target` in which each group of old axes that lie without gaps is split anew;
    /// nothing where a new axis would have to cross a gap. Axes of size 1 join any group.
    private Optional<long[]> regroup(Shape target) {
        long[] result = new long[target.rank()];
        int to = target.rank() - 1;
        int from = shape.rank() - 1;
        while (from >= 0) {
            // a group of old axes without gaps between them
            long groupStride = strides[from];
            long groupCount = shape.size(from);
            from--;
            while (from >= 0
                    && (shape.size(from) == 1
                            || groupCount == 1
                            || strides[from] == groupCount * groupStride)) {
                if (groupCount == 1) {
                    groupStride = strides[from];
                }
                groupCount *= shape.size(from);
                from--;
            }
            // the new axes that fill exactly this group
            long filled = 1;
            while (to >= 0 && (filled < groupCount || target.size(to) == 1)) {
                result[to] = groupStride * filled;
                filled *= target.size(to);
                to--;
            }
            if (filled != groupCount) {
                return Optional.empty();
            }
        }
        while (to >= 0) {
            result[to--] = 1; // only axes of size 1 are left
        }
        return Optional.of(result);
    }

    private static long[] rowMajor(Shape shape) {
        long[] strides = new long[shape.rank()];
        long stride = 1;
        for (int axis = strides.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= Math.max(1, shape.size(axis));
        }
        return strides;
    }

    private static boolean isRowMajor(Shape shape, long[] strides) {
        if (shape.elementCount() == 0) {
            return true;
        }
        long expected = 1;
        for (int axis = strides.length - 1; axis >= 0; axis--) {
            int size = shape.size(axis);
            if (size != 1) {
                if (strides[axis] != expected) {
                    return false;
                }
                expected *= size;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof Layout that
                        && offset == that.offset
                        && shape.equals(that.shape)
                        && Arrays.equals(strides, that.strides));
    }

    @Override
    public int hashCode() {
        return 31 * (31 * shape.hashCode() + Arrays.hashCode(strides)) + Long.hashCode(offset);
    }

    @Override
    public String toString() {
        return shape + " strides " + Arrays.toString(strides) + " offset " + offset;
    }
}
