package tensor.optim;

import java.util.OptionalDouble;
import tensor.api.Tensor;

/// Adam's quotient of moments, rectified while few gradients have entered: the core of [RAdam].
record RectifiedMoments(double beta1, double beta2, double epsilon) implements OneByOne<AdamState> {
    /// From this length of the running mean on its variance is known well enough.
    private static final double LONG_ENOUGH = 5;

    @Override
    public AdamState init(Tensor parameter) {
        return moments().init(parameter);
    }

    @Override
    public AdamState restore(SavedState saved) {
        return moments().restore(saved);
    }

    @Override
    public Step<AdamState> step(AdamState state, Tensor gradient) {
        AdamState after = moments().next(state, gradient);
        return new Step<>(direction(after), after);
    }

    private Tensor direction(AdamState after) {
        double t = (double) after.step();
        Tensor mean = after.mean().div(1 - Math.pow(beta1, t));
        double kept = Math.pow(beta2, t);
        double longest = 2 / (1 - beta2) - 1;
        double length = longest - 2 * t * kept / (1 - kept);
        if (!(length > LONG_ENOUGH)) {
            return mean;
        }
        double rectified =
                Math.sqrt(
                        (length - 4)
                                * (length - 2)
                                * longest
                                / ((longest - 4) * (longest - 2) * length));
        return mean.mul(rectified * Math.sqrt(1 - kept)).div(after.square().sqrt().add(epsilon));
    }

    @Override
    public OptionalDouble momentum() {
        return OptionalDouble.of(beta1);
    }

    @Override
    public RectifiedMoments withMomentum(double value) {
        return new RectifiedMoments(
                Settings.fraction("Optimizer", "momentum", value), beta2, epsilon);
    }

    private AdamMoments moments() {
        return new AdamMoments(beta1, beta2, epsilon, false);
    }
}
