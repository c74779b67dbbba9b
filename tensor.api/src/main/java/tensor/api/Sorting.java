package tensor.api;

import tensor.spi.PositionOp;
import tensor.spi.SortOrder;

/// Elements along an axis in order, and the first ones of them: positions are found, elements are gathered.
final class Sorting {
    private Sorting() {}

    static Indexed sort(Tensor x, int axis, SortOrder order) {
        Checks.number("sort", x);
        int along = x.shape().axis("sort", axis);
        return pick(x, along, Dispatch.apply(new Op.ArgSort(order, along), x));
    }

    static Indexed first(String where, Tensor x, int count, int axis, SortOrder order) {
        Checks.number(where, x);
        int along = x.shape().axis(where, axis);
        if (count < 0 || count > x.size(along)) {
            throw new IllegalArgumentException(
                    "%s: %d elements of axis %d of %s; use 0 to %d"
                            .formatted(where, count, along, x.shape(), x.size(along)));
        }
        Tensor sorted = Dispatch.apply(new Op.ArgSort(order, along), x);
        return pick(x, along, sorted.slice(along, 0, count));
    }

    static Indexed extreme(Tensor x, int axis, PositionOp op) {
        int along = x.shape().axis(Labels.of(op), axis);
        Tensor index = op == PositionOp.MAX ? x.argMax(along) : x.argMin(along);
        Tensor values = x.gather(along, index.unsqueeze(along)).squeeze(along);
        return new Indexed(values, index);
    }

    private static Indexed pick(Tensor x, int along, Tensor index) {
        return new Indexed(x.gather(along, index), index);
    }
}
