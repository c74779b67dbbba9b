package tensor.optim;

import tensor.api.Tensor;

/// Gives steps the size of those before, relative to that of the gradients: the core of [Adadelta].
record RelativeSteps(double rho, double epsilon) implements OneByOne<CountedState> {
    private static final String SQUARE = "square_avg";
    private static final String STEPS = "acc_delta";

    @Override
    public CountedState init(Tensor parameter) {
        return CountedState.first(parameter, 0, SQUARE, STEPS);
    }

    @Override
    public CountedState restore(SavedState saved) {
        return CountedState.restore(saved, SQUARE, STEPS);
    }

    @Override
    public Step<CountedState> step(CountedState state, Tensor gradient) {
        Tensor square = state.get(SQUARE).mul(rho).add(gradient.square().mul(1 - rho));
        Tensor size = state.get(STEPS).add(epsilon).sqrt();
        Tensor update = size.div(square.add(epsilon).sqrt()).mul(gradient);
        Tensor steps = state.get(STEPS).mul(rho).add(update.square().mul(1 - rho));
        return new Step<>(update, state.next(square, steps));
    }
}
