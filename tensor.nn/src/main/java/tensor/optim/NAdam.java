package tensor.optim;

import java.util.List;
import java.util.function.Consumer;
import tensor.api.Parameter;

/// NAdam: Adam with Nesterov's look ahead, and a momentum that grows with time.
///
/// ```text
/// g ← gradient + weightDecay·p                     (not if the decay is decoupled)
/// m ← β₁·m + (1 − β₁)·g          v ← β₂·v + (1 − β₂)·g²
/// μₜ = β₁·(1 − ½·0.96^(t·ψ))     πₜ = μ₁·μ₂·…·μₜ                         t = number of gradients so far, ψ = momentum decay
/// u = ((1 − μₜ)/(1 − πₜ)·g + μₜ₊₁/(1 − πₜ₊₁)·m) / (√(v/(1 − β₂ᵗ)) + ε)
/// p ← p − learningRate·u
/// ```
///
/// Decoupled decay takes `learningRate·weightDecay·p` from the parameter instead. The usual learning rate is 0.002.
/// (Dozat, "Incorporating Nesterov momentum into Adam", 2016.)
public final class NAdam {
    private NAdam() {}

    /// {@return NAdam with β = (0.9, 0.999), ε = 1e-8 and a momentum decay of 0.004}
    ///
    /// @param parameters what it changes
    /// @param learningRate the length of a step, from 0
    public static Optimizer of(List<Parameter> parameters, double learningRate) {
        return of(parameters, learningRate, config -> {});
    }

    /// {@return NAdam as `config` says}
    ///
    /// @param parameters what it changes
    /// @param learningRate the length of a step, from 0
    /// @param config sets what differs from the usual
    /// @throws IllegalArgumentException if a setting is out of its range
    public static Optimizer of(
            List<Parameter> parameters, double learningRate, Consumer<Config> config) {
        return Optimizer.of(group(parameters, learningRate, config));
    }

    /// {@return a group of parameters that learn by NAdam with β = (0.9, 0.999), ε = 1e-8 and a momentum decay of 0.004}
    ///
    /// @param parameters what is changed
    /// @param learningRate the length of a step, from 0
    public static ParameterGroup group(List<Parameter> parameters, double learningRate) {
        return group(parameters, learningRate, config -> {});
    }

    /// {@return a group of parameters that learn by NAdam as `config` says}
    ///
    /// @param parameters what is changed
    /// @param learningRate the length of a step, from 0
    /// @param config sets what differs from the usual
    /// @throws IllegalArgumentException if a setting is out of its range
    public static ParameterGroup group(
            List<Parameter> parameters, double learningRate, Consumer<Config> config) {
        Config chosen = new Config();
        config.accept(chosen);
        return ParameterGroup.of("NAdam", parameters, learningRate, chosen.transform());
    }

    /// The settings beside the learning rate, set in a chain of calls.
    public static final class Config extends BetaSettings<Config> {
        private double momentumDecay = 0.004;
        private boolean decoupled = false;

        private Config() {
            super("NAdam", 0);
        }

        /// Sets how slowly the momentum comes up to β₁, from 0; 0.004 unless said otherwise.
        ///
        /// @param value the new setting
        /// @return this
        public Config momentumDecay(double value) {
            momentumDecay = Settings.notNegative("NAdam", "momentumDecay", value);
            return this;
        }

        /// Lets weight decay act on the parameter itself, past the moments.
        ///
        /// @return this
        public Config decoupled() {
            decoupled = true;
            return this;
        }

        @Override
        Config self() {
            return this;
        }

        private GradientTransform<?> transform() {
            return around(decoupled, new NesterovMoments(beta1, beta2, epsilon, momentumDecay));
        }
    }
}
