package tensor.optim;

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
/// Decoupled decay ([AdamW]) takes `learningRate·weightDecay·p` from the parameter instead. (Kingma and Ba, "Adam: a
/// method for stochastic optimization", 2015; AMSGrad: Reddi, Kale and Kumar, "On the convergence of Adam and beyond",
/// 2018.)
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
        Config chosen = new Config("Adam", 0);
        config.accept(chosen);
        return configured(parameters, learningRate, chosen);
    }

    /// {@return the configuration of AdamW}
    static Config decoupled(double weightDecay) {
        return new Config("AdamW", weightDecay).decoupled();
    }

    static ParameterGroup configured(
            List<Parameter> parameters, double learningRate, Config chosen) {
        return ParameterGroup.of(
                chosen.decoupled ? "AdamW" : "Adam", parameters, learningRate, chosen.transform());
    }

    /// The settings beside the learning rate, set in a chain of calls.
    public static final class Config extends BetaSettings<Config> {
        private boolean decoupled = false;
        private boolean amsgrad = false;

        private Config(String optimizer, double weightDecay) {
            super(optimizer, weightDecay);
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

        @Override
        Config self() {
            return this;
        }

        private GradientTransform<?> transform() {
            return around(decoupled, Transforms.adamMoments(beta1, beta2, epsilon, amsgrad));
        }
    }
}
