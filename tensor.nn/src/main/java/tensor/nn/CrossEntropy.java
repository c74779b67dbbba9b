package tensor.nn;

import java.util.Arrays;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.layout.ShapeException;

/// The computation behind [Losses#crossEntropy(Tensor, Tensor)] and [Losses#negativeLogLikelihood].
///
/// For a sample with target class `t` the loss is `w[t]·(1 − s)·(−logp[t]) + s/C·Σ w[c]·(−logp[c])` with smoothing `s`
/// and class weights `w`; the mean divides by the sum of `w[t]`.
public final class CrossEntropy {
    private final String where;
    private final Config config;

    /// @param where the loss in messages
    CrossEntropy(String where, Config config) {
        this.where = where;
        this.config = config;
    }

    /// What is changed in the plain cross-entropy, set in a chain of calls.
    public static final class Config {
        private Reduction reduction = Reduction.MEAN;
        private double smoothing = 0;
        private @Nullable Tensor weights;
        private OptionalLong ignored = OptionalLong.empty();

        Config() {}

        /// Sets what becomes of the losses of single samples; the mean is taken unless said otherwise.
        ///
        /// @param value the reduction
        /// @return this
        public Config reduction(Reduction value) {
            reduction = value;
            return this;
        }

        /// Mixes the targets with the even distribution over all classes.
        ///
        /// @param share of the even distribution, from 0 to 1
        /// @return this
        /// @throws IllegalArgumentException if it is out of its range
        public Config labelSmoothing(double share) {
            if (!(share >= 0 && share <= 1)) {
                throw new IllegalArgumentException(
                        "crossEntropy: labelSmoothing is " + share + "; use a number from 0 to 1");
            }
            smoothing = share;
            return this;
        }

        /// Sets how much each class counts.
        ///
        /// @param ofClasses `[classes]`
        /// @return this
        public Config weights(Tensor ofClasses) {
            weights = ofClasses;
            return this;
        }

        /// Leaves out samples with this target; their loss is 0 and the mean does not count them. Where targets are probabilities
        /// there is no such sample: a class is refused, and a number that is none is passed over, as in PyTorch.
        ///
        /// @param target a class, or a number that is none, such as −100
        /// @return this
        public Config ignore(long target) {
            ignored = OptionalLong.of(target);
            return this;
        }
    }

    Tensor apply(Tensor logits, Tensor targets) {
        return ofLogProbabilities(Functional.logSoftmax(logits, axis(logits)), targets);
    }

    Tensor ofLogProbabilities(Tensor logProbabilities, Tensor targets) {
        int axis = axis(logProbabilities);
        checkTypes(logProbabilities.dtype(), targets.dtype());
        checkWeights(logProbabilities.size(axis));
        return targets.dtype() == DType.INT64
                ? ofClasses(logProbabilities, targets, axis)
                : ofProbabilities(logProbabilities, targets, axis);
    }

    /// {@return the axis of classes}
    private int axis(Tensor x) {
        if (x.rank() == 0) {
            throw new ShapeException(
                    where + ": logits are a scalar; they need an axis of classes", x.shape());
        }
        return x.rank() == 1 ? 0 : 1;
    }

    private Tensor ofClasses(Tensor logProbabilities, Tensor targets, int axis) {
        checkShape(
                logProbabilities.shape(), targets.shape(), logProbabilities.shape().without(axis));
        Tensor classes = targets;
        @Nullable Tensor counted = null;
        if (config.ignored.isPresent()) {
            Tensor ignored = scalar(targets, config.ignored.getAsLong());
            counted = targets.notEqualTo(ignored);
            classes = Tensor.where(counted, targets, scalar(targets, 0).expand(targets.shape()));
        }
        Tensor losses = picked(logProbabilities, axis, classes).neg();
        @Nullable Tensor weights = sampleWeights(classes, counted, logProbabilities.dtype());
        if (weights != null) {
            losses = losses.mul(weights);
        }
        if (config.smoothing > 0) {
            Tensor even = weighted(logProbabilities, axis).sum(axis).neg();
            losses =
                    losses.mul(1 - config.smoothing)
                            .add(even.mul(config.smoothing / logProbabilities.size(axis)));
        }
        if (counted != null) {
            losses = Tensor.where(counted, losses, zerosLike(losses)); // ∞ times weight 0 is NaN
        }
        return config.reduction == Reduction.MEAN && weights != null
                ? losses.sum().div(weights.sum())
                : config.reduction.apply(losses);
    }

    private Tensor picked(Tensor logProbabilities, int axis, Tensor classes) {
        try {
            return logProbabilities.gather(axis, classes.unsqueeze(axis)).squeeze(axis);
        } catch (IndexOutOfBoundsException e) {
            int count = logProbabilities.size(axis);
            throw Classes.outside(
                    where + ": target", classes, count, "classes", ", or ignore(..) it", e);
        }
    }

    private Tensor ofProbabilities(Tensor logProbabilities, Tensor targets, int axis) {
        checkShape(logProbabilities.shape(), targets.shape(), logProbabilities.shape());
        int classes = logProbabilities.size(axis);
        Tensor mixed =
                config.smoothing == 0
                        ? targets
                        : targets.mul(1 - config.smoothing).add(config.smoothing / classes);
        Tensor losses = weighted(logProbabilities.mul(mixed), axis).sum(axis).neg();
        return config.reduction.apply(losses);
    }

    /// {@return how much each sample counts, or null if all count 1}
    private @Nullable Tensor sampleWeights(Tensor classes, @Nullable Tensor counted, DType dtype) {
        Tensor mask = counted == null ? null : counted.cast(dtype);
        if (config.weights == null) {
            return mask;
        }
        Tensor ofClasses =
                config.weights.indexSelect(0, classes.reshape(-1)).reshape(classes.shape());
        return mask == null ? ofClasses : ofClasses.mul(mask);
    }

    /// {@return `x` with each class multiplied by its weight}
    private Tensor weighted(Tensor x, int axis) {
        if (config.weights == null) {
            return x;
        }
        int[] sizes = new int[x.rank()];
        Arrays.fill(sizes, 1);
        sizes[axis] = x.size(axis);
        return x.mul(config.weights.reshape(Shape.of(sizes)));
    }

    private static Tensor zerosLike(Tensor x) {
        return x.device().with(() -> Tensor.zeros(x.shape(), x.dtype()));
    }

    private static Tensor scalar(Tensor targets, long value) {
        return targets.device().with(() -> Tensor.scalar(value));
    }

    private void checkTypes(DType outputs, DType targets) {
        if (targets != DType.INT64 && targets != outputs) {
            throw new IllegalArgumentException(
                    "%s: targets are %s, outputs %s; cast targets to int64 if they are classes, to %s if they are probabilities"
                            .formatted(where, targets, outputs, outputs));
        }
        long ignored = config.ignored.orElse(-1);
        if (targets != DType.INT64 && ignored >= 0) {
            throw new IllegalArgumentException(
                    "%s: ignore(%d) is for classes, but targets are probabilities, %s; leave it out, or give int64 classes"
                            .formatted(where, ignored, targets));
        }
    }

    private void checkWeights(int classes) {
        Tensor weights = config.weights;
        if (weights != null && !weights.shape().equals(Shape.of(classes))) {
            throw new ShapeException(
                    "%s: weights have shape %s, there are %d classes"
                            .formatted(where, weights.shape(), classes),
                    weights.shape());
        }
    }

    private void checkShape(Shape logits, Shape targets, Shape expected) {
        if (!targets.equals(expected)) {
            throw new ShapeException(
                    "%s: logits %s and targets %s do not fit; targets need shape %s"
                            .formatted(where, logits, targets, expected),
                    logits,
                    targets);
        }
    }
}
