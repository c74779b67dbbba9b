package tensor.optim;

import java.util.Optional;
import java.util.OptionalDouble;
import tensor.api.Tensor;

/// Divides a running mean of the gradient by the root of a running mean of its square.
///
/// ```text
/// m ← β₁·m + (1 − β₁)·g        v ← β₂·v + (1 − β₂)·g²
/// update = m/(1 − β₁ᵗ) / (√v/√(1 − β₂ᵗ) + ε)      t = number of gradients so far
/// ```
///
/// With AMSGrad the largest `v` so far takes the place of `v`.
record AdamMoments(double beta1, double beta2, double epsilon, boolean amsgrad)
        implements OneByOne<AdamState> {
    @Override
    public AdamState init(Tensor parameter) {
        Tensor zeros =
                parameter.device().with(() -> Tensor.zeros(parameter.shape(), parameter.dtype()));
        return new AdamState(0, zeros, zeros, amsgrad ? Optional.of(zeros) : Optional.empty());
    }

    @Override
    public AdamState restore(SavedState saved) {
        return new AdamState(
                saved.count(AdamState.STEP),
                saved.tensor(AdamState.MEAN),
                saved.tensor(AdamState.SQUARE),
                amsgrad ? Optional.of(saved.tensor(AdamState.MAX_SQUARE)) : Optional.empty());
    }

    @Override
    public OptionalDouble momentum() {
        return OptionalDouble.of(beta1);
    }

    @Override
    public AdamMoments withMomentum(double value) {
        return new AdamMoments(
                Settings.fraction("Optimizer", "momentum", value), beta2, epsilon, amsgrad);
    }

    @Override
    public Step<AdamState> step(AdamState state, Tensor gradient) {
        AdamState after = next(state, gradient);
        return new Step<>(direction(after), after);
    }

    /// {@return the moments with this gradient in them}
    AdamState next(AdamState state, Tensor gradient) {
        Tensor mean = state.mean().mul(beta1).add(gradient.mul(1 - beta1));
        Tensor square = state.square().mul(beta2).add(gradient.mul(gradient).mul(1 - beta2));
        return new AdamState(
                state.step() + 1, mean, square, state.maxSquare().map(max -> max.maximum(square)));
    }

    private Tensor direction(AdamState state) {
        double meanCorrection = 1 - Math.pow(beta1, (double) state.step());
        double rootCorrection = Math.sqrt(1 - Math.pow(beta2, (double) state.step()));
        Tensor root = state.maxSquare().orElse(state.square()).sqrt();
        return state.mean().div(meanCorrection).div(root.div(rootCorrection).add(epsilon));
    }
}
