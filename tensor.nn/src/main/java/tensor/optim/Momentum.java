package tensor.optim;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import tensor.api.Fusion;
import tensor.api.Tensor;

/// Adds up gradients: `b ← momentum·b + (1 − dampening)·g`, the first time `b ← g`.
///
/// The update is `b`, or with Nesterov's change `g + momentum·b`. At momentum 0 the gradients pass and the sums rest.
record Momentum(double factor, double dampening, boolean nesterov)
        implements Counting<MomentumState> {
    private static final Fusion SUM =
            Fusion.of("momentum", in -> in.get(1).mul(in.get(2)).add(in.get(0).mul(in.get(3))));

    @Override
    public MomentumState init(Tensor parameter) {
        return new MomentumState(Optional.empty());
    }

    @Override
    public Result<MomentumState> update(
            List<Tensor> gradients, List<MomentumState> states, List<Tensor> parameters) {
        if (factor == 0) {
            return new Result<>(gradients, states);
        }
        List<Tensor> updates = new ArrayList<>(gradients.size());
        List<MomentumState> next = new ArrayList<>(gradients.size());
        var numbers = Numbers.of(factor, 1 - dampening);
        for (int i = 0; i < gradients.size(); i++) {
            Tensor gradient = gradients.get(i);
            Tensor sum =
                    states.get(i)
                            .buffer()
                            .map(b -> SUM.apply(numbers.behind(List.of(gradient, b))))
                            .orElseGet(gradient::copy);
            updates.add(nesterov ? gradient.add(sum.mul(factor)) : sum);
            next.add(new MomentumState(Optional.of(sum)));
        }
        return new Result<>(updates, next);
    }

    @Override
    public MomentumState count(MomentumState state) {
        if (factor != 0) {
            Numbers.say(factor, 1 - dampening);
        }
        return state;
    }

    @Override
    public MomentumState restore(SavedState saved) {
        return new MomentumState(saved.find(MomentumState.BUFFER));
    }

    @Override
    public OptionalDouble momentum() {
        return OptionalDouble.of(factor);
    }

    @Override
    public Momentum withMomentum(double value) {
        return new Momentum(
                Settings.notNegative("Optimizer", "momentum", value), dampening, nesterov);
    }
}
