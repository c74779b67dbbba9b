package tensor.nn;

import java.util.Arrays;
import java.util.List;
import tensor.api.Axes;
import tensor.api.Fusion;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.layout.ShapeException;

/// Functions of tensors that models are made of. They hold no state; all can be differentiated again.
///
/// Losses stand in [Losses], functions of single elements in [Activations].
public final class Functional {
    private static final Fusion SOFTMAX = Fusion.of("softmax", in -> softmaxOf(in.getFirst(), -1));
    private static final Fusion LOG_SOFTMAX =
            Fusion.of("logSoftmax", in -> logSoftmaxOf(in.getFirst(), -1));

    private Functional() {}

    /// {@return `x·weightᵀ`} Shapes: `[.., in]`, `[out, in]` → `[.., out]`.
    ///
    /// @param x the inputs
    /// @param weight a row for each output
    /// @throws ShapeException if the numbers of inputs differ
    public static Tensor linear(Tensor x, Tensor weight) {
        return x.matMul(weight.t());
    }

    /// {@return `x·weightᵀ + bias`} Shapes: `[.., in]`, `[out, in]`, `[out]` → `[.., out]`.
    ///
    /// @param x the inputs
    /// @param weight a row for each output
    /// @param bias added to the outputs
    /// @throws ShapeException if the numbers of inputs or outputs differ
    public static Tensor linear(Tensor x, Tensor weight, Tensor bias) {
        return linear(x, weight).add(bias);
    }

    /// {@return `x` with each element set to 0 at random, the others divided by 1 − `probability`} With probability 1, all
    /// are 0.
    ///
    /// @param x floating point
    /// @param probability that an element is dropped, from 0 to 1
    /// @param key decides which are dropped
    /// @throws IllegalArgumentException if the probability is out of its range
    public static Tensor dropout(Tensor x, double probability, RandomKey key) {
        checkDropout(probability);
        Tensor chance = x.device().with(() -> Tensor.uniform(key, x.shape(), DType.FLOAT32));
        Tensor zeros = x.device().with(() -> Tensor.zeros(x.shape(), x.dtype()));
        double factor = probability == 1 ? 0 : 1 / (1 - probability);
        return Tensor.where(chance.less(probability), zeros, x.mul(factor));
    }

    static double checkDropout(double probability) {
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException(
                    "Dropout: probability is " + probability + "; use a number from 0 to 1");
        }
        return probability;
    }

    /// {@return `log Σ eˣ` along some axes} Large numbers do not overflow.
    ///
    /// @param x floating point; −∞ of nothing
    /// @param axes what is summed over
    public static Tensor logSumExp(Tensor x, Axes axes) {
        if (x.elementCount() == 0) {
            return x.exp().sum(axes).log();
        }
        Tensor shift = finite(x.detach().max(axes.keep()));
        Tensor sum = x.sub(shift).exp().sum(axes);
        return sum.log().add(shift.reshape(sum.shape()));
    }

    /// {@return `eˣ / Σ eˣ` along an axis} Large numbers do not overflow. Nothing of nothing.
    ///
    /// @param x floating point
    /// @param axis negative numbers count from the end
    /// @throws ShapeException if there is no such axis
    public static Tensor softmax(Tensor x, int axis) {
        if (x.size(x.shape().axis("softmax", axis)) == 0) {
            return x.exp();
        }
        return isLast(x, axis) ? SOFTMAX.apply(x) : softmaxOf(x, axis);
    }

    private static boolean isLast(Tensor x, int axis) {
        return axis == -1 || axis == x.rank() - 1;
    }

    /// Its derivative is of the result alone, so it folds once, not three times, and takes no exponentials.
    static Tensor softmaxOf(Tensor x, int axis) {
        Axes over = Axes.of(axis).keep();
        return Tensor.custom(
                "softmax",
                List.of(x),
                in -> {
                    Tensor powers = in.getFirst().sub(in.getFirst().max(over)).exp();
                    return powers.div(powers.sum(over));
                },
                (_, _, y, g) -> {
                    Tensor share = g.mul(y);
                    return share.sub(y.mul(share.sum(over)));
                });
    }

    /// {@return the logarithm of [#softmax]} More exact than computing it from that.
    ///
    /// @param x floating point
    /// @param axis negative numbers count from the end
    /// @throws ShapeException if there is no such axis
    public static Tensor logSoftmax(Tensor x, int axis) {
        if (x.size(x.shape().axis("logSoftmax", axis)) == 0) {
            return x.exp();
        }
        return isLast(x, axis) ? LOG_SOFTMAX.apply(x) : logSoftmaxOf(x, axis);
    }

    private static Tensor logSoftmaxOf(Tensor x, int axis) {
        Axes over = Axes.of(axis).keep();
        return Tensor.custom(
                "logSoftmax",
                List.of(x),
                in -> {
                    Tensor shifted = in.getFirst().sub(in.getFirst().max(over));
                    return shifted.sub(shifted.exp().sum(over).log());
                },
                (_, _, y, g) -> g.sub(y.exp().mul(g.sum(over))));
    }

    /// {@return rows of a table, one for each index} Shapes: `[rows, features]`, `[..]` → `[.., features]`.
    ///
    /// @param table what is looked up in
    /// @param index int64 positions of rows
    /// @throws IndexOutOfBoundsException if there is no such row
    public static Tensor embedding(Tensor table, Tensor index) {
        int[] sizes = Arrays.copyOf(index.shape().sizes(), index.rank() + 1);
        sizes[index.rank()] = table.size(1);
        Shape shape = Shape.of(sizes);
        try {
            return table.indexSelect(0, index.flatten()).reshape(shape);
        } catch (IndexOutOfBoundsException e) {
            throw Classes.outside("embedding: index", index, table.size(0), "rows", "", e);
        }
    }

    /// {@return rows of a table, one for each index; the row `padding` gets no gradient}
    ///
    /// @param table what is looked up in, `[rows, features]`
    /// @param index int64 positions of rows
    /// @param padding a position; negative numbers count from the end
    /// @throws IndexOutOfBoundsException if there is no such row
    public static Tensor embedding(Tensor table, Tensor index, int padding) {
        Tensor rows = embedding(table, index);
        int row = padding < 0 ? padding + table.size(0) : padding;
        Tensor padded = index.equalTo(row).unsqueeze(-1);
        return Tensor.where(padded, rows.detach(), rows);
    }

    /// {@return the cosine of the angle between vectors along an axis: `a·b / (max(|a|, ε)·max(|b|, ε))`}
    ///
    /// @param a vectors, floating point
    /// @param b vectors, of a shape that broadcasts with that of `a`
    /// @param axis negative numbers count from the end
    /// @param epsilon the least length that is divided by
    public static Tensor cosineSimilarity(Tensor a, Tensor b, int axis, double epsilon) {
        Shape shape = Shape.broadcast("cosineSimilarity", a.shape(), b.shape());
        Axes kept = Axes.of(axis).keep();
        Tensor left = a.expand(shape);
        Tensor right = b.expand(shape);
        return left.div(length(left, kept, epsilon))
                .mul(right.div(length(right, kept, epsilon)))
                .sum(axis);
    }

    /// At least ε, with the gradient of the true length.
    private static Tensor length(Tensor x, Axes axes, double epsilon) {
        Tensor length = x.norm(2, axes);
        return length.add(length.detach().neg().add(epsilon).relu());
    }

    /// {@return the share of samples whose highest score is at the target class, a float32 scalar; NaN without samples}
    ///
    /// @param logits `[batch, classes]`
    /// @param targets classes from 0, int64 `[batch]`
    /// @throws ShapeException if the shapes do not fit
    public static Tensor accuracy(Tensor logits, Tensor targets) {
        if (logits.rank() != 2 || targets.rank() != 1 || logits.size(0) != targets.size(0)) {
            throw new ShapeException(
                    "accuracy: logits %s and targets %s; they need [batch, classes] and [batch]"
                            .formatted(logits.shape(), targets.shape()),
                    logits.shape(),
                    targets.shape());
        }
        return logits.argMax(1).equalTo(targets).cast(DType.FLOAT32).mean();
    }

    /// Infinite numbers turned to 0: subtracting them from themselves would give NaN.
    private static Tensor finite(Tensor x) {
        Tensor isInfinite = x.abs().equalTo(Double.POSITIVE_INFINITY);
        Tensor zeros = x.device().with(() -> Tensor.zeros(x.shape(), x.dtype()));
        return Tensor.where(isInfinite, zeros, x);
    }
}
