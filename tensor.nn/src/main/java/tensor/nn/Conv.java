package tensor.nn;

import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tensor.api.Parameter;
import tensor.api.Tensor;
import tensor.layout.Shape;

/// A layer that moves a learned kernel over the last axes of its input; see [Convolution].
///
/// First values of weight and bias are evenly distributed between ±1/√(inputs of one output) unless said otherwise.
public abstract sealed class Conv extends Module implements Layer
        permits Conv1d, Conv2d, ConvTranspose1d, ConvTranspose2d {
    private final Convolution how;
    private final Parameter weight;
    private final @Nullable Parameter bias;

    /// @param out the channels of the output
    /// @param weightShape the shape of the weight: its second axis and those behind it are the inputs of one output
    /// @param config how it is made
    Conv(int out, Shape weightShape, ConvConfig config) {
        how = config.how();
        int inputs =
                IntStream.range(1, weightShape.rank())
                        .map(weightShape::size)
                        .reduce(1, Math::multiplyExact);
        Init usual = Init.fanIn(inputs);
        weight = parameter("weight", weightShape, config.weightOr(usual));
        bias = config.hasBias() ? parameter("bias", Shape.of(out), config.biasOr(usual)) : null;
    }

    /// {@return how the kernel moves}
    public final Convolution how() {
        return how;
    }

    /// {@return the kernel}
    public final Parameter weight() {
        return weight;
    }

    /// {@return what is added to each channel; empty in a layer without}
    public final Optional<Parameter> bias() {
        return Optional.ofNullable(bias);
    }

    abstract Tensor move(Tensor x);

    @Override
    public final Tensor apply(Tensor x) {
        Tensor y = move(x);
        return bias == null ? y : y.add(Normalization.perChannel(y, bias.value()));
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + weight.shape();
    }

    static void check(String where, int in, int out, int groups) {
        if (in < 1 || out < 1 || in % groups != 0 || out % groups != 0) {
            throw new IllegalArgumentException(
                    "%s: %d channels in and %d out with %d groups; use numbers from 1 that the groups divide"
                            .formatted(where, in, out, groups));
        }
    }
}
