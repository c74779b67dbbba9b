package tensor.nn;

import tensor.api.Tensor;

/// One step of a forward pass, with one input and one output.
///
/// Layers with parameters are [modules][Module] too; others may be an [Activation] or a lambda.
@FunctionalInterface
public interface Layer {
    /// {@return the output for `x`} How shapes change is said by each layer.
    ///
    /// @param x the input
    Tensor apply(Tensor x);
}
