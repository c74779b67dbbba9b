package tensor.api;

import java.util.Arrays;
import java.util.stream.IntStream;
import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.layout.ShapeException;

/// Other shapes of the same elements, and joining tensors.
final class Views {
    private Views() {}

    static Tensor reshape(Tensor x, Shape to) {
        if (x.shape().equals(to)) {
            return x;
        }
        Tensor viewable = x.data().layout().reshape(to).isPresent() ? x : x.copy();
        return Dispatch.apply(new Op.Reshape(to), viewable);
    }

    /// {@return `sizes` as a shape of as many elements as `x`, one −1 inferred}
    static Shape inferred(Tensor x, int[] sizes) {
        int open = -1;
        long known = 1;
        for (int axis = 0; axis < sizes.length; axis++) {
            if (sizes[axis] != -1) {
                known *= sizes[axis];
            } else if (open == -1) {
                open = axis;
            } else {
                throw new ShapeException(
                        "reshape: " + Arrays.toString(sizes) + " leaves more than one size open",
                        x.shape());
            }
        }
        if (open == -1) {
            return Shape.of(sizes);
        }
        if (known == 0 || x.elementCount() % known != 0) {
            throw new ShapeException(
                    "reshape: "
                            + x.shape()
                            + " has "
                            + x.elementCount()
                            + " elements; no size in place of -1 makes "
                            + Arrays.toString(sizes)
                            + " fit",
                    x.shape());
        }
        int[] filled = sizes.clone();
        filled[open] = (int) (x.elementCount() / known);
        return Shape.of(filled);
    }

    static Tensor flatten(Tensor x, int firstAxis) {
        if (x.rank() == 0) {
            return x.reshape(1);
        }
        int first = x.shape().axis("flatten", firstAxis);
        int[] sizes = Arrays.copyOf(x.shape().sizes(), first + 1);
        int[] rest = Arrays.copyOfRange(x.shape().sizes(), first, x.rank());
        long folded = Shape.of(rest).elementCount();
        sizes[first] = Checks.size("flatten", first, folded, x.shape());
        return reshape(x, Shape.of(sizes));
    }

    static Tensor squeeze(Tensor x, int axis) {
        int gone = x.shape().axis("squeeze", axis);
        if (x.size(gone) != 1) {
            throw new ShapeException(
                    "squeeze: axis "
                            + gone
                            + " of "
                            + x.shape()
                            + " is "
                            + x.size(gone)
                            + ", needs 1",
                    x.shape());
        }
        return reshape(x, x.shape().without(gone));
    }

    static Tensor unsqueeze(Tensor x, int axis) {
        return reshape(x, raised("unsqueeze", x.shape(), axis, 1));
    }

    /// {@return a shape with one more axis}
    ///
    /// @param axis its place; negative numbers count from the end
    static Shape raised(String op, Shape shape, int axis, int size) {
        int rank = shape.rank() + 1;
        int at = axis < 0 ? axis + rank : axis;
        if (at < 0 || at >= rank) {
            throw new ShapeException(
                    "%s: there is no place %d in %s; use %d to %d"
                            .formatted(op, axis, shape, -rank, rank - 1),
                    shape);
        }
        int[] sizes = new int[rank];
        for (int i = 0; i < rank; i++) {
            sizes[i] = i == at ? size : shape.size(i < at ? i : i - 1);
        }
        return Shape.of(sizes);
    }

    /// {@return `x`, as another tensor}
    static Tensor same(Tensor x) {
        return permute(x, IntStream.range(0, x.rank()).toArray());
    }

    static Tensor permute(Tensor x, int... axes) {
        int[] fromStart = new int[axes.length];
        for (int i = 0; i < axes.length; i++) {
            fromStart[i] = x.shape().axis("permute", axes[i]);
        }
        return Dispatch.apply(new Op.Permute(Axes.of(fromStart)), x);
    }

    static Tensor transpose(String where, Tensor x, int a, int b) {
        int first = x.shape().axis(where, a);
        int second = x.shape().axis(where, b);
        int[] axes = new int[x.rank()];
        Arrays.setAll(axes, axis -> axis == first ? second : axis == second ? first : axis);
        return Dispatch.apply(new Op.Permute(Axes.of(axes)), x);
    }

    static Tensor expand(Tensor x, Shape to) {
        return x.shape().equals(to) ? x : Dispatch.apply(new Op.Expand(to), x);
    }

    static Tensor slice(Tensor x, int axis, long start, long end, long step) {
        int along = x.shape().axis("slice", axis);
        long size = x.size(along);
        if (step < 1) {
            throw new IllegalArgumentException(
                    "slice: the step is " + step + "; use 1 or more, or flip(axis)");
        }
        long from = Math.clamp(start < 0 ? start + size : start, 0, size);
        long to = Math.clamp(end < 0 ? end + size : end, from, size);
        return from == 0 && to == size && step == 1
                ? x
                : Dispatch.apply(new Op.Slice(along, from, to, step), x);
    }

    static Tensor select(Tensor x, int axis, int index) {
        int along = x.shape().axis("select", axis);
        int size = x.size(along);
        int at = index < 0 ? index + size : index;
        Layout one = x.data().layout().select(along, at);
        if (Dispatch.records(x)) {
            return squeeze(Dispatch.apply(new Op.Slice(along, at, at + 1L, 1), x), along);
        }
        return Dispatch.view(x, one);
    }

    static Tensor flip(Tensor x, int... axes) {
        Tensor flipped = x;
        Axes each = Axes.of(axes).in("flip", x.shape());
        for (int i = 0; i < each.size(); i++) {
            int axis = each.get(i);
            flipped = Dispatch.apply(new Op.Slice(axis, x.size(axis) - 1L, -1, -1), flipped);
        }
        return flipped;
    }

    static Tensor pad(Tensor x, int axis, int before, int after, double value) {
        int along = x.shape().axis("pad", axis);
        if (before < 0 || after < 0) {
            throw new IllegalArgumentException(
                    "pad: "
                            + before
                            + " before and "
                            + after
                            + " after; use 0 or more, or slice to crop");
        }
        Shape to = x.shape().with(along, Checks.padded(x.shape(), along, before, after));
        return before == 0 && after == 0
                ? x
                : Dispatch.apply(new Op.Pad(to, along, before, 1, value), x);
    }

    static Tensor concat(int axis, Tensor... parts) {
        if (parts.length == 0) {
            throw new IllegalArgumentException("concat: there is no tensor; give one or more");
        }
        return Dispatch.apply(new Op.Concat(parts[0].shape().axis("concat", axis)), parts.clone());
    }

    static Tensor stack(int axis, Tensor... parts) {
        if (parts.length == 0) {
            throw new IllegalArgumentException("stack: there is no tensor; give one or more");
        }
        Tensor[] raised = new Tensor[parts.length];
        for (int i = 0; i < parts.length; i++) {
            Shape first = parts[0].shape();
            if (!parts[i].shape().equals(first)) {
                throw new ShapeException(
                        "stack: part "
                                + i
                                + " is "
                                + parts[i].shape()
                                + ", part 0 is "
                                + first
                                + "; all must be equal",
                        parts[i].shape(),
                        first);
            }
            Checks.sameDType("stack", parts[0], parts[i]);
            raised[i] = unsqueeze(parts[i], axis);
        }
        return concat(axis < 0 ? axis + raised[0].rank() : axis, raised);
    }

    static Tensor cast(Tensor x, DType to) {
        return x.dtype() == to ? x : Dispatch.apply(new Op.Cast(to), x);
    }
}
