package loops.core.training;

import java.util.Arrays;
import java.util.List;
import tensor.optim.Optimizer;

/// Which optimizers train a module, in the order in which each batch uses them.
///
/// ```java
/// return OptimizerPlan.of(Adam.of(parameters(), 1e-3));
/// return OptimizerPlan.of(
///         PlannedOptimizer.of(generator).frequency(1),
///         PlannedOptimizer.of(critic).frequency(5).clip(Clip.norm(1)));
/// ```
///
/// Without frequencies every batch uses all optimizers. With them a batch uses one: the first as many batches in a row
/// as its frequency says, then the second, and so on, over the batches of an epoch.
///
/// @param optimizers one or more; none for a module that is not trained by steps of its own
public record OptimizerPlan(List<PlannedOptimizer> optimizers) {
    /// Copies the list.
    ///
    /// @throws IllegalArgumentException if some optimizers have a frequency and some have none
    public OptimizerPlan {
        optimizers = List.copyOf(optimizers);
        long timed = optimizers.stream().filter(planned -> planned.frequency().isPresent()).count();
        if (timed != 0 && timed != optimizers.size()) {
            throw new IllegalArgumentException(
                    "OptimizerPlan: %d of %d optimizers have a frequency; give one to each or to none"
                            .formatted(timed, optimizers.size()));
        }
    }

    /// {@return a plan of these optimizers, used by every batch}
    ///
    /// @param optimizers the optimizers
    public static OptimizerPlan of(Optimizer... optimizers) {
        return new OptimizerPlan(Arrays.stream(optimizers).map(PlannedOptimizer::of).toList());
    }

    /// {@return a plan of these optimizers}
    ///
    /// @param optimizers the optimizers with what belongs to them
    public static OptimizerPlan of(PlannedOptimizer... optimizers) {
        return new OptimizerPlan(List.of(optimizers));
    }

    /// {@return no optimizers: the module is run and nothing is learned}
    public static OptimizerPlan none() {
        return new OptimizerPlan(List.of());
    }

    /// {@return the same optimizers, whose learning rates nothing changes}
    public OptimizerPlan withoutSchedulers() {
        return new OptimizerPlan(
                optimizers.stream().map(PlannedOptimizer::withoutSchedulers).toList());
    }
}
