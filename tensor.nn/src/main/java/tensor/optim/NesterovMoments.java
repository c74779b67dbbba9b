package tensor.optim;

import java.util.List;
import java.util.OptionalDouble;
import tensor.api.Fusion;
import tensor.api.Tensor;

/// Adam's quotient of moments with a look ahead: the core of [NAdam].
record NesterovMoments(double beta1, double beta2, double epsilon, double momentumDecay)
        implements Numbered<NesterovState> {
    /// Base of the power with which the momentum comes up to β₁, of Dozat's paper.
    private static final double DECAY_BASE = 0.96;

    private static final Fusion NADAM =
            Fusion.several("nadam", in -> nadam(in, in.subList(3, in.size())));

    @Override
    public NesterovState init(Tensor parameter) {
        return new NesterovState(moments().init(parameter), 1);
    }

    @Override
    public NesterovState restore(SavedState saved) {
        return new NesterovState(moments().restore(saved), saved.number(NesterovState.PRODUCT));
    }

    @Override
    public double[] numbers(NesterovState state) {
        long step = state.moments().step() + 1;
        double now = momentumAt(step);
        double ahead = momentumAt(step + 1);
        double product = product(state);
        double ofGradient = (1 - now) / (1 - product);
        double ofMean = ahead / (1 - product * ahead);
        double correction = 1 - Math.pow(beta2, (double) step);
        return new double[] {
            beta1, 1 - beta1, beta2, 1 - beta2, ofGradient, ofMean, correction, epsilon
        };
    }

    @Override
    public OneByOne.Step<NesterovState> step(
            NesterovState state, Tensor gradient, Numbers numbers) {
        AdamState before = state.moments();
        List<Tensor> tensors = List.of(gradient, before.mean(), before.square());
        List<Tensor> made = NADAM.all(numbers.behind(tensors));
        AdamState after = before.next(made.get(1), made.get(2));
        return new OneByOne.Step<>(made.get(0), new NesterovState(after, product(state)));
    }

    @Override
    public NesterovState counted(NesterovState state) {
        return new NesterovState(state.moments().counted(), product(state));
    }

    /// {@return the update and the moments}
    private static List<Tensor> nadam(List<Tensor> in, List<Tensor> numbers) {
        List<Tensor> moments = AdamMoments.moments(in, numbers);
        Tensor mean = moments.get(0);
        Tensor square = moments.get(1);
        Tensor root = square.div(numbers.get(6)).sqrt().add(numbers.get(7));
        Tensor ahead = in.getFirst().mul(numbers.get(4)).add(mean.mul(numbers.get(5)));
        return List.of(ahead.div(root), mean, square);
    }

    /// {@return the product of momenta behind the next step}
    private double product(NesterovState state) {
        return state.product() * momentumAt(state.moments().step() + 1);
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
