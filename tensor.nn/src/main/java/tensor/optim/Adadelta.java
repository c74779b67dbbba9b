package tensor.optim;

import java.util.List;
import java.util.function.Consumer;
import tensor.api.Parameter;

/// Adadelta: steps as long as the running mean of the steps before, relative to that of the gradients.
///
/// ```text
/// g ← gradient + weightDecay·p
/// v ← ρ·v + (1 − ρ)·g²           u = √(a + ε) / √(v + ε) · g          a ← ρ·a + (1 − ρ)·u²
/// p ← p − learningRate·u
/// ```
///
/// The usual learning rate is 1. (Zeiler, "ADADELTA: an adaptive learning rate method", 2012.)
public final class Adadelta {
    private Adadelta() {}

    /// {@return Adadelta with ρ = 0.9 and ε = 1e-6}
    ///
    /// @param parameters what it changes
    /// @param learningRate the length of a step, from 0
    public static Optimizer of(List<Parameter> parameters, double learningRate) {
        return of(parameters, learningRate, config -> {});
    }

    /// {@return Adadelta as `config` says}
    ///
    /// @param parameters what it changes
    /// @param learningRate the length of a step, from 0
    /// @param config sets what differs from the usual
    /// @throws IllegalArgumentException if a setting is out of its range
    public static Optimizer of(
            List<Parameter> parameters, double learningRate, Consumer<Config> config) {
        return Optimizer.of(group(parameters, learningRate, config));
    }

    /// {@return a group of parameters that learn by Adadelta with ρ = 0.9 and ε = 1e-6}
    ///
    /// @param parameters what is changed
    /// @param learningRate the length of a step, from 0
    public static ParameterGroup group(List<Parameter> parameters, double learningRate) {
        return group(parameters, learningRate, config -> {});
    }

    /// {@return a group of parameters that learn by Adadelta as `config` says}
    ///
    /// @param parameters what is changed
    /// @param learningRate the length of a step, from 0
    /// @param config sets what differs from the usual
    /// @throws IllegalArgumentException if a setting is out of its range
    public static ParameterGroup group(
            List<Parameter> parameters, double learningRate, Consumer<Config> config) {
        Config chosen = new Config();
        config.accept(chosen);
        return ParameterGroup.of("Adadelta", parameters, learningRate, chosen.transform());
    }

    /// The settings beside the learning rate, set in a chain of calls.
    public static final class Config extends CommonSettings<Config> {
        private double rho = 0.9;
        private double epsilon = 1e-6;

        private Config() {
            super("Adadelta", 0);
        }

        /// Sets what is kept of the running means at each step, from 0 to below 1; 0.9 unless said otherwise.
        ///
        /// @param value the new setting
        /// @return this
        public Config rho(double value) {
            rho = Settings.fraction("Adadelta", "rho", value);
            return this;
        }

        /// Sets what is added below the roots, from 0; 1e-6 unless said otherwise.
        ///
        /// @param value the new setting
        /// @return this
        public Config epsilon(double value) {
            epsilon = Settings.notNegative("Adadelta", "epsilon", value);
            return this;
        }

        @Override
        Config self() {
            return this;
        }

        private GradientTransform<?> transform() {
            return around(false, new RelativeSteps(rho, epsilon));
        }
    }
}
