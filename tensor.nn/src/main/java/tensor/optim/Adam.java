package tensor.optim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tensor.api.Parameter;

/// Adam: gradient descent whose steps are scaled by running moments of the gradient.
///
/// ```text
/// g ← gradient + weightDecay·p                     (not if the decay is decoupled)
/// m ← β₁·m + (1 − β₁)·g        v ← β₂·v + (1 − β₂)·g²
/// p ← p − learningRate · m/(1 − β₁ᵗ) / (√v/√(1 − β₂ᵗ) + ε)
/// ```
///
/// Decoupled decay (AdamW) takes `learningRate·weightDecay·p` from the parameter instead.
public final class Adam {
    private Adam() {}

    /// {@return Adam with β = (0.9, 0.999) and ε = 1e-8}
    ///
    /// @param parameters what it changes
    /// @param learningRate the length of a step, from 0
    public static Optimizer of(List<Parameter> parameters, double learningRate) {
        return of(parameters, learningRate, config -> {});
    }

    /// {@return Adam as `config` says}
    ///
    /// @param parameters what it changes
    /// @param config sets what differs from the usual
    /// @param learningRate the length of a step, from 0
    /// @throws IllegalArgumentException if a setting is out of its range
    public static Optimizer of(
            List<Parameter> parameters, double learningRate, Consumer<Config> config) {
        return Optimizer.of(group(parameters, learningRate, config));
    }

    /// {@return a group of parameters that learn by Adam with β = (0.9, 0.999) and ε = 1e-8}
    ///
    /// @param parameters what is changed
    /// @param learningRate the length of a step, from 0
    public static ParameterGroup group(List<Parameter> parameters, double learningRate) {
        return group(parameters, learningRate, config -> {});
    }

    /// {@return a group of parameters that learn by Adam as `config` says}
    ///
    /// @param parameters what is changed
    /// @param learningRate the length of a step, from 0
    /// @param config sets what differs from the usual
    /// @throws IllegalArgumentException if a setting is out of its range
    public static ParameterGroup group(
            List<Parameter> parameters, double learningRate, Consumer<Config> config) {
        Config chosen = new Config();
        config.accept(chosen);
        return ParameterGroup.of(
                chosen.decoupled ? "AdamW" : "Adam", parameters, learningRate, chosen.transform());
    }

    /// The settings beside the learning rate, set in a chain of calls.
    public static final class Config {
        private double beta1 = 0.9;
        private double beta2 = 0.999;
        private double epsilon = 1e-8;
        private double weightDecay = 0;
        private boolean decoupled = false;
        private boolean amsgrad = false;
        private boolean maximize = false;

        private Config() {}

        /// Sets what is kept of the running mean and of the running mean square at each step; each from 0 to below 1.
        ///
        /// @param mean for the running mean
        /// @param square for the running mean square
        /// @return this
        public Config betas(double mean, double square) {
            beta1 = Settings.fraction("Adam", "beta1", mean);
            beta2 = Settings.fraction("Adam", "beta2", square);
            return this;
        }

        /// Sets what is added to the divisor, from 0.
        ///
        /// @param value the new setting
        /// @return this
        public Config epsilon(double value) {
            epsilon = Settings.notNegative("Adam", "epsilon", value);
            return this;
        }

        /// Sets the factor of the parameter that is added to its gradient, from 0; 0 unless said otherwise.
        ///
        /// @param value the new setting
        /// @return this
        public Config weightDecay(double value) {
            weightDecay = Settings.notNegative("Adam", "weightDecay", value);
            return this;
        }

        /// Lets weight decay act on the parameter itself, past the moments (AdamW).
        ///
        /// @return this
        public Config decoupled() {
            decoupled = true;
            return this;
        }

        /// Divides by the largest mean square so far.
        ///
        /// @return this
        public Config amsgrad() {
            amsgrad = true;
            return this;
        }

        /// Climbs instead of descending.
        ///
        /// @return this
        public Config maximize() {
            maximize = true;
            return this;
        }

        private GradientTransform<?> transform() {
            List<GradientTransform<?>> stages = new ArrayList<>();
            if (maximize) {
                stages.add(Transforms.scale(-1));
            }
            if (weightDecay != 0 && !decoupled) {
                stages.add(Transforms.addDecayedWeights(weightDecay));
            }
            stages.add(Transforms.adamMoments(beta1, beta2, epsilon, amsgrad));
            if (weightDecay != 0 && decoupled) {
                stages.add(Transforms.addDecayedWeights(weightDecay));
            }
            return Transforms.chain(stages);
        }
    }
}
