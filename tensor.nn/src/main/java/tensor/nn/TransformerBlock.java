package tensor.nn;

import java.util.function.Consumer;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.ShapeException;

/// One block of a transformer: attention of the places of a sequence to each other, then two dense layers for each place,
/// both added to what came in.
///
/// `x + attention(norm(x))`, then `x + dense(norm(x))`: each part is normalized before it, which trains without a warm-up;
/// [Config#normAfter] is the order of the first paper, `norm(x + attention(x))`. Vaswani et al., Attention is all you need,
/// 2017; Xiong et al., On layer normalization in the transformer architecture, 2020.
///
/// **Shapes.** `[batch, places, width]`, the same out.
public final class TransformerBlock extends Module implements Layer {
    private final boolean normAfter;
    private final MultiHeadAttention attention;
    private final LayerNorm firstNorm;
    private final LayerNorm secondNorm;
    private final Linear up;
    private final Linear down;
    private final Layer activation;
    private final Dropout afterAttention;
    private final Dropout inside;
    private final Dropout afterDense;

    private TransformerBlock(int width, int heads, Config config) {
        normAfter = config.normAfter;
        activation = config.activation;
        int hidden = config.hidden == 0 ? 4 * width : config.hidden;
        attention =
                child(
                        "self_attn",
                        MultiHeadAttention.of(
                                width,
                                heads,
                                inner ->
                                        inner.attention(config.attention)
                                                .dropout(config.attentionDropout)));
        up = child("linear1", Linear.of(width, hidden));
        down = child("linear2", Linear.of(hidden, width));
        firstNorm = child("norm1", LayerNorm.of(width));
        secondNorm = child("norm2", LayerNorm.of(width));
        inside = child("dropout", Dropout.of(config.dropout));
        afterAttention = child("dropout1", Dropout.of(config.dropout));
        afterDense = child("dropout2", Dropout.of(config.dropout));
    }

    /// {@return a block with dense layers four times as wide, GELU and no dropout}
    ///
    /// @param width the size of what stands at a place
    /// @param heads of the attention; divides the width
    public static TransformerBlock of(int width, int heads) {
        return of(width, heads, config -> {});
    }

    /// {@return a block as `config` says}
    ///
    /// @param width the size of what stands at a place
    /// @param heads of the attention; divides the width
    /// @param config sets what is not to be the default
    /// @throws IllegalArgumentException if a number is out of its range
    public static TransformerBlock of(int width, int heads, Consumer<Config> config) {
        var chosen = new Config();
        config.accept(chosen);
        return new TransformerBlock(width, heads, chosen);
    }

    /// How a block is made, set in a chain of calls.
    public static final class Config {
        private boolean normAfter = false;
        private int hidden = 0;
        private double dropout = 0;
        private double attentionDropout = 0;
        private Attention attention = Attention.full();
        private Layer activation = Activation.GELU;

        private Config() {}

        /// Normalizes what comes out of each part, with what came in, in place of what goes in.
        ///
        /// @return this
        public Config normAfter() {
            normAfter = true;
            return this;
        }

        /// Sets the width between the two dense layers; 4 times that of the block if not set.
        ///
        /// @param size a number from 1
        /// @return this
        /// @throws IllegalArgumentException if it is less
        public Config hidden(int size) {
            if (size < 1) {
                throw new IllegalArgumentException(
                        "TransformerBlock: hidden is %d; use a number from 1".formatted(size));
            }
            hidden = size;
            return this;
        }

        /// Sets the probability that an element is dropped in training, behind each part and between the dense layers; 0 if
        /// not set.
        ///
        /// @param probability from 0 to 1
        /// @return this
        /// @throws IllegalArgumentException if it is out of its range
        public Config dropout(double probability) {
            dropout = Functional.checkDropout(probability);
            return this;
        }

        /// Sets the probability that a place is not looked at in training, though it is seen; 0 if not set.
        ///
        /// @param probability from 0 to 1
        /// @return this
        /// @throws IllegalArgumentException if it is out of its range
        public Config attentionDropout(double probability) {
            attentionDropout = Functional.checkDropout(probability);
            return this;
        }

        /// Lets each place see only those up to itself.
        ///
        /// @return this
        public Config causal() {
            attention = attention.causal();
            return this;
        }

        /// Sets what stands between the two dense layers; GELU if not set.
        ///
        /// @param function works on each element
        /// @return this
        public Config activation(Layer function) {
            activation = function;
            return this;
        }
    }

    @Override
    public Tensor apply(Tensor x) {
        return apply(x, AttentionMask.none());
    }

    /// {@return the output for `x`, behind a mask}
    ///
    /// ```java
    /// Tensor y = block.apply(x, AttentionMask.ignoring(padding));
    /// ```
    ///
    /// @param x `[batch, places, width]`
    /// @param mask which places see which; a causal block lets none see what comes after it, too
    /// @throws ShapeException if the shapes do not fit
    public Tensor apply(Tensor x, AttentionMask mask) {
        if (normAfter) {
            Tensor y = firstNorm.apply(x.add(attend(x, mask)));
            return secondNorm.apply(y.add(dense(y)));
        }
        Tensor y = x.add(attend(firstNorm.apply(x), mask));
        return y.add(dense(secondNorm.apply(y)));
    }

    private Tensor attend(Tensor x, AttentionMask mask) {
        return afterAttention.apply(attention.apply(x, mask));
    }

    private Tensor dense(Tensor x) {
        Tensor hidden = inside.apply(activation.apply(up.apply(x)));
        return afterDense.apply(down.apply(hidden));
    }

    @Override
    public TransformerBlock initialize(RandomKey key) {
        super.initialize(key);
        return this;
    }

    @Override
    public TransformerBlock initialize(RandomKey key, DType dtype) {
        super.initialize(key, dtype);
        return this;
    }
}
