package loops.core.training;

import tensor.api.Tensor;

/// What a module does by itself when it optimizes manually. Reached through [Step]; each call fires its hooks and is
/// counted.
public interface ManualControl {
    /// Computes the gradients of `loss` and adds them to those that the parameters have.
    void backward(Tensor loss);

    /// Drops the gradients of one optimizer's parameters.
    void zeroGrad(int optimizer);

    /// Lets one optimizer change its parameters.
    void optimizerStep(int optimizer);
}
