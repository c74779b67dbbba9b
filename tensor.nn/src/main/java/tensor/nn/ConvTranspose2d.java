package tensor.nn;

import java.util.function.Consumer;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;

/// A transposed convolution over two axes, which makes larger fields of smaller ones; see [Convolution#transposed].
///
/// **Shapes.** `[batch, in, height, width] → [batch, out, places, places]`; weight `[in, out / groups, kernel, kernel]`, bias `[out]`.
public final class ConvTranspose2d extends Conv {
    private final int[] extra;

    private ConvTranspose2d(int in, int out, int kernel, ConvConfig config) {
        check("ConvTranspose2d", in, out, config.how().groups());
        super(out, Shape.of(in, out / config.how().groups(), kernel, kernel), config);
        extra = config.extra();
    }

    /// {@return a transposed convolution with stride 1 and without padding}
    ///
    /// @param in the channels of the input
    /// @param out the channels of the output
    /// @param kernel the size of the kernel
    public static ConvTranspose2d of(int in, int out, int kernel) {
        return of(in, out, kernel, config -> {});
    }

    /// {@return a transposed convolution as `config` says}
    ///
    /// @param in the channels of the input
    /// @param out the channels of the output
    /// @param kernel the size of the kernel
    /// @param config sets what is not to be the default
    /// @throws IllegalArgumentException if a number is out of its range
    public static ConvTranspose2d of(int in, int out, int kernel, Consumer<ConvConfig> config) {
        ConvConfig chosen = new ConvConfig(2);
        config.accept(chosen);
        return new ConvTranspose2d(in, out, kernel, chosen);
    }

    @Override
    Tensor move(Tensor x) {
        return how().transposed(x, weight().value(), extra);
    }

    @Override
    public ConvTranspose2d initialize(RandomKey key) {
        super.initialize(key);
        return this;
    }

    @Override
    public ConvTranspose2d initialize(RandomKey key, DType dtype) {
        super.initialize(key, dtype);
        return this;
    }
}
