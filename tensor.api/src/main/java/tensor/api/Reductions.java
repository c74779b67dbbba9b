package tensor.api;

import java.util.Arrays;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.layout.ShapeException;
import tensor.spi.PositionOp;
import tensor.spi.ReduceOp;

/// Operations that fold axes away.
final class Reductions {
    private Reductions() {}

    static Tensor sum(Tensor x, Axes axes) {
        return reduce("sum", ReduceOp.SUM, summand("sum", x), axes);
    }

    /// Sums of bool and of narrow integers are int64.
    private static Tensor summand(String where, Tensor x) {
        Checks.computed(where, x);
        return x.dtype().isFloating() ? x : x.cast(DType.INT64);
    }

    static Tensor any(Tensor x, Axes axes) {
        Checks.bool("any", x);
        return reduce("any", ReduceOp.SUM, x.cast(DType.INT64), axes).greater(0);
    }

    static Tensor all(Tensor x, Axes axes) {
        Checks.bool("all", x);
        return reduce("all", ReduceOp.SUM, x.not().cast(DType.INT64), axes).equalTo(0);
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
        Tensor mirrored = x.dtype().isInteger() ? mirror(x) : x.neg();
        Tensor max = reduce("min", ReduceOp.MAX, mirrored, axes);
        return x.dtype().isInteger() ? mirror(max) : max.neg();
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

    /// Through the root of 1 where it is 0, so that no gradient becomes infinite there.
    private static Tensor rootOrZero(String where, Tensor squares) {
        Tensor zero = Sources.constant(where, squares, 0);
        Tensor vanishes = squares.equalTo(zero);
        Tensor safe = Tensor.where(vanishes, Sources.constant(where, squares, 1), squares);
        return Tensor.where(vanishes, zero, safe.sqrt());
    }

    static Tensor std(Tensor x, Axes axes, int correction) {
        return rootOrZero("std", variance(x, axes, correction));
    }

    static Tensor norm(Tensor x, double p, Axes axes) {
        Checks.floating("norm", x);
        if (p == 2) {
            return rootOrZero("norm", reduce("norm", ReduceOp.SUM, x.square(), axes));
        }
        if (p == 1) {
            return reduce("norm", ReduceOp.SUM, x.abs(), axes);
        }
        if (p == Double.POSITIVE_INFINITY) {
            return max(x.abs(), axes);
        }
        if (p == Double.NEGATIVE_INFINITY) {
            return min(x.abs(), axes);
        }
        if (p == 0) {
            return reduce("norm", ReduceOp.SUM, x.notEqualTo(0).cast(x.dtype()), axes);
        }
        return powerNorm(x, p, axes);
    }

    /// Zeros go through the power of 1, whose gradient is then dropped, so that no gradient becomes infinite.
    private static Tensor powerNorm(Tensor x, double p, Axes axes) {
        Tensor zero = Sources.constant("norm", x, 0);
        Tensor one = Sources.constant("norm", x, 1);
        Tensor atZero = x.equalTo(zero);
        Tensor powers = Tensor.where(atZero, one, x.abs()).pow(p);
        Tensor ofZero = p > 0 ? zero : Sources.constant("norm", x, Double.POSITIVE_INFINITY);
        Tensor sum = reduce("norm", ReduceOp.SUM, Tensor.where(atZero, ofZero, powers), axes);
        Tensor vanishes = sum.equalTo(zero);
        return Tensor.where(vanishes, zero, Tensor.where(vanishes, one, sum).pow(1 / p));
    }

    static Tensor cumSum(Tensor x, int axis) {
        Tensor summand = summand("cumSum", x);
        return Dispatch.apply(new Op.CumSum(x.shape().axis("cumSum", axis)), summand);
    }

    static Tensor argMax(Tensor x, int axis) {
        return position(PositionOp.MAX, x, axis);
    }

    static Tensor argMin(Tensor x, int axis) {
        return position(PositionOp.MIN, x, axis);
    }

    private static Tensor position(PositionOp op, Tensor x, int axis) {
        String where = Labels.of(op);
        Checks.number(where, x);
        requireElements(where, x, Axes.of(axis));
        int along = x.shape().axis(where, axis);
        return Dispatch.apply(new Op.Position(op, along), x).squeeze(along);
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
