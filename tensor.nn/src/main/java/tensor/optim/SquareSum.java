package tensor.optim;

import java.util.List;
import tensor.api.Fusion;
import tensor.api.Tensor;

/// Divides gradients by the root of the sum of their squares, ever less: the core of [Adagrad].
record SquareSum(double rateDecay, double initial, double epsilon)
        implements Numbered<CountedState> {
    private static final String SUM = "sum";
    private static final Fusion ADAGRAD = Fusion.several("adagrad", SquareSum::adagrad);

    @Override
    public CountedState init(Tensor parameter) {
        return CountedState.first(parameter, initial, SUM);
    }

    @Override
    public CountedState restore(SavedState saved) {
        return CountedState.restore(saved, SUM);
    }

    @Override
    public double[] numbers(CountedState state) {
        return new double[] {epsilon, 1 + state.step() * rateDecay};
    }

    @Override
    public OneByOne.Step<CountedState> step(CountedState state, Tensor gradient, Numbers numbers) {
        List<Tensor> made = ADAGRAD.all(numbers.behind(List.of(gradient, state.get(SUM))));
        return new OneByOne.Step<>(made.get(0), state.next(made.get(1)));
    }

    @Override
    public CountedState counted(CountedState state) {
        return state.counted();
    }

    /// {@return the update and the sum}
    ///
    /// @param in the gradient and the sum, and behind them the numbers
    private static List<Tensor> adagrad(List<Tensor> in) {
        Tensor gradient = in.get(0);
        Tensor sum = in.get(1).add(gradient.square());
        Tensor quotient = gradient.div(sum.sqrt().add(in.get(2)));
        return List.of(quotient.div(in.get(3)), sum);
    }
}
