package tensor.nn;

import java.util.function.Consumer;
import tensor.api.Axes;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.ShapeException;

/// Functions of tensors that models and losses are made of. They hold no state; all can be differentiated again.
public final class Functional {
    private static final double ROOT_2_OVER_PI = Math.sqrt(2 / Math.PI);

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

    /// {@return `x` with each element set to 0 at random, the others divided by 1 − `probability`}
    ///
    /// @param x floating point
    /// @param probability that an element is dropped, from 0 to below 1
    /// @param key decides which are dropped
    /// @throws IllegalArgumentException if the probability is out of its range
    public static Tensor dropout(Tensor x, double probability, RandomKey key) {
        checkDropout(probability);
        Tensor chance = x.device().with(() -> Tensor.uniform(key, x.shape(), DType.FLOAT32));
        Tensor zeros = x.device().with(() -> Tensor.zeros(x.shape(), x.dtype()));
        return Tensor.where(chance.less(probability), zeros, x.mul(1 / (1 - probability)));
    }

    static double checkDropout(double probability) {
        if (!(probability >= 0 && probability < 1)) {
            throw new IllegalArgumentException(
                    "Dropout: probability is " + probability + "; use a number from 0 to below 1");
        }
        return probability;
    }

    /// {@return `log Σ eˣ` along some axes} Large numbers do not overflow.
    ///
    /// @param x floating point, with at least one element along the axes
    /// @param axes what is summed over
    public static Tensor logSumExp(Tensor x, Axes axes) {
        Tensor shift = finite(x.detach().max(axes.keep()));
        Tensor sum = x.sub(shift).exp().sum(axes);
        return sum.log().add(shift.reshape(sum.shape()));
    }

    /// {@return `eˣ / Σ eˣ` along an axis} Large numbers do not overflow.
    ///
    /// @param x floating point
    /// @param axis negative numbers count from the end
    public static Tensor softmax(Tensor x, int axis) {
        Tensor powers = x.sub(x.detach().max(Axes.of(axis).keep())).exp();
        return powers.div(powers.sum(Axes.of(axis).keep()));
    }

    /// {@return the logarithm of [#softmax]} More exact than computing it from that.
    ///
    /// @param x floating point
    /// @param axis negative numbers count from the end
    public static Tensor logSoftmax(Tensor x, int axis) {
        Tensor shifted = x.sub(x.detach().max(Axes.of(axis).keep()));
        return shifted.sub(shifted.exp().sum(Axes.of(axis).keep()).log());
    }

    /// {@return `log(1 + eˣ)`} Large numbers do not overflow.
    ///
    /// @param x floating point
    public static Tensor softplus(Tensor x) {
        Tensor shift =
                x.detach().relu(); // one formula on both sides, so derivatives of all orders are
        // right at 0
        return x.sub(shift).exp().add(shift.neg().exp()).log().add(shift);
    }

    static Tensor geluTanh(Tensor x) {
        Tensor inner = x.add(x.mul(x).mul(x).mul(0.044715)).mul(ROOT_2_OVER_PI);
        return x.mul(0.5).mul(inner.tanh().add(1));
    }

    /// {@return the mean over all samples of −log softmax(logits) at the target class, a scalar}
    ///
    /// @param logits unscaled scores, `[batch, classes]`, or `[batch, classes, ..]`, or `[classes]`
    /// @param targets classes from 0, int64 `[batch]`, or `[batch, ..]`, or `[]`; or a probability for each class, floating
    ///     point of the shape of `logits`
    /// @throws ShapeException if the shapes do not fit
    /// @throws IndexOutOfBoundsException if there is no such class
    public static Tensor crossEntropy(Tensor logits, Tensor targets) {
        return crossEntropy(logits, targets, config -> {});
    }

    /// {@return the cross-entropy as `config` says}
    ///
    /// @param logits as for [#crossEntropy(Tensor, Tensor)]
    /// @param targets as for [#crossEntropy(Tensor, Tensor)]
    /// @param config weights, smoothing, reduction
    /// @throws ShapeException if the shapes do not fit
    /// @throws IndexOutOfBoundsException if there is no such class
    public static Tensor crossEntropy(
            Tensor logits, Tensor targets, Consumer<CrossEntropy.Config> config) {
        CrossEntropy.Config chosen = new CrossEntropy.Config();
        config.accept(chosen);
        return new CrossEntropy(chosen).apply(logits, targets);
    }

    /// {@return the mean of the squared differences, a scalar}
    ///
    /// @param x the outputs
    /// @param targets of the same shape
    /// @throws ShapeException if the shapes differ
    public static Tensor mse(Tensor x, Tensor targets) {
        return mse(x, targets, Reduction.MEAN);
    }

    /// {@return the squared differences}
    ///
    /// @param x the outputs
    /// @param targets of the same shape
    /// @param reduction what becomes of the single ones
    /// @throws ShapeException if the shapes differ
    public static Tensor mse(Tensor x, Tensor targets, Reduction reduction) {
        checkSameShape("mse", x, targets);
        return reduction.apply(x.sub(targets).square());
    }

    /// {@return the absolute differences}
    ///
    /// @param x the outputs
    /// @param targets of the same shape
    /// @param reduction what becomes of the single ones
    /// @throws ShapeException if the shapes differ
    public static Tensor l1(Tensor x, Tensor targets, Reduction reduction) {
        checkSameShape("l1", x, targets);
        return reduction.apply(x.sub(targets).abs());
    }

    /// {@return half the squared difference where it is at most `delta`, beyond that `delta·(|difference| − delta/2)`}
    ///
    /// @param x the outputs
    /// @param targets of the same shape
    /// @param delta where the square turns into a line, above 0
    /// @param reduction what becomes of the single ones
    /// @throws ShapeException if the shapes differ
    public static Tensor huber(Tensor x, Tensor targets, double delta, Reduction reduction) {
        checkSameShape("huber", x, targets);
        if (!(delta > 0)) {
            throw new IllegalArgumentException(
                    "huber: delta is " + delta + "; use a number above 0");
        }
        Tensor difference = x.sub(targets);
        Tensor size = difference.abs();
        Tensor square = difference.square().mul(0.5);
        Tensor line = size.sub(delta / 2).mul(delta);
        return reduction.apply(Tensor.where(size.lessOrEqual(delta), square, line));
    }

    /// {@return the cross-entropy of yes-or-no targets: `softplus(x) − x·target`}
    ///
    /// @param logits unscaled scores; sigmoid makes probabilities of them
    /// @param targets probabilities of yes, of the same shape
    /// @param reduction what becomes of the single ones
    /// @throws ShapeException if the shapes differ
    public static Tensor binaryCrossEntropyWithLogits(
            Tensor logits, Tensor targets, Reduction reduction) {
        checkSameShape("binaryCrossEntropyWithLogits", logits, targets);
        return reduction.apply(softplus(logits).sub(logits.mul(targets)));
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

    private static void checkSameShape(String where, Tensor x, Tensor targets) {
        if (!x.shape().equals(targets.shape())) {
            throw new ShapeException(
                    "%s: outputs %s and targets %s differ in shape; reshape one"
                            .formatted(where, x.shape(), targets.shape()),
                    x.shape(),
                    targets.shape());
        }
    }

    /// Infinite numbers turned to 0: subtracting them from themselves would give NaN.
    private static Tensor finite(Tensor x) {
        Tensor isInfinite = x.abs().equalTo(Double.POSITIVE_INFINITY);
        Tensor zeros = x.device().with(() -> Tensor.zeros(x.shape(), x.dtype()));
        return Tensor.where(isInfinite, zeros, x);
    }
}
