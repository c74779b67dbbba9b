package tensor.nn;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import tensor.api.Axes;
import tensor.api.Fusion;
import tensor.api.Tensor;
import tensor.layout.Shape;
import tensor.layout.ShapeException;

/// Shifts and scales elements to mean 0 and variance 1: `(x − mean) / √(variance + ε)`.
///
/// What is learned on top of it, a factor and a summand, belongs to the layers [BatchNorm], [LayerNorm] and [GroupNorm].
public final class Normalization {
    private static final Fusion ROWS =
            Fusion.of("layer norm", in -> over(in.get(0), Axes.of(-1), in.get(1)));
    private static final Fusion SCALED_ROWS =
            Fusion.of(
                    "layer norm",
                    in -> over(in.get(0), Axes.of(-1), in.get(3)).mul(in.get(1)).add(in.get(2)));

    private Normalization() {}

    /// {@return each channel normalized by given statistics}
    ///
    /// @param x `[batch, channels, ..]`
    /// @param mean `[channels]`
    /// @param variance `[channels]`
    /// @param epsilon added to the variance, from 0
    /// @throws ShapeException if the channels do not fit
    public static Tensor batch(Tensor x, Tensor mean, Tensor variance, double epsilon) {
        return x.sub(perChannel(x, mean)).div(perChannel(x, variance.add(epsilon).sqrt()));
    }

    /// {@return the mean of each channel over the batch and all places, `[channels]`}
    ///
    /// @param x `[batch, channels, ..]`
    public static Tensor batchMean(Tensor x) {
        return x.mean(allButChannels(x));
    }

    /// {@return the variance of each channel over the batch and all places, `[channels]`}
    ///
    /// @param x `[batch, channels, ..]`
    public static Tensor batchVariance(Tensor x) {
        return x.variance(allButChannels(x), 0);
    }

    /// {@return each sample normalized over its last axes} Ba, Kiros, Hinton, Layer normalization, 2016.
    ///
    /// @param x floating point
    /// @param axes how many of the last axes, from 1
    /// @param epsilon added to the variance, from 0
    /// @throws ShapeException if `x` has fewer axes
    public static Tensor layer(Tensor x, int axes, double epsilon) {
        if (axes < 1 || axes > x.rank()) {
            throw new ShapeException(
                    "Normalization.layer: over the last %d axes, but the input is %s; use a number from 1 to %d"
                            .formatted(axes, x.shape(), x.rank()),
                    x.shape());
        }
        return axes == 1
                ? ROWS.apply(x, forRows(x, epsilon))
                : over(x, Axes.of(IntStream.rangeClosed(-axes, -1).toArray()), forRows(x, epsilon));
    }

    /// {@return each sample normalized over its last axis, times a factor and plus a summand for each place on it}
    static Tensor layer(Tensor x, Tensor factor, Tensor summand, double epsilon) {
        return SCALED_ROWS.apply(x, factor, summand, forRows(x, epsilon));
    }

    /// A number for each row, so that what is computed with it is computed once for a row.
    private static Tensor forRows(Tensor like, double value) {
        return like.device().with(() -> Tensor.full(Shape.of(1), value, like.dtype()));
    }

    /// {@return each sample normalized over groups of its channels} Wu, He, Group normalization, 2018.
    ///
    /// @param x `[batch, channels, ..]`
    /// @param groups divides the channels
    /// @param epsilon added to the variance, from 0
    /// @throws ShapeException if the channels cannot be divided so
    public static Tensor group(Tensor x, int groups, double epsilon) {
        if (x.rank() < 2 || groups < 1 || x.size(1) % groups != 0) {
            throw new ShapeException(
                    "Normalization.group: %s in %d groups; it needs [batch, channels, ..], and groups that divide the channels"
                            .formatted(x.shape(), groups),
                    x.shape());
        }
        Tensor grouped = x.reshape(x.size(0), groups, -1);
        return ROWS.apply(grouped, forRows(x, epsilon)).reshape(x.shape());
    }

    /// The derivative takes what is in the direction of a shift and of a stretch out of the cotangent, and divides by the
    /// deviation, of which there is one for a row: so nothing is divided element by element.
    private static Tensor over(Tensor x, Axes axes, Tensor epsilon) {
        Axes rows = axes.keep();
        return Tensor.custom(
                "normalized",
                List.of(x),
                in -> centred(in.getFirst(), rows).mul(scale(in.getFirst(), rows, epsilon)),
                (_, in, y, g) -> {
                    Tensor rest = g.sub(g.mean(rows)).sub(y.mul(g.mul(y).mean(rows)));
                    return rest.mul(scale(in.getFirst(), rows, epsilon));
                });
    }

    private static Tensor centred(Tensor x, Axes rows) {
        return x.sub(x.mean(rows));
    }

    private static Tensor scale(Tensor x, Axes rows, Tensor epsilon) {
        return centred(x, rows).square().mean(rows).add(epsilon).rsqrt();
    }

    /// {@return `x` times a factor and plus a summand for each channel}
    static Tensor perChannel(Tensor x, Tensor factor, Tensor summand) {
        return x.mul(perChannel(x, factor)).add(perChannel(x, summand));
    }

    /// {@return one number for each channel, as it broadcasts to `[batch, channels, ..]`}
    static Tensor perChannel(Tensor x, Tensor values) {
        checkChannels(x, values.shape());
        int[] sizes = new int[x.rank() - 1];
        Arrays.fill(sizes, 1);
        sizes[0] = values.size(0);
        return values.reshape(Shape.of(sizes));
    }

    static void checkChannels(Tensor x, Shape channels) {
        if (x.rank() < 2 || channels.rank() != 1 || channels.size(0) != x.size(1)) {
            throw new ShapeException(
                    "Normalization: the input is %s, and there are numbers for %s channels; it needs [batch, channels, ..]"
                            .formatted(x.shape(), channels),
                    x.shape(),
                    channels);
        }
    }

    private static Axes allButChannels(Tensor x) {
        return Axes.of(IntStream.range(0, x.rank()).filter(axis -> axis != 1).toArray());
    }
}
