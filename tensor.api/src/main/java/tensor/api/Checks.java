package tensor.api;

import java.util.Arrays;
import java.util.stream.Collectors;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.layout.ShapeException;
import tensor.spi.Contraction;

/// What must hold before a primitive runs, and what is said where it does not.
final class Checks {
    private Checks() {}

    static void sameDevice(Op op, Tensor a, Tensor b) {
        if (a.device() != b.device()) {
            sameDevice(op.label(), a, b);
        }
    }

    static void sameDevice(String where, Tensor a, Tensor b) {
        if (a.device() != b.device()) {
            throw new IllegalArgumentException(
                    where
                            + ": devices '"
                            + a.device()
                            + "' and '"
                            + b.device()
                            + "' do not mix; use to(device)");
        }
    }

    static void sameDType(String where, Tensor a, Tensor b) {
        if (a.dtype() != b.dtype()) {
            throw new IllegalArgumentException(
                    where
                            + ": "
                            + a.dtype()
                            + " and "
                            + b.dtype()
                            + " do not mix; cast one of them");
        }
    }

    static void sameShape(Op op, Tensor a, Tensor b) {
        if (!a.shape().equals(b.shape())) {
            throw new ShapeException(
                    op.label() + ": shapes " + a.shape() + " and " + b.shape() + " differ",
                    a.shape(),
                    b.shape());
        }
    }

    static void floating(Op op, Tensor x) {
        floating(op.label(), x);
    }

    static void floating(String where, Tensor... in) {
        computed(where, in);
        if (!in[0].dtype().isFloating()) {
            throw new IllegalArgumentException(
                    where
                            + ": "
                            + in[0].dtype()
                            + " is not floating point; cast it to float32 or float64");
        }
    }

    static void number(String where, Tensor... in) {
        computed(where, in);
        if (in[0].dtype() == DType.BOOL) {
            throw new IllegalArgumentException(
                    where + ": bool has no arithmetic; cast it to int64, float32 or float64");
        }
    }

    /// Checks that the dtype, which all have, is not for storage only.
    static void computed(String where, Tensor... in) {
        if (in[0].dtype().isStorageOnly()) {
            String all =
                    Arrays.stream(in)
                            .map(x -> x.dtype() + " " + x.shape())
                            .collect(Collectors.joining(" and "));
            throw new IllegalArgumentException(
                    where
                            + ": "
                            + all
                            + (in.length == 1 ? " is" : " are")
                            + " for storage; cast to float32 to compute");
        }
    }

    static void bool(String where, Tensor x) {
        if (x.dtype() != DType.BOOL) {
            throw new IllegalArgumentException(
                    where + ": " + x.dtype() + " is not bool; compare it with something");
        }
    }

    static void matrices(String where, Tensor x) {
        if (x.rank() < 2) {
            throw new ShapeException(
                    where + ": " + x.shape() + " has no matrices; it needs two axes", x.shape());
        }
    }

    /// {@return the shape of a product of matrices with equal leading axes}
    static Shape product(Shape a, Shape b) {
        return a.with(-1, b.size(-1));
    }

    /// {@return the shape of a contraction, whose sizes are those that the names have}
    static Shape contraction(Contraction by, Tensor a, Tensor b) {
        int[] sizes = new int[by.out().size()];
        for (int axis = 0; axis < sizes.length; axis++) {
            Integer name = by.out().get(axis);
            int left = by.left().indexOf(name);
            sizes[axis] = left >= 0 ? a.size(left) : b.size(by.right().indexOf(name));
        }
        return Shape.of(sizes);
    }

    /// Checks that `index` can pick from, or add to, `x` along `axis`.
    static void index(Op op, Tensor index, Tensor x, int axis, String what) {
        if (index.dtype() != DType.INT64) {
            throw new IllegalArgumentException(
                    op.label() + ": the index is " + index.dtype() + "; positions are int64");
        }
        Shape at = index.shape();
        Shape in = x.shape();
        boolean fits = at.rank() == in.rank();
        for (int i = 0; fits && i < at.rank(); i++) {
            fits = i == axis || at.size(i) <= in.size(i);
        }
        if (!fits) {
            throw new ShapeException(
                    op.label()
                            + ": index "
                            + at
                            + " does not fit "
                            + what
                            + " "
                            + in
                            + ": it needs as many axes, none longer but axis "
                            + axis,
                    at,
                    in);
        }
    }

    /// {@return the shape of the parts one after another along `axis`}
    static Shape joined(Tensor[] parts, int axis) {
        Shape first = parts[0].shape();
        long total = 0;
        for (int i = 0; i < parts.length; i++) {
            Shape part = parts[i].shape();
            if (part.rank() != first.rank() || !part.with(axis, 1).equals(first.with(axis, 1))) {
                throw new ShapeException(
                        "concat: part "
                                + i
                                + " is "
                                + part
                                + ", part 0 is "
                                + first
                                + "; only axis "
                                + axis
                                + " may differ",
                        part,
                        first);
            }
            sameDType("concat", parts[0], parts[i]);
            total += part.size(axis);
        }
        return first.with(axis, size("concat", axis, total, first));
    }

    /// {@return the size of an axis that is padded}
    ///
    /// @param before how many elements come before, or below 0, how many go
    /// @param after how many come after, or below 0, how many go
    static int padded(Shape shape, int axis, int before, int after) {
        long size = (long) shape.size(axis) + before + after;
        if (size < 0) {
            throw new ShapeException(
                    "pad: %d before and %d after leave out more than the %d elements of axis %d of %s"
                            .formatted(before, after, shape.size(axis), axis, shape),
                    shape);
        }
        return size("pad", axis, size, shape);
    }

    /// {@return the size of an axis, which no more elements than that fit into}
    static int size(String where, int axis, long size, Shape shape) {
        if (size > Integer.MAX_VALUE) {
            throw new ShapeException(
                    "%s: axis %d of %s becomes %d elements long; an axis has up to %d"
                            .formatted(where, axis, shape, size, Integer.MAX_VALUE),
                    shape);
        }
        return (int) size;
    }
}
