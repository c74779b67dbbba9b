package tensor.optim;

import tensor.api.Tensor;

/// Divides gradients by the root of their running mean square, or of their running variance: the core of [RmsProp].
record RootMeanSquare(double alpha, double epsilon, boolean centered)
        implements OneByOne<CountedState> {
    private static final String SQUARE = "square_avg";
    private static final String MEAN = "grad_avg";

    @Override
    public CountedState init(Tensor parameter) {
        return CountedState.first(parameter, 0, names());
    }

    @Override
    public CountedState restore(SavedState saved) {
        return CountedState.restore(saved, names());
    }

    @Override
    public Step<CountedState> step(CountedState state, Tensor gradient) {
        Tensor square = state.get(SQUARE).mul(alpha).add(gradient.square().mul(1 - alpha));
        if (!centered) {
            return new Step<>(quotient(gradient, square), state.next(square));
        }
        Tensor mean = state.get(MEAN).mul(alpha).add(gradient.mul(1 - alpha));
        // Rounding can bring a variance of almost 0 below it.
        Tensor variance = square.sub(mean.square()).maximum(0);
        return new Step<>(quotient(gradient, variance), state.next(square, mean));
    }

    private Tensor quotient(Tensor gradient, Tensor square) {
        return gradient.div(square.sqrt().add(epsilon));
    }

    private String[] names() {
        return centered ? new String[] {SQUARE, MEAN} : new String[] {SQUARE};
    }
}
