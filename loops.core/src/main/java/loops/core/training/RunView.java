package loops.core.training;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/// What a hook may look at, and what it may ask for.
///
/// @param activity what is being done
/// @param scope what is alive in it
/// @param plan how long it goes on
/// @param epoch the epoch, from 0
/// @param batchCount the batches of the epoch or evaluation, if their number is known
/// @param saves takes the wish to save
public record RunView(
        Activity activity,
        TrainingScope scope,
        FitPlan plan,
        int epoch,
        OptionalInt batchCount,
        SaveRequest saves) {

    /// {@return the module}
    public TrainingModule module() {
        return scope.module();
    }

    /// {@return the optimizers, in the order of the module's plan}
    public List<TrainingOptimizer> optimizers() {
        return scope.optimizers();
    }

    /// {@return the steps that all optimizers together have made}
    public long globalStep() {
        return scope.globalStep();
    }

    /// {@return the latest metrics}
    public Metrics metrics() {
        return scope.metrics();
    }

    /// Asks for an early end of this training.
    ///
    /// @param reason why, for people
    public void stop(String reason) {
        scope.stop().request(reason);
    }

    /// Asks for a checkpoint below a folder, to be written at the next safe point.
    ///
    /// @param folder the folder of all checkpoints
    public void save(Path folder) {
        saves.request(folder);
    }
}
