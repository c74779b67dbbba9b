package loops.core.training;

import java.util.OptionalDouble;
import java.util.function.Supplier;
import tensor.api.Tensor;

/// What a module does by itself when it optimizes manually. Reached through [Step#optimization]; each call fires its
/// hooks and is counted.
public interface ManualControl {
    /// Computes the gradients of `loss` and adds them to those that the parameters have.
    ///
    /// @param loss a scalar
    void backward(Tensor loss);

    /// Drops the gradients of one optimizer's parameters.
    ///
    /// @param optimizer its place in the plan, from 0
    void zeroGrad(int optimizer);

    /// Lets one optimizer change its parameters.
    ///
    /// @param optimizer its place in the plan, from 0
    void optimizerStep(int optimizer);

    /// Lets one optimizer change its parameters, with a closure that it may call more than once.
    ///
    /// @param optimizer its place in the plan, from 0
    /// @param closure drops gradients, computes the loss and its gradients, and gives the loss
    void optimizerStep(int optimizer, Supplier<OptionalDouble> closure);

    /// Clips the gradients of one optimizer's parameters.
    ///
    /// @param optimizer its place in the plan, from 0
    /// @param clip how
    void clip(int optimizer, Clip clip);

    /// Runs something while only the parameters of one optimizer get gradients. Inside another such call it takes that
    /// one's place meanwhile. What is thrown thaws the others too.
    ///
    /// @param optimizer its place in the plan, from 0
    /// @param body what is run
    void toggled(int optimizer, Runnable body);

    /// {@return the schedulers of one optimizer, in the order of the plan; the module steps them}
    ///
    /// @param optimizer its place in the plan, from 0
    java.util.List<TrainingScheduler> schedulers(int optimizer);
}
