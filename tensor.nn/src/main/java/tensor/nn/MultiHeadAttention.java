package tensor.nn;

import java.util.Optional;
import tensor.api.Parameter;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.layout.ShapeException;

/// Attention by several heads, each of which looks at a part of a learned projection; see [Attention].
///
/// **Shapes.** Query `[batch, queries, width]`, key and value `[batch, keys, width]` → `[batch, queries, width]`. Parameters
/// have the names of PyTorch: `in_proj_weight` `[3·width, width]` with the rows of query, key and value, `in_proj_bias`,
/// `out_proj.weight`, `out_proj.bias`. Vaswani et al., Attention is all you need, 2017.
public final class MultiHeadAttention extends Module implements Layer {
    private final int width;
    private final int heads;
    private final Attention attention;
    private final Parameter weight;
    private final Parameter bias;
    private final Linear out;

    private MultiHeadAttention(int width, int heads, Attention attention) {
        if (heads < 1 || width < 1 || width % heads != 0) {
            throw new IllegalArgumentException(
                    "MultiHeadAttention: width %d and %d heads; use numbers from 1, and heads that divide the width"
                            .formatted(width, heads));
        }
        this.width = width;
        this.heads = heads;
        this.attention = attention;
        weight = parameter("in_proj_weight", Shape.of(3 * width, width), Init.xavierUniform());
        bias = parameter("in_proj_bias", Shape.of(3 * width), Init.zeros());
        out = child("out_proj", Linear.of(width, width, config -> config.bias(Init.zeros())));
    }

    /// {@return attention by several heads}
    ///
    /// @param width the size of queries, keys and values
    /// @param heads divides the width
    /// @param attention causal or not, with a mask or without
    /// @throws IllegalArgumentException if the heads do not divide the width
    public static MultiHeadAttention of(int width, int heads, Attention attention) {
        return new MultiHeadAttention(width, heads, attention);
    }

    /// What the heads have found, and how they have weighted.
    ///
    /// @param values `[batch, queries, width]`
    /// @param weights the mean over the heads, `[batch, queries, keys]`
    public record Result(Tensor values, Tensor weights) {}

    /// {@return the attention of a sequence to itself}
    ///
    /// @param x `[batch, places, width]`
    @Override
    public Tensor apply(Tensor x) {
        return run(x, x, x, Optional.empty()).values();
    }

    /// {@return the weighted values, and the weights}
    ///
    /// @param query what asks
    /// @param key what is compared with the queries
    /// @param value what is weighted
    /// @param ignored `[batch, keys]`, bool: true for keys that take no part, as padding
    /// @throws ShapeException if the shapes do not fit
    public Result run(Tensor query, Tensor key, Tensor value, Optional<Tensor> ignored) {
        check(query);
        check(key);
        check(value);
        Attention masked =
                ignored.map(keys -> takingPart(keys, query)).map(this::with).orElse(attention);
        Tensor weights = masked.weights(headed(projected(query, 0)), headed(projected(key, 1)));
        Tensor found = weights.matMul(headed(projected(value, 2)));
        Tensor together = found.transpose(1, 2).reshape(query.size(0), query.size(1), width);
        return new Result(out.apply(together), weights.mean(1));
    }

    /// The mask that is there, and one of keys, `[batch, 1, 1, keys]`.
    private Attention with(Tensor keys) {
        Tensor both =
                attention
                        .mask()
                        .map(mask ->
                                mask.dtype() == DType.BOOL
                                        ? mask.and(keys)
                                        : Tensor.where(keys, mask, infinite(mask)))
                        .orElse(keys);
        return attention.masked(both);
    }

    private static Tensor infinite(Tensor like) {
        return like.device()
                .with(() -> Tensor.full(Shape.scalar(), Double.NEGATIVE_INFINITY, like.dtype()));
    }

    private static Tensor takingPart(Tensor ignored, Tensor query) {
        if (ignored.rank() != 2 || ignored.size(0) != query.size(0)) {
            throw new ShapeException(
                    "MultiHeadAttention: the keys that take no part are %s; they need [%d, keys]"
                            .formatted(ignored.shape(), query.size(0)),
                    ignored.shape());
        }
        return ignored.not().unsqueeze(1).unsqueeze(1);
    }

    private Tensor projected(Tensor x, int part) {
        long start = (long) part * width;
        return Functional.linear(
                x,
                weight.value().slice(0, start, start + width),
                bias.value().slice(0, start, start + width));
    }

    /// `[batch, places, width] → [batch, heads, places, width / heads]`.
    private Tensor headed(Tensor x) {
        return x.reshape(x.size(0), x.size(1), heads, width / heads).transpose(1, 2);
    }

    private void check(Tensor x) {
        if (x.rank() != 3 || x.size(2) != width) {
            throw new ShapeException(
                    "MultiHeadAttention: the input is %s; it needs [batch, places, %d]"
                            .formatted(x.shape(), width),
                    x.shape());
        }
    }

    @Override
    public MultiHeadAttention initialize(RandomKey key) {
        super.initialize(key);
        return this;
    }

    @Override
    public MultiHeadAttention initialize(RandomKey key, DType dtype) {
        super.initialize(key, dtype);
        return this;
    }

    @Override
    public String toString() {
        return "MultiHeadAttention(%d, heads %d)".formatted(width, heads);
    }
}
