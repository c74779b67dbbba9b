package loops.core.loop;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import loops.core.training.TrainingOptimizer;
import tensor.api.Parameter;

/// While it is open, only the parameters of one optimizer get gradients.
final class Toggle implements AutoCloseable {
    private final List<Parameter> frozen = new ArrayList<>();

    /// Freezes what the other optimizers train and `active` does not.
    Toggle(TrainingOptimizer active, List<TrainingOptimizer> all) {
        Set<Parameter> own = Collections.newSetFromMap(new IdentityHashMap<>());
        own.addAll(active.parameters());
        for (TrainingOptimizer other : all) {
            for (Parameter parameter : other.parameters()) {
                if (parameter.requiresGrad() && !own.contains(parameter)) {
                    parameter.requiresGrad(false);
                    frozen.add(parameter);
                }
            }
        }
    }

    @Override
    public void close() {
        frozen.forEach(parameter -> parameter.requiresGrad(true));
    }
}
