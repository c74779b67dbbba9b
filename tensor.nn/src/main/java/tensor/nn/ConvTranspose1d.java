package tensor.nn;

import java.util.function.Consumer;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;

/// A transposed convolution over one axis, which makes longer sequences of shorter ones; see [Convolution#transposed].
///
/// **Shapes.** `[batch, in, size] → [batch, out, places]`; weight `[in, out / groups, kernel]`, bias `[out]`.
public final class ConvTranspose1d extends Conv {
    private final int[] extra;

    private ConvTranspose1d(int in, int out, int kernel, ConvConfig config) {
        check("ConvTranspose1d", in, out, config.how().groups());
        super(out, Shape.of(in, out / config.how().groups(), kernel), config);
        extra = config.extra();
    }

    /// {@return a transposed convolution with stride 1 and without padding}
    ///
    /// @param in the channels of the input
    /// @param out the channels of the output
    /// @param kernel the size of the kernel
    public static ConvTranspose1d of(int in, int out, int kernel) {
        return of(in, out, kernel, config -> {});
    }

    /// {@return a transposed convolution as `config` says}
    ///
    /// @param in the channels of the input
    /// @param out the channels of the output
    /// @param kernel the size of the kernel
    /// @param config sets what is not to be the default
    /// @throws IllegalArgumentException if a number is out of its range
    public static ConvTranspose1d of(int in, int out, int kernel, Consumer<ConvConfig> config) {
        ConvConfig chosen = new ConvConfig(1);
        config.accept(chosen);
        return new ConvTranspose1d(in, out, kernel, chosen);
    }

    @Override
    Tensor move(Tensor x) {
        return how().transposed(x, weight().value(), extra);
    }

    @Override
    public ConvTranspose1d initialize(RandomKey key) {
        super.initialize(key);
        return this;
    }

    @Override
    public ConvTranspose1d initialize(RandomKey key, DType dtype) {
        super.initialize(key, dtype);
        return this;
    }
}
