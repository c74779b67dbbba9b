package tensor.api;

/// What a gradient can be asked for: a tensor or a parameter (which stands for its value).
public sealed interface Differentiable permits Tensor, Parameter {}
