package tensor.nn;

import java.util.function.Consumer;
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
    private final Layer dropout;
    private final Parameter weight;
    private final Parameter bias;
    private final Linear out;

    private MultiHeadAttention(int width, int heads, Config config) {
        if (heads < 1 || width < 1 || width % heads != 0) {
            throw new IllegalArgumentException(
                    "MultiHeadAttention: width %d and %d heads; use numbers from 1, and heads that divide the width"
                            .formatted(width, heads));
        }
        this.width = width;
        this.heads = heads;
        attention = config.attention;
        weight = parameter("in_proj_weight", Shape.of(3 * width, width), Init.xavierUniform());
        bias = parameter("in_proj_bias", Shape.of(3 * width), Init.zeros());
        out = child("out_proj", Linear.of(width, width, inner -> inner.bias(Init.zeros())));
        dropout =
                config.dropout == 0
                        ? Activation.IDENTITY
                        : child("dropout", Dropout.of(config.dropout));
    }

    /// {@return attention by several heads}
    ///
    /// @param width the size of queries, keys and values
    /// @param heads divides the width
    /// @param attention causal or not, with a mask that holds for every batch or without
    /// @throws IllegalArgumentException if the heads do not divide the width
    public static MultiHeadAttention of(int width, int heads, Attention attention) {
        return of(width, heads, config -> config.attention(attention));
    }

    /// {@return attention by several heads as `config` says}
    ///
    /// @param width the size of queries, keys and values
    /// @param heads divides the width
    /// @param config sets what is not to be the default: all keys are seen, and no weight is dropped
    /// @throws IllegalArgumentException if the heads do not divide the width
    public static MultiHeadAttention of(int width, int heads, Consumer<Config> config) {
        var chosen = new Config();
        config.accept(chosen);
        return new MultiHeadAttention(width, heads, chosen);
    }

    /// How attention by several heads is made, set in a chain of calls.
    public static final class Config {
        private Attention attention = Attention.full();
        private double dropout = 0;

        private Config() {}

        /// Sets how each head looks; at all keys if not set.
        ///
        /// @param how causal or not, with a mask that holds for every batch or without
        /// @return this
        public Config attention(Attention how) {
            attention = how;
            return this;
        }

        /// Sets the probability that a weight of a key is dropped in training; 0 if not set.
        ///
        /// @param probability from 0 to 1
        /// @return this
        /// @throws IllegalArgumentException if it is out of its range
        public Config dropout(double probability) {
            dropout = Functional.checkDropout(probability);
            return this;
        }
    }

    /// What the heads have found, and how they have weighted.
    ///
    /// @param values `[batch, queries, width]`
    /// @param weights the mean over the heads, before any is dropped, `[batch, queries, keys]`
    public record Result(Tensor values, Tensor weights) {}

    /// {@return the attention of a sequence to itself}
    ///
    /// @param x `[batch, places, width]`
    @Override
    public Tensor apply(Tensor x) {
        return apply(x, AttentionMask.none());
    }

    /// {@return the attention of a sequence to itself, behind a mask}
    ///
    /// @param x `[batch, places, width]`
    /// @param mask which places see which, beside what the attention says
    /// @throws ShapeException if the shapes do not fit
    public Tensor apply(Tensor x, AttentionMask mask) {
        check(x);
        Attention masked = masked(x, x, mask);
        Tensor all = Functional.linear(x, weight.value(), bias.value());
        Tensor query = part(all, 0);
        Tensor key = part(all, 1);
        return values(masked.weights(headed(query), headed(key)), part(all, 2));
    }

    private Tensor part(Tensor all, int number) {
        return all.slice(2, (long) number * width, (number + 1L) * width);
    }

    /// {@return the weighted values, and the weights}
    ///
    /// @param query what asks
    /// @param key what is compared with the queries
    /// @param value what is weighted
    /// @param mask which queries see which keys, beside what the attention says
    /// @throws ShapeException if the shapes do not fit
    public Result run(Tensor query, Tensor key, Tensor value, AttentionMask mask) {
        check(query);
        check(key);
        check(value);
        Attention masked = masked(query, key, mask);
        Tensor weights = masked.weights(headed(projected(query, 0)), headed(projected(key, 1)));
        return new Result(values(weights, projected(value, 2)), weights.mean(1));
    }

    private Attention masked(Tensor query, Tensor key, AttentionMask mask) {
        return mask.on(attention, Shape.of(query.size(0), heads, query.size(1), key.size(1)));
    }

    private Tensor values(Tensor weights, Tensor value) {
        Tensor found = dropout.apply(weights).matMul(headed(value)).transpose(1, 2);
        return out.apply(found.reshape(found.size(0), found.size(1), width));
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
