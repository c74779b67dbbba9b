package loops.core.loop;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import loops.core.training.TrainingOptimizer;
import org.jspecify.annotations.Nullable;
import tensor.api.Parameter;

/// While it is open, only the parameters of one optimizer get gradients. Inside another one it takes that one's place,
/// until it is closed.
final class Toggle implements AutoCloseable {
    private final @Nullable Toggle outer;
    private final List<Parameter> frozen = new ArrayList<>();

    /// Freezes what the other optimizers train and `active` does not.
    Toggle(TrainingOptimizer active, List<TrainingOptimizer> all) {
        this(active, all, null);
    }

    /// @param outer the one that is open, if one is
    Toggle(TrainingOptimizer active, List<TrainingOptimizer> all, @Nullable Toggle outer) {
        this.outer = outer;
        if (outer != null) {
            outer.freeze(false);
        }
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

    private void freeze(boolean on) {
        frozen.forEach(parameter -> parameter.requiresGrad(!on));
    }

    @Override
    public void close() {
        freeze(false);
        if (outer != null) {
            outer.freeze(true);
        }
    }
}
