package tensor.nn;

import java.util.function.Consumer;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;

/// A convolution over one axis, with a learned kernel and bias.
///
/// **Shapes.** `[batch, in, size] → [batch, out, places]`; weight `[out, in / groups, kernel]`, bias `[out]`.
public final class Conv1d extends Conv {
    private Conv1d(int in, int out, int kernel, ConvConfig config) {
        check("Conv1d", in, out, config.how().groups());
        super(out, Shape.of(out, in / config.how().groups(), kernel), config);
    }

    /// {@return a convolution with stride 1 and without padding}
    ///
    /// @param in the channels of the input
    /// @param out the channels of the output
    /// @param kernel the size of the kernel
    public static Conv1d of(int in, int out, int kernel) {
        return of(in, out, kernel, config -> {});
    }

    /// {@return a convolution as `config` says}
    ///
    /// @param in the channels of the input
    /// @param out the channels of the output
    /// @param kernel the size of the kernel
    /// @param config sets what is not to be the default
    /// @throws IllegalArgumentException if a number is out of its range
    public static Conv1d of(int in, int out, int kernel, Consumer<ConvConfig> config) {
        ConvConfig chosen = new ConvConfig(1);
        config.accept(chosen);
        return new Conv1d(in, out, kernel, chosen);
    }

    @Override
    Tensor move(Tensor x) {
        return how().apply(x, weight().value());
    }

    @Override
    public Conv1d initialize(RandomKey key) {
        super.initialize(key);
        return this;
    }

    @Override
    public Conv1d initialize(RandomKey key, DType dtype) {
        super.initialize(key, dtype);
        return this;
    }
}
