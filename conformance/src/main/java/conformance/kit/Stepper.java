package conformance.kit;

import java.util.OptionalDouble;
import java.util.function.Supplier;
import loops.core.training.SplitRun;
import loops.core.training.TrainingOptimizer;

/// Lets an optimizer make its step, in place of the loop.
@FunctionalInterface
public interface Stepper {
    /// {@return whether a step was made}
    ///
    /// @param optimizer the optimizer
    /// @param split what it learns from
    /// @param closure runs forward and backward passes and gives the loss
    boolean step(TrainingOptimizer optimizer, SplitRun split, Supplier<OptionalDouble> closure);
}
