package loops.core.training;

import tensor.api.Tensor;

/// What a module does by itself when it optimizes manually. Reached through [Step]; each call fires its hooks and is
/// counted.
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
}
