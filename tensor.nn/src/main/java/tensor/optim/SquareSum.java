package tensor.optim;

import tensor.api.Tensor;

/// Divides gradients by the root of the sum of their squares, ever less: the core of [Adagrad].
record SquareSum(double rateDecay, double initial, double epsilon)
        implements OneByOne<CountedState> {
    private static final String SUM = "sum";

    @Override
    public CountedState init(Tensor parameter) {
        return CountedState.first(parameter, initial, SUM);
    }

    @Override
    public CountedState restore(SavedState saved) {
        return CountedState.restore(saved, SUM);
    }

    @Override
    public Step<CountedState> step(CountedState state, Tensor gradient) {
        Tensor sum = state.get(SUM).add(gradient.square());
        Tensor quotient = gradient.div(sum.sqrt().add(epsilon));
        return new Step<>(quotient.div(1 + state.step() * rateDecay), state.next(sum));
    }
}
