package tensor.optim;

import java.util.List;
import java.util.function.Consumer;
import tensor.api.Parameter;

/// RAdam: Adam that waits with dividing by the mean square until enough gradients have entered it.
///
/// ```text
/// g ← gradient + weightDecay·p                     (not if the decay is decoupled)
/// m ← β₁·m + (1 − β₁)·g          v ← β₂·v + (1 − β₂)·g²
/// ρ∞ = 2/(1 − β₂) − 1            ρ = ρ∞ − 2·t·β₂ᵗ/(1 − β₂ᵗ)             t = number of gradients so far
/// r = √((ρ − 4)·(ρ − 2)·ρ∞ / ((ρ∞ − 4)·(ρ∞ − 2)·ρ))
/// u = m/(1 − β₁ᵗ) · r·√(1 − β₂ᵗ)/(√v + ε)          while ρ ≤ 5: u = m/(1 − β₁ᵗ)
/// p ← p − learningRate·u
/// ```
///
/// Decoupled decay takes `learningRate·weightDecay·p` from the parameter instead. (Liu, Jiang, He, Chen, Liu, Gao and
/// Han, "On the variance of the adaptive learning rate and beyond", 2020.)
public final class RAdam {
    private RAdam() {}

    /// {@return RAdam with β = (0.9, 0.999) and ε = 1e-8}
    ///
    /// @param parameters what it changes
    /// @param learningRate the length of a step, from 0
    public static Optimizer of(List<Parameter> parameters, double learningRate) {
        return of(parameters, learningRate, config -> {});
    }

    /// {@return RAdam as `config` says}
    ///
    /// @param parameters what it changes
    /// @param learningRate the length of a step, from 0
    /// @param config sets what differs from the usual
    /// @throws IllegalArgumentException if a setting is out of its range
    public static Optimizer of(
            List<Parameter> parameters, double learningRate, Consumer<Config> config) {
        return Optimizer.of(group(parameters, learningRate, config));
    }

    /// {@return a group of parameters that learn by RAdam with β = (0.9, 0.999) and ε = 1e-8}
    ///
    /// @param parameters what is changed
    /// @param learningRate the length of a step, from 0
    public static ParameterGroup group(List<Parameter> parameters, double learningRate) {
        return group(parameters, learningRate, config -> {});
    }

    /// {@return a group of parameters that learn by RAdam as `config` says}
    ///
    /// @param parameters what is changed
    /// @param learningRate the length of a step, from 0
    /// @param config sets what differs from the usual
    /// @throws IllegalArgumentException if a setting is out of its range
    public static ParameterGroup group(
            List<Parameter> parameters, double learningRate, Consumer<Config> config) {
        Config chosen = new Config();
        config.accept(chosen);
        return ParameterGroup.of("RAdam", parameters, learningRate, chosen.transform());
    }

    /// The settings beside the learning rate, set in a chain of calls.
    public static final class Config extends BetaSettings<Config> {
        private boolean decoupled = false;

        private Config() {
            super("RAdam", 0);
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
            return around(decoupled, new RectifiedMoments(beta1, beta2, epsilon));
        }
    }
}
