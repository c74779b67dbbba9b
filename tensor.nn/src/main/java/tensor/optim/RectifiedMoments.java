package tensor.optim;

import java.util.List;
import java.util.OptionalDouble;
import tensor.api.Fusion;
import tensor.api.Tensor;

/// Adam's quotient of moments, rectified while few gradients have entered: the core of [RAdam].
record RectifiedMoments(double beta1, double beta2, double epsilon) implements Numbered<AdamState> {
    /// From this length of the running mean on its variance is known well enough.
    private static final double LONG_ENOUGH = 5;

    private static final Fusion RADAM =
            Fusion.several("radam", in -> radam(in, in.subList(3, in.size())));

    @Override
    public AdamState init(Tensor parameter) {
        return moments().init(parameter);
    }

    @Override
    public AdamState restore(SavedState saved) {
        return moments().restore(saved);
    }

    @Override
    public double[] numbers(AdamState state) {
        double t = state.step() + 1.0;
        double kept = Math.pow(beta2, t);
        double longest = 2 / (1 - beta2) - 1;
        double length = longest - 2 * t * kept / (1 - kept);
        boolean known = length > LONG_ENOUGH;
        double rectified =
                Math.sqrt(
                        (length - 4)
                                * (length - 2)
                                * longest
                                / ((longest - 4) * (longest - 2) * length));
        return new double[] {
            beta1,
            1 - beta1,
            beta2,
            1 - beta2,
            1 - Math.pow(beta1, t),
            known ? rectified * Math.sqrt(1 - kept) : 1,
            epsilon,
            known ? 0 : 1
        };
    }

    @Override
    public OneByOne.Step<AdamState> step(AdamState state, Tensor gradient, Numbers numbers) {
        List<Tensor> tensors = List.of(gradient, state.mean(), state.square());
        List<Tensor> made = RADAM.all(numbers.behind(tensors));
        return new OneByOne.Step<>(made.get(0), state.next(made.get(1), made.get(2)));
    }

    @Override
    public AdamState counted(AdamState state) {
        return state.counted();
    }

    /// {@return the update and the moments}
    ///
    /// One formula, so that a step can be captured at any count: while the variance is unknown the mean is multiplied and
    /// divided by 1, which leaves its bits.
    private static List<Tensor> radam(List<Tensor> in, List<Tensor> numbers) {
        List<Tensor> moments = AdamMoments.moments(in, numbers);
        Tensor mean = moments.get(0);
        Tensor square = moments.get(1);
        Tensor root = square.sqrt().add(numbers.get(6));
        Tensor instead = numbers.get(7);
        Tensor divisor = Tensor.where(instead.greater(0.0), instead, root);
        Tensor update = mean.div(numbers.get(4)).mul(numbers.get(5)).div(divisor);
        return List.of(update, mean, square);
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
