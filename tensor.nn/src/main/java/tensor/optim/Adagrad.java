package tensor.optim;

import java.util.List;
import java.util.function.Consumer;
import tensor.api.Parameter;

/// Adagrad: gradient descent whose steps are divided by the root of the sum of all squared gradients.
///
/// ```text
/// g ← gradient + weightDecay·p
/// s ← s + g²                     (s₀ is the initial accumulator)
/// p ← p − learningRate / (1 + (t − 1)·rateDecay) · g / (√s + ε)          t = number of gradients so far
/// ```
///
/// (Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning and stochastic optimization", 2011.)
public final class Adagrad {
    private Adagrad() {}

    /// {@return Adagrad with ε = 1e-10}
    ///
    /// @param parameters what it changes
    /// @param learningRate the length of a step, from 0
    public static Optimizer of(List<Parameter> parameters, double learningRate) {
        return of(parameters, learningRate, config -> {});
    }

    /// {@return Adagrad as `config` says}
    ///
    /// @param parameters what it changes
    /// @param learningRate the length of a step, from 0
    /// @param config sets what differs from the usual
    /// @throws IllegalArgumentException if a setting is out of its range
    public static Optimizer of(
            List<Parameter> parameters, double learningRate, Consumer<Config> config) {
        return Optimizer.of(group(parameters, learningRate, config));
    }

    /// {@return a group of parameters that learn by Adagrad with ε = 1e-10}
    ///
    /// @param parameters what is changed
    /// @param learningRate the length of a step, from 0
    public static ParameterGroup group(List<Parameter> parameters, double learningRate) {
        return group(parameters, learningRate, config -> {});
    }

    /// {@return a group of parameters that learn by Adagrad as `config` says}
    ///
    /// @param parameters what is changed
    /// @param learningRate the length of a step, from 0
    /// @param config sets what differs from the usual
    /// @throws IllegalArgumentException if a setting is out of its range
    public static ParameterGroup group(
            List<Parameter> parameters, double learningRate, Consumer<Config> config) {
        Config chosen = new Config();
        config.accept(chosen);
        return ParameterGroup.of("Adagrad", parameters, learningRate, chosen.transform());
    }

    /// The settings beside the learning rate, set in a chain of calls.
    public static final class Config extends CommonSettings<Config> {
        private double rateDecay = 0;
        private double initialAccumulator = 0;
        private double epsilon = 1e-10;

        private Config() {
            super("Adagrad", 0);
        }

        /// Sets how the learning rate falls with the number of gradients, from 0; 0 unless said otherwise.
        ///
        /// @param value the new setting
        /// @return this
        public Config rateDecay(double value) {
            rateDecay = Settings.notNegative("Adagrad", "rateDecay", value);
            return this;
        }

        /// Sets the sum of squares before the first gradient, from 0; 0 unless said otherwise.
        ///
        /// @param value the new setting
        /// @return this
        public Config initialAccumulator(double value) {
            initialAccumulator = Settings.notNegative("Adagrad", "initialAccumulator", value);
            return this;
        }

        /// Sets what is added to the divisor, from 0; 1e-10 unless said otherwise.
        ///
        /// @param value the new setting
        /// @return this
        public Config epsilon(double value) {
            epsilon = Settings.notNegative("Adagrad", "epsilon", value);
            return this;
        }

        @Override
        Config self() {
            return this;
        }

        private GradientTransform<?> transform() {
            return around(false, new SquareSum(rateDecay, initialAccumulator, epsilon));
        }
    }
}
