package tensor.optim;

import java.util.OptionalDouble;
import tensor.api.Tensor;

/// Divides the running mean of gradients by their largest absolute value, slowly forgotten: the core of [Adamax].
record LargestMoments(double beta1, double beta2, double epsilon)
        implements OneByOne<CountedState> {
    private static final String MEAN = "exp_avg";
    private static final String LARGEST = "exp_inf";

    @Override
    public CountedState init(Tensor parameter) {
        return CountedState.first(parameter, 0, MEAN, LARGEST);
    }

    @Override
    public CountedState restore(SavedState saved) {
        return CountedState.restore(saved, MEAN, LARGEST);
    }

    @Override
    public Step<CountedState> step(CountedState state, Tensor gradient) {
        Tensor mean = state.get(MEAN).mul(beta1).add(gradient.mul(1 - beta1));
        Tensor largest = state.get(LARGEST).mul(beta2).maximum(gradient.abs().add(epsilon));
        CountedState after = state.next(mean, largest);
        double correction = 1 - Math.pow(beta1, (double) after.step());
        return new Step<>(mean.div(correction).div(largest), after);
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
