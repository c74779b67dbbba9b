package tensor.optim;

import java.util.List;
import java.util.OptionalDouble;
import tensor.api.Fusion;
import tensor.api.Tensor;

/// Divides the running mean of gradients by their largest absolute value, slowly forgotten: the core of [Adamax].
record LargestMoments(double beta1, double beta2, double epsilon)
        implements Numbered<CountedState> {
    private static final String MEAN = "exp_avg";
    private static final String LARGEST = "exp_inf";
    private static final Fusion ADAMAX = Fusion.several("adamax", LargestMoments::adamax);

    @Override
    public CountedState init(Tensor parameter) {
        return CountedState.first(parameter, 0, MEAN, LARGEST);
    }

    @Override
    public CountedState restore(SavedState saved) {
        return CountedState.restore(saved, MEAN, LARGEST);
    }

    @Override
    public double[] numbers(CountedState state) {
        double correction = 1 - Math.pow(beta1, state.step() + 1.0);
        return new double[] {beta1, 1 - beta1, beta2, epsilon, correction};
    }

    @Override
    public OneByOne.Step<CountedState> step(CountedState state, Tensor gradient, Numbers numbers) {
        List<Tensor> tensors = List.of(gradient, state.get(MEAN), state.get(LARGEST));
        List<Tensor> made = ADAMAX.all(numbers.behind(tensors));
        return new OneByOne.Step<>(made.get(0), state.next(made.get(1), made.get(2)));
    }

    @Override
    public CountedState counted(CountedState state) {
        return state.counted();
    }

    /// {@return the update, the mean and the largest}
    ///
    /// @param in the gradient and these two, and behind them the numbers
    private static List<Tensor> adamax(List<Tensor> in) {
        Tensor gradient = in.get(0);
        Tensor mean = in.get(1).mul(in.get(3)).add(gradient.mul(in.get(4)));
        Tensor largest = in.get(2).mul(in.get(5)).maximum(gradient.abs().add(in.get(6)));
        return List.of(mean.div(in.get(7)).div(largest), mean, largest);
    }

    @Override
    public OptionalDouble momentum() {
        return OptionalDouble.of(beta1);
    }

    @Override
    public LargestMoments withMomentum(double value) {
        return new LargestMoments(
                Settings.fraction("Optimizer", "momentum", value), beta2, epsilon);
    }
}
