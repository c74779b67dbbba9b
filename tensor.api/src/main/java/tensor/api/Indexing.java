package tensor.api;

import java.util.Arrays;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.layout.ShapeException;

/// Elements by position: picking them, and adding to them.
final class Indexing {
    private Indexing() {}

    static Tensor gather(Tensor x, int axis, Tensor index) {
        return at("gather", new Op.Gather(x.shape().axis("gather", axis)), x, index);
    }

    /// The operation of a backend, whose message on a position lacks the place.
    private static Tensor at(String where, Op op, Tensor... in) {
        try {
            return Dispatch.apply(op, in);
        } catch (IndexOutOfBoundsException e) {
            var error = new IndexOutOfBoundsException(where + ": " + e.getMessage());
            error.initCause(e);
            throw error;
        }
    }

    static Tensor scatterAdd(Tensor x, int axis, Tensor index, Tensor source) {
        Checks.sameDType("scatterAdd", x, source);
        Checks.number("scatterAdd", x, source);
        Tensor added = source;
        for (int i = 0; i < Math.min(index.rank(), source.rank()); i++) {
            added = added.slice(i, 0, index.size(i));
        }
        Op op = new Op.ScatterAdd(x.shape().axis("scatterAdd", axis));
        return at("scatterAdd", op, x, index, added);
    }

    /// The index becomes a view of the result's shape, repeated along all other axes.
    static Tensor indexSelect(Tensor x, int axis, Tensor index) {
        int along = x.shape().axis("indexSelect", axis);
        if (index.rank() != 1) {
            throw new ShapeException(
                    "indexSelect: the index is " + index.shape() + "; it has one axis",
                    index.shape(),
                    x.shape());
        }
        int[] sizes = new int[x.rank()];
        Arrays.fill(sizes, 1);
        sizes[along] = index.size(0);
        Shape result = x.shape().with(along, index.size(0));
        Tensor positions = index.reshape(sizes).expand(result);
        return at("indexSelect", new Op.Gather(along), x, positions);
    }

    static Tensor pad(Tensor x, int axis, int before, int after, PadMode mode) {
        int along = x.shape().axis("pad", axis);
        int size = x.size(along);
        int most = mode.most(size);
        if (before > most || after > most) {
            throw new IllegalArgumentException(
                    "pad: %d before and %d after do not fit axis %d of %s; %s takes up to %d"
                            .formatted(before, after, along, x.shape(), mode, most));
        }
        long[] positions = new long[Checks.padded(x.shape(), along, before, after)];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = mode.within(i - before, size);
        }
        Tensor index = x.device().with(() -> Tensor.of(positions));
        return indexSelect(x, along, index);
    }

    /// By adding ones at the classes, so that a class outside of the range is an error and not a
    /// row of zeros.
    static Tensor oneHot(Tensor classes, int count) {
        if (classes.dtype() != DType.INT64) {
            throw new IllegalArgumentException(
                    "oneHot: the tensor is " + classes.dtype() + "; classes are int64");
        }
        if (count < 0) {
            throw new IllegalArgumentException(
                    "oneHot: %d classes; use 0 or more".formatted(count));
        }
        int[] sizes = Arrays.copyOf(classes.shape().sizes(), classes.rank() + 1);
        sizes[classes.rank()] = count;
        Tensor at = classes.unsqueeze(-1);
        Tensor zeros = Sources.fill(classes.device(), Shape.of(sizes), DType.INT64, 0);
        Tensor one = Sources.constant("oneHot", classes, 1).expand(at.shape());
        try {
            return Dispatch.apply(new Op.ScatterAdd(classes.rank()), zeros, at, one);
        } catch (IndexOutOfBoundsException e) {
            long least = classes.min().itemLong();
            long outside = least < 0 ? least : classes.max().itemLong();
            var error =
                    new IndexOutOfBoundsException(
                            "oneHot: %d of %s is none of the %d classes; use numbers from 0 to %d"
                                    .formatted(outside, classes.shape(), count, count - 1));
            error.initCause(e);
            throw error;
        }
    }
}
