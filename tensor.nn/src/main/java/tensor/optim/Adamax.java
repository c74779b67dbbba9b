package tensor.optim;

import java.util.List;
import java.util.function.Consumer;
import tensor.api.Parameter;

/// Adamax: Adam with the largest absolute gradient, slowly forgotten, in place of the mean square.
///
/// ```text
/// g ← gradient + weightDecay·p
/// m ← β₁·m + (1 − β₁)·g          n ← max(β₂·n, |g| + ε)
/// p ← p − learningRate / (1 − β₁ᵗ) · m / n                              t = number of gradients so far
/// ```
///
/// The usual learning rate is 0.002. (Kingma and Ba, "Adam: a method for stochastic optimization", 2015, section 7.1.)
public final class Adamax {
    private Adamax() {}

    /// {@return Adamax with β = (0.9, 0.999) and ε = 1e-8}
    ///
    /// @param parameters what it changes
    /// @param learningRate the length of a step, from 0
    public static Optimizer of(List<Parameter> parameters, double learningRate) {
        return of(parameters, learningRate, config -> {});
    }

    /// {@return Adamax as `config` says}
    ///
    /// @param parameters what it changes
    /// @param learningRate the length of a step, from 0
    /// @param config sets what differs from the usual
    /// @throws IllegalArgumentException if a setting is out of its range
    public static Optimizer of(
            List<Parameter> parameters, double learningRate, Consumer<Config> config) {
        return Optimizer.of(group(parameters, learningRate, config));
    }

    /// {@return a group of parameters that learn by Adamax with β = (0.9, 0.999) and ε = 1e-8}
    ///
    /// @param parameters what is changed
    /// @param learningRate the length of a step, from 0
    public static ParameterGroup group(List<Parameter> parameters, double learningRate) {
        return group(parameters, learningRate, config -> {});
    }

    /// {@return a group of parameters that learn by Adamax as `config` says}
    ///
    /// @param parameters what is changed
    /// @param learningRate the length of a step, from 0
    /// @param config sets what differs from the usual
    /// @throws IllegalArgumentException if a setting is out of its range
    public static ParameterGroup group(
            List<Parameter> parameters, double learningRate, Consumer<Config> config) {
        Config chosen = new Config();
        config.accept(chosen);
        return ParameterGroup.of("Adamax", parameters, learningRate, chosen.transform());
    }

    /// The settings beside the learning rate, set in a chain of calls.
    public static final class Config extends BetaSettings<Config> {
        private Config() {
            super("Adamax", 0);
        }

        @Override
        Config self() {
            return this;
        }

        private GradientTransform<?> transform() {
            return around(false, new LargestMoments(beta1, beta2, epsilon));
        }
    }
}
