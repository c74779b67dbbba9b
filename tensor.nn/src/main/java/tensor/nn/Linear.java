package tensor.nn;

import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tensor.api.Parameter;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;

/// A weighted sum of the inputs for each output: `y = x·Wᵀ + b`.
///
/// **Shapes.** `[.., in] → [.., out]`; weight `[out, in]`, bias `[out]`. First values are evenly distributed between
/// ±1/√in unless said otherwise.
public final class Linear extends Module implements Layer {
    private final Parameter weight;
    private final @Nullable Parameter bias;

    private Linear(int in, int out, Config config) {
        if (in < 0 || out < 0) {
            throw new IllegalArgumentException(
                    "Linear: %d inputs and %d outputs; use numbers from 0".formatted(in, out));
        }
        Init usual = Init.fanIn(in);
        Init ofWeight = config.weight == null ? usual : config.weight;
        Init ofBias = config.bias == null ? usual : config.bias;
        weight = parameter("weight", Shape.of(out, in), ofWeight);
        bias = config.hasBias ? parameter("bias", Shape.of(out), ofBias) : null;
    }

    /// {@return a linear layer with a bias}
    ///
    /// @param in the number of inputs
    /// @param out the number of outputs
    public static Linear of(int in, int out) {
        return of(in, out, config -> {});
    }

    /// {@return a linear layer as `config` says}
    ///
    /// @param config sets bias and first values
    /// @param in the number of inputs
    /// @param out the number of outputs
    public static Linear of(int in, int out, Consumer<Config> config) {
        Config chosen = new Config();
        config.accept(chosen);
        return new Linear(in, out, chosen);
    }

    /// How a linear layer is made, set in a chain of calls.
    public static final class Config {
        private boolean hasBias = true;
        private @Nullable Init weight;
        private @Nullable Init bias;

        private Config() {}

        /// Leaves out the bias.
        ///
        /// @return this
        public Config noBias() {
            hasBias = false;
            return this;
        }

        /// Sets the first values of the weight.
        ///
        /// @param init gives them
        /// @return this
        public Config weight(Init init) {
            weight = init;
            return this;
        }

        /// Sets the first values of the bias.
        ///
        /// @param init gives them
        /// @return this
        public Config bias(Init init) {
            bias = init;
            return this;
        }
    }

    @Override
    public Tensor apply(Tensor x) {
        return bias == null
                ? Functional.linear(x, weight.value())
                : Functional.linear(x, weight.value(), bias.value());
    }

    /// {@return the factors, `[out, in]`}
    public Parameter weight() {
        return weight;
    }

    /// {@return what is added, `[out]`; empty in a layer without}
    public Optional<Parameter> bias() {
        return Optional.ofNullable(bias);
    }

    @Override
    public Linear initialize(RandomKey key) {
        super.initialize(key);
        return this;
    }

    @Override
    public Linear initialize(RandomKey key, DType dtype) {
        super.initialize(key, dtype);
        return this;
    }

    @Override
    public String toString() {
        return "Linear" + weight.shape();
    }
}
