package tensor.nn;

import java.util.List;
import tensor.api.Fusion;
import tensor.api.Tensor;
import tensor.layout.Shape;

/// Functions that stand between the layers of a network, applied to each element. All can be differentiated again.
///
/// [Activation] has the usual ones as layers; relu, tanh and sigmoid are methods of [Tensor].
public final class Activations {
    private static final double ROOT_HALF = Math.sqrt(0.5);
    private static final double ROOT_2_OVER_PI = Math.sqrt(2 / Math.PI);

    private static final Fusion SILU = Fusion.of("silu", in -> siluOf(in.getFirst()));
    private static final Fusion GELU = Fusion.of("gelu", in -> geluOf(in.getFirst()));
    private static final Fusion GELU_TANH = Fusion.of("geluTanh", in -> geluTanhOf(in.getFirst()));

    private Activations() {}

    /// {@return x above 0, else `slope·x`} The derivative at 0 is the slope.
    ///
    /// @param x floating point
    /// @param slope of the negative side
    public static Tensor leakyRelu(Tensor x, double slope) {
        return Tensor.where(x.greater(0), x, x.mul(slope));
    }

    /// {@return x above 0, else `alpha·(eˣ − 1)`} The derivative at 0 is `alpha`. (Clevert, Unterthiner, Hochreiter 2015,
    /// arXiv:1511.07289.)
    ///
    /// @param x floating point
    /// @param alpha minus the limit far left
    public static Tensor elu(Tensor x, double alpha) {
        Tensor positive = x.greater(0);
        // the other side of 0 is cut off before the exponential, so that nothing infinite meets a
        // gradient of 0
        Tensor left = Tensor.where(positive, constant(x, 0), x);
        return Tensor.where(positive, x, left.expm1().mul(alpha));
    }

    /// {@return `x / (1 + e⁻ˣ)`, which is `x·sigmoid(x)`} (Elfwing, Uchibe, Doya 2017, arXiv:1702.03118.)
    ///
    /// @param x floating point
    public static Tensor silu(Tensor x) {
        return SILU.apply(x);
    }

    private static Tensor siluOf(Tensor x) {
        return Tensor.custom(
                "silu",
                List.of(x),
                in -> in.getFirst().div(in.getFirst().neg().exp().add(1)),
                (_, in, _, g) -> {
                    Tensor share = in.getFirst().sigmoid();
                    Tensor rest = constant(share, 1).sub(share);
                    return g.mul(share).mul(in.getFirst().mul(rest).add(1));
                });
    }

    /// {@return `x/2·(1 + erf(x/√2))`: x times the normal distribution function} (Hendrycks, Gimpel 2016,
    /// arXiv:1606.08415.)
    ///
    /// @param x floating point
    public static Tensor gelu(Tensor x) {
        return GELU.apply(x);
    }

    private static Tensor geluOf(Tensor x) {
        return x.mul(0.5).mul(x.mul(ROOT_HALF).erf().add(1));
    }

    /// {@return `x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³)))`, the usual approximation of [#gelu]}
    ///
    /// @param x floating point
    public static Tensor geluTanh(Tensor x) {
        return GELU_TANH.apply(x);
    }

    private static Tensor geluTanhOf(Tensor x) {
        Tensor inner = x.add(x.mul(x).mul(x).mul(0.044715)).mul(ROOT_2_OVER_PI);
        return x.mul(0.5).mul(inner.tanh().add(1));
    }

    /// {@return `log(1 + eˣ)`} Large numbers do not overflow.
    ///
    /// @param x floating point
    public static Tensor softplus(Tensor x) {
        return Tensor.custom(
                "softplus",
                List.of(x),
                in -> in.getFirst().relu().add(in.getFirst().abs().neg().exp().log1p()),
                (_, in, _, g) -> g.mul(in.getFirst().sigmoid()));
    }

    /// {@return `log(1 + e^(beta·x)) / beta`, and x itself where `beta·x` is above a threshold}
    ///
    /// @param x floating point
    /// @param beta how sharp the bend at 0 is, above 0
    /// @param threshold where the curve gives way to the line
    /// @throws IllegalArgumentException if `beta` is not above 0
    public static Tensor softplus(Tensor x, double beta, double threshold) {
        if (!(beta > 0)) {
            throw new IllegalArgumentException(
                    "softplus: beta is %s; use a number above 0".formatted(beta));
        }
        Tensor scaled = x.mul(beta);
        return Tensor.where(scaled.greater(threshold), x, softplus(scaled).div(beta));
    }

    private static Tensor constant(Tensor like, double value) {
        return like.device().with(() -> Tensor.full(Shape.scalar(), value, like.dtype()));
    }
}
