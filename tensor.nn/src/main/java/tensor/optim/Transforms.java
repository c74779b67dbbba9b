package tensor.optim;

import java.util.List;

/// The stages that optimizers are built of.
///
/// ```java
/// var clippedAdam = Transforms.chain(Transforms.clipByGlobalNorm(1), Transforms.adamMoments(0.9, 0.999));
/// var optimizer = Optimizer.of(model.parameters(), 1e-3, clippedAdam);
/// ```
public final class Transforms {
    private static final double ADAM_EPSILON = 1e-8;

    private Transforms() {}

    /// {@return a transform that does nothing}
    public static GradientTransform<NoState> identity() {
        return (Stateless) (gradients, _) -> gradients;
    }

    /// {@return both transforms, one after the other}
    ///
    /// @param <A> what the first remembers
    /// @param <B> what the second remembers
    /// @param first works on the gradients
    /// @param second works on what the first gives
    public static <A extends TransformState<A>, B extends TransformState<B>>
            GradientTransform<ChainState<A, B>> chain(
                    GradientTransform<A> first, GradientTransform<B> second) {
        return new Chain<>(first, second);
    }

    /// {@return all transforms, one after the other}
    ///
    /// @param transforms in order; without any, gradients stay as they are
    public static GradientTransform<?> chain(List<? extends GradientTransform<?>> transforms) {
        GradientTransform<?> chained = identity();
        for (GradientTransform<?> transform : transforms) {
            chained = join(chained, transform);
        }
        return chained;
    }

    /// {@return gradients times `factor`}
    ///
    /// @param factor any number
    public static GradientTransform<NoState> scale(double factor) {
        return (Stateless) (gradients, _) -> gradients.stream().map(g -> g.mul(factor)).toList();
    }

    /// {@return gradients plus `factor` times the parameters} Before the moments of Adam this is L2 regularisation,
    /// after them decoupled weight decay.
    ///
    /// @param factor any number
    public static GradientTransform<NoState> addDecayedWeights(double factor) {
        return new DecayedWeights(factor);
    }

    /// {@return a running sum of gradients: `b ← momentum·b + g`}
    ///
    /// @param momentum what is kept of the sum at each step
    public static GradientTransform<MomentumState> momentum(double momentum) {
        return momentum(momentum, 0, false);
    }

    /// {@return a running sum of gradients: `b ← momentum·b + (1 − dampening)·g`; the first gradient is not dampened}
    ///
    /// @param momentum what is kept of the sum at each step
    /// @param dampening how much less than 1 the factor of a gradient is
    /// @param nesterov whether the update is `g + momentum·b` instead of `b`
    public static GradientTransform<MomentumState> momentum(
            double momentum, double dampening, boolean nesterov) {
        return new Momentum(momentum, dampening, nesterov);
    }

    /// {@return Adam's quotient of moments with ε = 1e-8}
    ///
    /// @param beta1 what is kept of the mean at each step
    /// @param beta2 what is kept of the mean square at each step
    public static GradientTransform<AdamState> adamMoments(double beta1, double beta2) {
        return adamMoments(beta1, beta2, ADAM_EPSILON, false);
    }

    /// {@return Adam's quotient of moments}
    ///
    /// @param beta1 what is kept of the mean at each step
    /// @param beta2 what is kept of the mean square at each step
    /// @param epsilon added to the divisor
    /// @param amsgrad whether to divide by the largest mean square so far
    public static GradientTransform<AdamState> adamMoments(
            double beta1, double beta2, double epsilon, boolean amsgrad) {
        return new AdamMoments(beta1, beta2, epsilon, amsgrad);
    }

    /// {@return gradients scaled down so that the Euclidean norm of all of them together is at most `maxNorm`}
    ///
    /// @param maxNorm the largest norm that is left as it is
    public static GradientTransform<NoState> clipByGlobalNorm(double maxNorm) {
        return (Stateless) (gradients, _) -> Clipping.byGlobalNorm(gradients, maxNorm, 2);
    }

    /// {@return gradients with every element brought between −`limit` and `limit`}
    ///
    /// @param limit the largest absolute value that is left as it is
    public static GradientTransform<NoState> clipByValue(double limit) {
        return (Stateless) (gradients, _) -> Clipping.byValue(gradients, limit);
    }

    private static <A extends TransformState<A>, B extends TransformState<B>>
            GradientTransform<?> join(GradientTransform<A> first, GradientTransform<B> second) {
        return new Chain<>(first, second);
    }
}
