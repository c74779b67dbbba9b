package tensor.nn;

import tensor.api.Tensor;

/// Functions between the layers of a network, applied to each element.
public enum Activation implements Layer {
    /// The input itself.
    IDENTITY,
    /// `max(x, 0)`.
    RELU,
    /// `tanh(x)`, between −1 and 1.
    TANH,
    /// `1/(1 + e⁻ˣ)`, between 0 and 1.
    SIGMOID,
    /// `x·sigmoid(x)`.
    SILU,
    /// `x/2·(1 + erf(x/√2))`: `x` times the normal distribution function.
    GELU,
    /// `x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³)))`: the usual approximation of [#GELU].
    GELU_TANH,
    /// `log(1 + eˣ)`.
    SOFTPLUS;

    @Override
    public Tensor apply(Tensor x) {
        return switch (this) {
            case IDENTITY -> x;
            case RELU -> x.relu();
            case TANH -> x.tanh();
            case SIGMOID -> x.sigmoid();
            case SILU -> Activations.silu(x);
            case GELU -> Activations.gelu(x);
            case GELU_TANH -> Activations.geluTanh(x);
            case SOFTPLUS -> Activations.softplus(x);
        };
    }
}
