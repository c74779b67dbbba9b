package tensor.api;

import java.util.Arrays;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.layout.ShapeException;
import tensor.spi.ReduceOp;

/// Operations that fold axes away.
final class Reductions {
    private Reductions() {}

    static Tensor sum(Tensor x, Axes axes) {
        return reduce("sum", ReduceOp.SUM, x.dtype() == DType.BOOL ? x.cast(DType.INT64) : x, axes);
    }

    static Tensor mean(Tensor x, Axes axes) {
        Checks.floating("mean", x);
        return reduce("mean", ReduceOp.SUM, x, axes).div(count("mean", x, axes));
    }

    static Tensor max(Tensor x, Axes axes) {
        Checks.number("max", x);
        requireElements("max", x, axes);
        return reduce("max", ReduceOp.MAX, x, axes);
    }

    static Tensor min(Tensor x, Axes axes) {
        Checks.number("min", x);
        requireElements("min", x, axes);
        // for integers −1 − x, because the least one has no negative
        Tensor mirrored = x.dtype() == DType.INT64 ? mirror(x) : x.neg();
        Tensor max = reduce("min", ReduceOp.MAX, mirrored, axes);
        return x.dtype() == DType.INT64 ? mirror(max) : max.neg();
    }

    private static Tensor mirror(Tensor x) {
        return x.add(1).neg();
    }

    static Tensor variance(Tensor x, Axes axes, int correction) {
        Checks.floating("variance", x);
        Tensor centred = x.sub(mean(x, axes.keep()));
        return reduce("variance", ReduceOp.SUM, centred.square(), axes)
                .div(count("variance", x, axes) - correction);
    }

    static Tensor argMax(Tensor x, int axis) {
        checkPosition("argMax", x, axis);
        return firstPosition("argMax", x, max(x.detach(), Axes.of(axis).keep()), axis);
    }

    static Tensor argMin(Tensor x, int axis) {
        checkPosition("argMin", x, axis);
        return firstPosition("argMin", x, min(x.detach(), Axes.of(axis).keep()), axis);
    }

    private static void checkPosition(String where, Tensor x, int axis) {
        Checks.number(where, x);
        requireElements(where, x, Axes.of(axis));
    }

    /// The first position along an axis of an extreme value, or of NaN.
    private static Tensor firstPosition(String where, Tensor x, Tensor extreme, int axis) {
        int along = x.shape().axis(where, axis);
        int size = x.size(along);
        Tensor values = x.detach();
        Tensor hits = values.equalTo(extreme);
        if (x.dtype().isFloating()) {
            hits = hits.or(values.isNaN());
        }
        // the first hit is the one with the most places after it
        Tensor placesAfter = x.device().with(() -> Sources.arange(size)).neg().add(size - 1);
        int[] sizes = new int[x.rank()];
        Arrays.fill(sizes, 1);
        sizes[along] = size;
        Tensor none = Sources.constant(where, placesAfter, -1);
        Tensor found = Tensor.where(hits, placesAfter.reshape(sizes), none);
        return reduce(where, ReduceOp.MAX, found, Axes.of(along)).neg().add(size - 1);
    }

    /// Undoes a broadcast: sums over the axes that [Op.Expand] repeated or added.
    static Tensor sumToShape(Tensor x, Shape target) {
        if (x.shape().equals(target)) {
            return x;
        }
        int added = x.rank() - target.rank();
        int[] repeated = new int[x.rank()];
        int count = 0;
        for (int axis = 0; axis < x.rank(); axis++) {
            if (axis < added || (target.size(axis - added) == 1 && x.size(axis) != 1)) {
                repeated[count++] = axis;
            }
        }
        return sum(x, Axes.of(Arrays.copyOf(repeated, count)).keep()).reshape(target);
    }

    private static Tensor reduce(String where, ReduceOp op, Tensor x, Axes asked) {
        Axes axes = asked.in(where, x.shape());
        Tensor folded = axes.size() == 0 ? x : Dispatch.apply(new Op.Reduce(op, axes), x);
        return asked.kept() ? folded : folded.reshape(axes.dropped(x.shape()));
    }

    private static double count(String where, Tensor x, Axes asked) {
        Axes axes = asked.in(where, x.shape());
        double count = 1;
        for (int i = 0; i < axes.size(); i++) {
            count *= x.size(axes.get(i));
        }
        return count;
    }

    private static void requireElements(String where, Tensor x, Axes asked) {
        if (count(where, x, asked) == 0) {
            throw new ShapeException(
                    where
                            + ": "
                            + x.shape()
                            + " has no element along "
                            + asked
                            + "; nothing has no "
                            + where,
                    x.shape());
        }
    }
}
