package tensor.optim;

import java.util.List;
import java.util.function.Consumer;
import tensor.api.Parameter;

/// RMSprop: gradient descent whose steps are divided by the root of a running mean square of the gradient.
///
/// ```text
/// g ← gradient + weightDecay·p
/// v ← α·v + (1 − α)·g²           m ← α·m + (1 − α)·g          (m only if centered)
/// u = g / (√v + ε)               centered: g / (√(v − m²) + ε)
/// p ← p − learningRate·b         b ← momentum·b + u
/// ```
///
/// (Tieleman and Hinton, lecture 6.5 of "Neural networks for machine learning", 2012; centered: Graves, "Generating
/// sequences with recurrent neural networks", 2013.)
public final class RmsProp {
    private RmsProp() {}

    /// {@return RmsProp with α = 0.99 and ε = 1e-8}
    ///
    /// @param parameters what it changes
    /// @param learningRate the length of a step, from 0
    public static Optimizer of(List<Parameter> parameters, double learningRate) {
        return of(parameters, learningRate, config -> {});
    }

    /// {@return RmsProp as `config` says}
    ///
    /// @param parameters what it changes
    /// @param learningRate the length of a step, from 0
    /// @param config sets what differs from the usual
    /// @throws IllegalArgumentException if a setting is out of its range
    public static Optimizer of(
            List<Parameter> parameters, double learningRate, Consumer<Config> config) {
        return Optimizer.of(group(parameters, learningRate, config));
    }

    /// {@return a group of parameters that learn by RmsProp with α = 0.99 and ε = 1e-8}
    ///
    /// @param parameters what is changed
    /// @param learningRate the length of a step, from 0
    public static ParameterGroup group(List<Parameter> parameters, double learningRate) {
        return group(parameters, learningRate, config -> {});
    }

    /// {@return a group of parameters that learn by RmsProp as `config` says}
    ///
    /// @param parameters what is changed
    /// @param learningRate the length of a step, from 0
    /// @param config sets what differs from the usual
    /// @throws IllegalArgumentException if a setting is out of its range
    public static ParameterGroup group(
            List<Parameter> parameters, double learningRate, Consumer<Config> config) {
        Config chosen = new Config();
        config.accept(chosen);
        return ParameterGroup.of("RMSprop", parameters, learningRate, chosen.transform());
    }

    /// The settings beside the learning rate, set in a chain of calls.
    public static final class Config extends CommonSettings<Config> {
        private double alpha = 0.99;
        private double epsilon = 1e-8;
        private double momentum = 0;
        private boolean centered = false;

        private Config() {
            super("RmsProp", 0);
        }

        /// Sets what is kept of the running means at each step, from 0 to below 1; 0.99 unless said otherwise.
        ///
        /// @param value the new setting
        /// @return this
        public Config alpha(double value) {
            alpha = Settings.fraction("RmsProp", "alpha", value);
            return this;
        }

        /// Sets what is added to the divisor, from 0; 1e-8 unless said otherwise.
        ///
        /// @param value the new setting
        /// @return this
        public Config epsilon(double value) {
            epsilon = Settings.notNegative("RmsProp", "epsilon", value);
            return this;
        }

        /// Sets what is kept of the running sum of updates at each step, from 0; 0 unless said otherwise.
        ///
        /// @param value the new setting
        /// @return this
        public Config momentum(double value) {
            momentum = Settings.notNegative("RmsProp", "momentum", value);
            return this;
        }

        /// Divides by the root of the running variance instead of the mean square.
        ///
        /// @return this
        public Config centered() {
            centered = true;
            return this;
        }

        @Override
        Config self() {
            return this;
        }

        private GradientTransform<?> transform() {
            return around(
                    false,
                    new RootMeanSquare(alpha, epsilon, centered),
                    Transforms.momentum(momentum));
        }
    }
}
