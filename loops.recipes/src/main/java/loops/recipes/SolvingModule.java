package loops.recipes;

import loops.core.training.OptimizerPlan;
import loops.core.training.Step;
import loops.core.training.TrainingModule;
import tensor.api.Tensor;
import tensor.data.Batch;

/// A module that learns without gradients: for each batch some of its parameters are solved for, given all others. A
/// [SolveLoop] trains it.
///
/// Which parameters is said by the batch. Alternating least squares, for instance, has batches of users, for whose factors it
/// solves, and then batches of items.
public abstract class SolvingModule extends TrainingModule {
    /// A module without children; subclasses declare theirs in field initialisers.
    protected SolvingModule() {}

    /// Puts the best values in the place of some parameters, given all others. Nothing is recorded for gradients.
    ///
    /// @param batch says for which, and by what
    /// @param step where the step stands, and what takes its reports
    public abstract void solve(Batch batch, Step step);

    /// Never gives a loss.
    ///
    /// @throws IllegalStateException always: a loop is at work that learns from losses
    @Override
    public final Tensor trainingStep(Batch batch, Step step) {
        throw new IllegalStateException(
                "%s: its parameters are solved for, and the loop asked for a loss; put a SolveLoop in the place of the optimizer loop"
                        .formatted(getClass().getSimpleName()));
    }

    /// {@return no optimizers}
    @Override
    public final OptimizerPlan configureOptimizers() {
        return OptimizerPlan.none();
    }
}
