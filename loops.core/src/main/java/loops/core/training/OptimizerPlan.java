package loops.core.training;

import java.util.List;
import tensor.optim.Optimizer;

/// Which optimizers train a module, in the order in which each batch uses them.
///
/// @param optimizers one or more; none for a module that is not trained by steps of its own
public record OptimizerPlan(List<Optimizer> optimizers) {
    /// Copies the list.
    public OptimizerPlan {
        optimizers = List.copyOf(optimizers);
    }

    /// {@return a plan of these optimizers}
    ///
    /// @param optimizers the optimizers
    public static OptimizerPlan of(Optimizer... optimizers) {
        return new OptimizerPlan(List.of(optimizers));
    }
}
