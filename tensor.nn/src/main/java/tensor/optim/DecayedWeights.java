package tensor.optim;

import java.util.ArrayList;
import java.util.List;
import tensor.api.Fusion;
import tensor.api.Tensor;

/// Gradients plus `factor` times the parameters.
record DecayedWeights(double factor) implements Stateless {
    private static final Fusion DECAY =
            Fusion.of("decayed weights", in -> in.get(0).add(in.get(1).mul(in.get(2))));

    @Override
    public List<Tensor> change(List<Tensor> gradients, List<Tensor> parameters) {
        List<Tensor> changed = new ArrayList<>(gradients.size());
        var number = Numbers.of(factor);
        for (int i = 0; i < gradients.size(); i++) {
            changed.add(DECAY.apply(number.behind(List.of(gradients.get(i), parameters.get(i)))));
        }
        return changed;
    }

    @Override
    public NoState count(NoState state) {
        Numbers.say(factor);
        return state;
    }
}
