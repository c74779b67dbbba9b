package tensor.optim;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tensor.api.Tensor;

/// Adds up gradients: `b ← momentum·b + (1 − dampening)·g`, the first time `b ← g`.
///
/// The update is `b`, or with Nesterov's change `g + momentum·b`.
record Momentum(double momentum, double dampening, boolean nesterov)
        implements GradientTransform<MomentumState> {
    @Override
    public MomentumState init(Tensor parameter) {
        return new MomentumState(Optional.empty());
    }

    @Override
    public Result<MomentumState> update(
            List<Tensor> gradients, List<MomentumState> states, List<Tensor> parameters) {
        List<Tensor> updates = new ArrayList<>(gradients.size());
        List<MomentumState> next = new ArrayList<>(gradients.size());
        for (int i = 0; i < gradients.size(); i++) {
            Tensor gradient = gradients.get(i);
            Tensor sum =
                    states.get(i)
                            .buffer()
                            .map(b -> b.mul(momentum).add(gradient.mul(1 - dampening)))
                            .orElseGet(gradient::copy);
            updates.add(nesterov ? gradient.add(sum.mul(momentum)) : sum);
            next.add(new MomentumState(Optional.of(sum)));
        }
        return new Result<>(updates, next);
    }

    @Override
    public MomentumState restore(SavedState saved) {
        return new MomentumState(saved.find(MomentumState.BUFFER));
    }
}
