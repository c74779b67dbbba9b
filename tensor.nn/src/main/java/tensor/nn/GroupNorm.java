package tensor.nn;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tensor.api.Parameter;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;

/// Normalizes each sample over groups of its channels: `(x − mean) / √(variance + ε) · weight + bias`.
///
/// Wu, He, Group normalization, 2018. **Shapes.** `[batch, channels, ..]`, the same out; parameters `[channels]`.
public final class GroupNorm extends Module implements Layer {
    private final int groups;
    private final int channels;
    private final double epsilon;
    private final @Nullable Parameter weight;
    private final @Nullable Parameter bias;

    private GroupNorm(int groups, int channels, NormConfig config) {
        if (groups < 1 || channels % groups != 0) {
            throw new IllegalArgumentException(
                    "GroupNorm: %d channels in %d groups; use a number of groups from 1 that divides the channels"
                            .formatted(channels, groups));
        }
        this.groups = groups;
        this.channels = channels;
        epsilon = config.epsilon();
        var shape = Shape.of(channels);
        weight = config.affine() ? parameter("weight", shape, Init.ones()) : null;
        bias = config.affine() ? parameter("bias", shape, Init.zeros()) : null;
    }

    /// {@return group normalization of so many channels}
    ///
    /// @param groups divides the channels
    /// @param channels the channels of the input
    /// @throws IllegalArgumentException if the groups do not divide the channels
    public static GroupNorm of(int groups, int channels) {
        return of(groups, channels, config -> {});
    }

    /// {@return group normalization as `config` says}
    ///
    /// @param groups divides the channels
    /// @param channels the channels of the input
    /// @param config sets what is not to be the default
    /// @throws IllegalArgumentException if the groups do not divide the channels
    public static GroupNorm of(int groups, int channels, Consumer<NormConfig> config) {
        var chosen = new NormConfig();
        config.accept(chosen);
        return new GroupNorm(groups, channels, chosen);
    }

    @Override
    public Tensor apply(Tensor x) {
        Tensor y = Normalization.group(x, groups, epsilon);
        return weight == null || bias == null
                ? y
                : Normalization.perChannel(y, weight.value(), bias.value());
    }

    @Override
    public GroupNorm initialize(RandomKey key) {
        super.initialize(key);
        return this;
    }

    @Override
    public GroupNorm initialize(RandomKey key, DType dtype) {
        super.initialize(key, dtype);
        return this;
    }

    @Override
    public String toString() {
        return "GroupNorm(%d, %d)".formatted(groups, channels);
    }
}
