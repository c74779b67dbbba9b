package tensor.nn;

import java.util.function.Consumer;
import tensor.api.Tensor;
import tensor.layout.Shape;
import tensor.layout.ShapeException;

/// How far outputs are from targets. All can be differentiated again, by outputs and floating-point targets.
public final class Losses {
    private Losses() {}

    /// {@return the mean over all samples of −log softmax(logits) at the target class, a scalar}
    ///
    /// @param logits unscaled scores, `[batch, classes]`, or `[batch, classes, ..]`, or `[classes]`
    /// @param targets classes from 0, int64 `[batch]`, or `[batch, ..]`, or `[]`; or a probability for each class, floating
    ///     point of the shape of `logits`
    /// @throws ShapeException if the shapes do not fit
    /// @throws IllegalArgumentException if targets are of another type
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
    /// @throws IllegalArgumentException if targets are of another type
    /// @throws IndexOutOfBoundsException if there is no such class
    public static Tensor crossEntropy(
            Tensor logits, Tensor targets, Consumer<CrossEntropy.Config> config) {
        CrossEntropy.Config chosen = new CrossEntropy.Config();
        config.accept(chosen);
        return new CrossEntropy("crossEntropy", chosen).apply(logits, targets);
    }

    /// {@return −log probability at the target class: [#crossEntropy] of what has gone through [Functional#logSoftmax]}
    ///
    /// @param logProbabilities `[batch, classes]`, or `[batch, classes, ..]`, or `[classes]`
    /// @param targets as for [#crossEntropy(Tensor, Tensor)]
    /// @param config weights, smoothing, reduction
    /// @throws ShapeException if the shapes do not fit
    /// @throws IllegalArgumentException if targets are of another type
    /// @throws IndexOutOfBoundsException if there is no such class
    public static Tensor negativeLogLikelihood(
            Tensor logProbabilities, Tensor targets, Consumer<CrossEntropy.Config> config) {
        CrossEntropy.Config chosen = new CrossEntropy.Config();
        config.accept(chosen);
        return new CrossEntropy("negativeLogLikelihood", chosen)
                .ofLogProbabilities(logProbabilities, targets);
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

    /// {@return half the squared difference over `beta` where that is below `beta`, beyond it `|difference| − beta/2`}
    ///
    /// @param x the outputs
    /// @param targets of the same shape
    /// @param beta where the square turns into a line, from 0
    /// @param reduction what becomes of the single ones
    /// @throws ShapeException if the shapes differ
    public static Tensor smoothL1(Tensor x, Tensor targets, double beta, Reduction reduction) {
        checkSameShape("smoothL1", x, targets);
        if (!(beta >= 0)) {
            throw new IllegalArgumentException(
                    "smoothL1: beta is " + beta + "; use a number from 0");
        }
        if (beta == 0) {
            return l1(x, targets, reduction);
        }
        Tensor difference = x.sub(targets);
        Tensor size = difference.abs();
        Tensor square = difference.square().mul(0.5 / beta);
        return reduction.apply(Tensor.where(size.less(beta), square, size.sub(beta / 2)));
    }

    /// {@return the cross-entropy of yes-or-no targets: `−target·log p − (1 − target)·log(1 − p)`} Logarithms are at least
    /// −100. Prefer [#binaryCrossEntropyWithLogits(Tensor, Tensor, Reduction)], which is exact near 0 and 1.
    ///
    /// @param probabilities of yes, from 0 to 1
    /// @param targets probabilities of yes, of the same shape
    /// @param config weights, reduction
    /// @throws ShapeException if the shapes differ
    public static Tensor binaryCrossEntropy(
            Tensor probabilities, Tensor targets, Consumer<BinaryCrossEntropy.Config> config) {
        checkSameShape("binaryCrossEntropy", probabilities, targets);
        return BinaryCrossEntropy.of(config).ofProbabilities(probabilities, targets);
    }

    /// {@return the cross-entropy of yes-or-no targets: `(1 − target)·x + softplus(−x)`}
    ///
    /// @param logits unscaled scores; sigmoid makes probabilities of them
    /// @param targets probabilities of yes, of the same shape
    /// @param reduction what becomes of the single ones
    /// @throws ShapeException if the shapes differ
    public static Tensor binaryCrossEntropyWithLogits(
            Tensor logits, Tensor targets, Reduction reduction) {
        return binaryCrossEntropyWithLogits(logits, targets, config -> config.reduction(reduction));
    }

    /// {@return the cross-entropy of yes-or-no targets as `config` says}
    ///
    /// @param logits unscaled scores; sigmoid makes probabilities of them
    /// @param targets probabilities of yes, of the same shape
    /// @param config weights, reduction
    /// @throws ShapeException if the shapes differ
    public static Tensor binaryCrossEntropyWithLogits(
            Tensor logits, Tensor targets, Consumer<BinaryCrossEntropy.Config> config) {
        checkSameShape("binaryCrossEntropyWithLogits", logits, targets);
        return BinaryCrossEntropy.of(config).ofLogits(logits, targets);
    }

    /// {@return the divergence of Kullback and Leibler, element by element: `target·(log target − x)`} A target of 0
    /// contributes 0. Divided by the number of samples, the sum is the mean divergence of their distributions.
    ///
    /// @param x log-probabilities
    /// @param targets probabilities, of the same shape
    /// @param reduction what becomes of the single ones
    /// @throws ShapeException if the shapes differ
    public static Tensor klDivergence(Tensor x, Tensor targets, Reduction reduction) {
        checkSameShape("klDivergence", x, targets);
        Tensor nothing = targets.equalTo(0);
        Tensor one = targets.device().with(() -> Tensor.full(Shape.scalar(), 1, targets.dtype()));
        Tensor logs = Tensor.where(nothing, one, targets).log();
        return reduction.apply(targets.mul(logs).sub(targets.mul(x)));
    }

    /// {@return the divergence of Kullback and Leibler, element by element: `e^target·(target − x)`}
    ///
    /// @param x log-probabilities
    /// @param logTargets log-probabilities, of the same shape
    /// @param reduction what becomes of the single ones
    /// @throws ShapeException if the shapes differ
    public static Tensor klDivergenceOfLogs(Tensor x, Tensor logTargets, Reduction reduction) {
        checkSameShape("klDivergenceOfLogs", x, logTargets);
        return reduction.apply(logTargets.exp().mul(logTargets.sub(x)));
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
}
