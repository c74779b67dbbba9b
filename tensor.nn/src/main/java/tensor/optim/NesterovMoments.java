package tensor.optim;

import java.util.OptionalDouble;
import tensor.api.Tensor;

/// Adam's quotient of moments with a look ahead: the core of [NAdam].
record NesterovMoments(double beta1, double beta2, double epsilon, double momentumDecay)
        implements OneByOne<NesterovState> {
    /// Base of the power with which the momentum comes up to β₁, of Dozat's paper.
    private static final double DECAY_BASE = 0.96;

    @Override
    public NesterovState init(Tensor parameter) {
        return new NesterovState(moments().init(parameter), 1);
    }

    @Override
    public NesterovState restore(SavedState saved) {
        return new NesterovState(moments().restore(saved), saved.number(NesterovState.PRODUCT));
    }

    @Override
    public Step<NesterovState> step(NesterovState state, Tensor gradient) {
        AdamState after = moments().next(state.moments(), gradient);
        double now = momentumAt(after.step());
        double ahead = momentumAt(after.step() + 1);
        double product = state.product() * now;
        double ofGradient = (1 - now) / (1 - product);
        double ofMean = ahead / (1 - product * ahead);
        double correction = 1 - Math.pow(beta2, (double) after.step());
        Tensor root = after.square().div(correction).sqrt().add(epsilon);
        Tensor update = gradient.mul(ofGradient).add(after.mean().mul(ofMean)).div(root);
        return new Step<>(update, new NesterovState(after, product));
    }

    private double momentumAt(long step) {
        return beta1 * (1 - 0.5 * Math.pow(DECAY_BASE, step * momentumDecay));
    }

    @Override
    public OptionalDouble momentum() {
        return OptionalDouble.of(beta1);
    }

    @Override
    public NesterovMoments withMomentum(double value) {
        return new NesterovMoments(
                Settings.fraction("Optimizer", "momentum", value), beta2, epsilon, momentumDecay);
    }

    private AdamMoments moments() {
        return new AdamMoments(beta1, beta2, epsilon, false);
    }
}
