package tensor.optim;

import java.util.OptionalDouble;

/// What an optimizer calls to get a loss and its gradients: zeroGrad, forward, backward.
@FunctionalInterface
public interface Closure {
    /// {@return the loss at the present values of the parameters, whose gradients are set by this call; empty if there
    /// is none, so that no step is to be made}
    OptionalDouble evaluate();
}
