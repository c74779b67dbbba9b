package loops.core.tune;

import java.util.List;
import loops.core.training.Callback;
import loops.core.training.DataModule;
import loops.core.training.FitPlan;

/// A fit that is tried.
///
/// @param data where its batches come from
/// @param plan how long it takes
/// @param callbacks all that listens to it, beside the module; made for this trial
public record Trial(DataModule data, FitPlan plan, List<Callback> callbacks) {
    /// Copies the list.
    public Trial {
        callbacks = List.copyOf(callbacks);
    }
}
