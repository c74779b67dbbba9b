package tensor.api;

import java.util.List;

/// A function that is defined by others, and computed as a whole, forwards and backwards: what is computed forwards is
/// remembered for the derivative, not computed anew.
///
/// ```java
/// Tensor y = Tensor.composite(new LongRecurrence(), x, weight);
/// ```
///
/// The definition stays what is meant. It is what gradients of gradients and [AnomalyMode] go through, and what the derivative
/// does when what was remembered has been released; [#forward] has its bits, [#cotangents] its derivative up to rounding.
/// **Threads.** It has no state.
public interface Composite {
    /// {@return what it is called in messages}
    String name();

    /// {@return the result, by operations that have derivatives}
    ///
    /// @param inputs one or more
    Tensor definition(List<Tensor> inputs);

    /// {@return the result, and what the derivative needs of the way there} Nothing is recorded.
    ///
    /// @param inputs detached
    Forward forward(List<Tensor> inputs);

    /// {@return the cotangent of each input, of its shape and type} Nothing is recorded; what is made on the way is released
    /// afterwards.
    ///
    /// @param inputs as they were given
    /// @param forward what [#forward] gave for them
    /// @param cotangent that of the result
    List<Tensor> cotangents(List<Tensor> inputs, Forward forward, Tensor cotangent);

    /// A result.
    ///
    /// @param value a new tensor, not an input
    /// @param residuals what the derivative needs beside the inputs and the value
    record Forward(Tensor value, List<Tensor> residuals) {
        /// Copies the list.
        public Forward {
            residuals = List.copyOf(residuals);
        }
    }
}
