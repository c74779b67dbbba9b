package tensor.api;

import java.util.List;

/// The derivative of a [Tensor#custom] operation: a vector-Jacobian product.
///
/// Written with tensor operations, so that it has a derivative in turn.
@FunctionalInterface
public interface Vjp {

    /// {@return the cotangent of one input, of that input's shape and dtype}
    ///
    /// @param input which input, from 0; asked only of inputs that lead to a wanted gradient
    /// @param inputs the inputs of the operation
    /// @param output what the operation returned
    /// @param cotangent the cotangent of the output
    Tensor cotangent(int input, List<Tensor> inputs, Tensor output, Tensor cotangent);
}
