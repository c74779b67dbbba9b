package tensor.optim;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import tensor.api.Fusion;
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
    private static final Fusion MOMENTS = Fusion.several("moments", AdamMoments::moments);
    private static final Fusion ADAM = Fusion.several("adam", AdamMoments::adam);
    private static final Fusion AMSGRAD = Fusion.several("amsgrad", AdamMoments::amsgrad);

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
        double count = (double) state.step() + 1;
        double[] numbers = {
            beta1,
            1 - beta1,
            beta2,
            1 - beta2,
            1 - Math.pow(beta1, count),
            Math.sqrt(1 - Math.pow(beta2, count)),
            epsilon
        };
        List<Tensor> tensors = new ArrayList<>(List.of(gradient, state.mean(), state.square()));
        state.maxSquare().ifPresent(tensors::add);
        List<Tensor> results = (amsgrad ? AMSGRAD : ADAM).all(Numbers.behind(tensors, numbers));
        return new Step<>(
                results.getFirst(),
                new AdamState(
                        state.step() + 1,
                        results.get(1),
                        results.get(2),
                        amsgrad ? Optional.of(results.get(3)) : Optional.empty()));
    }

    /// {@return the moments with this gradient in them}
    AdamState next(AdamState state, Tensor gradient) {
        List<Tensor> tensors = List.of(gradient, state.mean(), state.square());
        List<Tensor> next =
                MOMENTS.all(Numbers.behind(tensors, beta1, 1 - beta1, beta2, 1 - beta2));
        return new AdamState(state.step() + 1, next.get(0), next.get(1), Optional.empty());
    }

    /// Of the gradient, the two moments, and what is kept and what is new of each.
    private static List<Tensor> moments(List<Tensor> in) {
        Tensor gradient = in.get(0);
        Tensor mean = in.get(1).mul(in.get(3)).add(gradient.mul(in.get(4)));
        Tensor square = in.get(2).mul(in.get(5)).add(gradient.mul(gradient).mul(in.get(6)));
        return List.of(mean, square);
    }

    private static List<Tensor> adam(List<Tensor> in) {
        List<Tensor> moments = moments(in);
        return List.of(
                quotient(moments.get(0), moments.get(1), in.subList(7, 10)),
                moments.get(0),
                moments.get(1));
    }

    /// Adam, but that the largest mean square so far stands behind the moments.
    private static List<Tensor> amsgrad(List<Tensor> in) {
        List<Tensor> usual = new ArrayList<>(in);
        Tensor largest = usual.remove(3);
        List<Tensor> moments = moments(usual);
        Tensor next = largest.maximum(moments.get(1));
        return List.of(
                quotient(moments.get(0), next, usual.subList(7, 10)),
                moments.get(0),
                moments.get(1),
                next);
    }

    /// @param numbers two corrections, and ε
    private static Tensor quotient(Tensor mean, Tensor square, List<Tensor> numbers) {
        Tensor root = square.sqrt().div(numbers.get(1)).add(numbers.get(2));
        return mean.div(numbers.get(0)).div(root);
    }
}
