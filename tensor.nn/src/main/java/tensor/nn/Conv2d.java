package tensor.nn;

import java.util.function.Consumer;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;

/// A convolution over two axes, with a learned kernel and bias.
///
/// **Shapes.** `[batch, in, height, width] → [batch, out, places, places]`; weight `[out, in / groups, kernel, kernel]`, bias `[out]`.
public final class Conv2d extends Conv {
    private Conv2d(int in, int out, int kernel, ConvConfig config) {
        check("Conv2d", in, out, config.how().groups());
        super(out, Shape.of(out, in / config.how().groups(), kernel, kernel), config);
    }

    /// {@return a convolution with stride 1 and without padding}
    ///
    /// @param in the channels of the input
    /// @param out the channels of the output
    /// @param kernel the size of the kernel
    public static Conv2d of(int in, int out, int kernel) {
        return of(in, out, kernel, config -> {});
    }

    /// {@return a convolution as `config` says}
    ///
    /// @param in the channels of the input
    /// @param out the channels of the output
    /// @param kernel the size of the kernel
    /// @param config sets what is not to be the default
    /// @throws IllegalArgumentException if a number is out of its range
    public static Conv2d of(int in, int out, int kernel, Consumer<ConvConfig> config) {
        ConvConfig chosen = new ConvConfig(2);
        config.accept(chosen);
        return new Conv2d(in, out, kernel, chosen);
    }

    @Override
    Tensor move(Tensor x) {
        return how().apply(x, weight().value());
    }

    @Override
    public Conv2d initialize(RandomKey key) {
        super.initialize(key);
        return this;
    }

    @Override
    public Conv2d initialize(RandomKey key, DType dtype) {
        super.initialize(key, dtype);
        return this;
    }
}
