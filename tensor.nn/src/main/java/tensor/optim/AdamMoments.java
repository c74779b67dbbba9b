package tensor.optim;

import java.util.ArrayList;
import java.util.Arrays;
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
        implements Counting<AdamState> {
    private static final Fusion ADAM =
            Fusion.several("adam", in -> adam(in, in.subList(3, in.size())));
    private static final Fusion AMSGRAD =
            Fusion.several("amsgrad", in -> amsgrad(in, in.subList(4, in.size())));
    private static final Fusion ADAM_DESCENT =
            Fusion.several(
                    "adam descent",
                    in -> descended(in, adam(in.subList(1, 4), in.subList(4, in.size()))));
    private static final Fusion AMSGRAD_DESCENT =
            Fusion.several(
                    "amsgrad descent",
                    in -> descended(in, amsgrad(in.subList(1, 5), in.subList(5, in.size()))));

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
    public Result<AdamState> update(
            List<Tensor> gradients, List<AdamState> states, List<Tensor> parameters) {
        return made(amsgrad ? AMSGRAD : ADAM, List.of(), gradients, states);
    }

    @Override
    public Result<AdamState> descend(
            List<Tensor> gradients,
            List<AdamState> states,
            List<Tensor> parameters,
            double learningRate) {
        Fusion by = amsgrad ? AMSGRAD_DESCENT : ADAM_DESCENT;
        return made(by, parameters, gradients, states, -learningRate);
    }

    /// @param before what stands before the gradients, one a parameter, or nothing
    /// @param behind numbers behind those of the moments
    private Result<AdamState> made(
            Fusion by,
            List<Tensor> before,
            List<Tensor> gradients,
            List<AdamState> states,
            double... behind) {
        List<Tensor> updates = new ArrayList<>(gradients.size());
        List<AdamState> next = new ArrayList<>(gradients.size());
        long counted = -1;
        Numbers numbers = Numbers.of();
        for (int i = 0; i < gradients.size(); i++) {
            AdamState state = states.get(i);
            if (state.step() != counted) { // most often all have had as many gradients
                counted = state.step();
                numbers = Numbers.of(numbers(counted + 1.0, behind));
            }
            List<Tensor> tensors = new ArrayList<>();
            if (!before.isEmpty()) {
                tensors.add(before.get(i));
            }
            tensors.addAll(List.of(gradients.get(i), state.mean(), state.square()));
            state.maxSquare().ifPresent(tensors::add);
            List<Tensor> results = by.all(numbers.behind(tensors));
            updates.add(results.getFirst());
            next.add(
                    new AdamState(
                            state.step() + 1,
                            results.get(1),
                            results.get(2),
                            amsgrad ? Optional.of(results.get(3)) : Optional.empty()));
        }
        return new Result<>(updates, next);
    }

    @Override
    public AdamState count(AdamState state) {
        Numbers.say(numbers(state.step() + 1.0));
        return state.counted();
    }

    @Override
    public AdamState count(AdamState state, double learningRate) {
        Numbers.say(numbers(state.step() + 1.0, -learningRate));
        return state.counted();
    }

    private double[] numbers(double count, double... behind) {
        double[] all = Arrays.copyOf(behind, 7 + behind.length);
        System.arraycopy(behind, 0, all, 7, behind.length);
        all[0] = beta1;
        all[1] = 1 - beta1;
        all[2] = beta2;
        all[3] = 1 - beta2;
        all[4] = 1 - Math.pow(beta1, count);
        all[5] = Math.sqrt(1 - Math.pow(beta2, count));
        all[6] = epsilon;
        return all;
    }

    /// {@return the moments with a gradient in them}
    ///
    /// @param in the gradient and the two moments
    /// @param numbers what is kept and what is new of each
    static List<Tensor> moments(List<Tensor> in, List<Tensor> numbers) {
        Tensor gradient = in.get(0);
        Tensor mean = in.get(1).mul(numbers.get(0)).add(gradient.mul(numbers.get(1)));
        Tensor square =
                in.get(2).mul(numbers.get(2)).add(gradient.mul(gradient).mul(numbers.get(3)));
        return List.of(mean, square);
    }

    /// {@return the update and the moments}
    private static List<Tensor> adam(List<Tensor> in, List<Tensor> numbers) {
        List<Tensor> moments = moments(in, numbers);
        Tensor mean = moments.get(0);
        Tensor square = moments.get(1);
        return List.of(quotient(mean, square, numbers), mean, square);
    }

    /// Adam, but that the largest mean square so far stands behind the moments.
    private static List<Tensor> amsgrad(List<Tensor> in, List<Tensor> numbers) {
        List<Tensor> moments = moments(in, numbers);
        Tensor mean = moments.get(0);
        Tensor square = moments.get(1);
        Tensor largest = in.get(3).maximum(square);
        return List.of(quotient(mean, largest, numbers), mean, square, largest);
    }

    private static Tensor quotient(Tensor mean, Tensor square, List<Tensor> numbers) {
        Tensor root = square.sqrt().div(numbers.get(5)).add(numbers.get(6));
        return mean.div(numbers.get(4)).div(root);
    }

    /// {@return the new value in place of the update}
    ///
    /// @param in the value first, and −learningRate last
    private static List<Tensor> descended(List<Tensor> in, List<Tensor> made) {
        List<Tensor> results = new ArrayList<>(made);
        results.set(0, in.getFirst().add(made.getFirst().mul(in.getLast())));
        return results;
    }
}
