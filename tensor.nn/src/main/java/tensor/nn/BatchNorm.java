package tensor.nn;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tensor.api.Parameter;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.layout.ShapeException;

/// Normalizes each channel over the batch: `(x − mean) / √(variance + ε) · weight + bias`.
///
/// In training, mean and variance are those of the batch, and move the running ones by the momentum: `running = (1 −
/// momentum)·running + momentum·batch`; the variance that normalizes is divided by the number of elements, the one that
/// moves the running one by one less. In evaluation the running ones are used. Ioffe, Szegedy, Batch normalization, 2015.
///
/// **Shapes.** `[batch, channels, ..]`, the same out; parameters and statistics `[channels]`.
public final class BatchNorm extends Module implements Layer {
    private final double epsilon;
    private final double momentum;
    private final @Nullable Parameter weight;
    private final @Nullable Parameter bias;
    private final Buffer mean;
    private final Buffer variance;

    private BatchNorm(int channels, NormConfig config) {
        var shape = Shape.of(channels);
        epsilon = config.epsilon();
        momentum = config.momentum();
        weight = config.affine() ? parameter("weight", shape, Init.ones()) : null;
        bias = config.affine() ? parameter("bias", shape, Init.zeros()) : null;
        mean = buffer("running_mean", shape, Init.zeros());
        variance = buffer("running_var", shape, Init.ones());
    }

    /// {@return batch normalization of so many channels}
    ///
    /// @param channels the channels of the input
    public static BatchNorm of(int channels) {
        return of(channels, config -> {});
    }

    /// {@return batch normalization as `config` says}
    ///
    /// @param channels the channels of the input
    /// @param config sets what is not to be the default
    public static BatchNorm of(int channels, Consumer<NormConfig> config) {
        var chosen = new NormConfig();
        config.accept(chosen);
        return new BatchNorm(channels, chosen);
    }

    /// {@return the running mean of each channel}
    public Buffer mean() {
        return mean;
    }

    /// {@return the running variance of each channel}
    public Buffer variance() {
        return variance;
    }

    @Override
    public Tensor apply(Tensor x) {
        Normalization.checkChannels(x, mean.shape());
        Tensor y =
                training()
                        ? byBatch(x)
                        : Normalization.batch(x, mean.value(), variance.value(), epsilon);
        return weight == null || bias == null
                ? y
                : Normalization.perChannel(y, weight.value(), bias.value());
    }

    private Tensor byBatch(Tensor x) {
        if (x.rank() < 2 || x.elementCount() <= x.size(1)) {
            throw new ShapeException(
                    "BatchNorm: %s has no more than one element for each channel; in training it needs several"
                            .formatted(x.shape()),
                    x.shape());
        }
        Tensor batchMean = Normalization.batchMean(x);
        Tensor batchVariance = Normalization.batchVariance(x);
        double count = (double) x.elementCount() / x.size(1);
        Tensor.noGrad(() -> {
            move(mean, batchMean.detach());
            move(variance, batchVariance.detach().mul(count / (count - 1)));
        });
        return Normalization.batch(x, batchMean, batchVariance, epsilon);
    }

    private void move(Buffer running, Tensor batch) {
        running.assign(running.value().mul(1 - momentum).add(batch.mul(momentum)));
    }

    /// How many batches PyTorch has seen: it needs them for a mean of all of them, in place of a running one.
    @Override
    List<String> foreignWeights() {
        return List.of("num_batches_tracked");
    }

    @Override
    public BatchNorm initialize(RandomKey key) {
        super.initialize(key);
        return this;
    }

    @Override
    public BatchNorm initialize(RandomKey key, DType dtype) {
        super.initialize(key, dtype);
        return this;
    }

    @Override
    public String toString() {
        return "BatchNorm" + mean.shape();
    }
}
