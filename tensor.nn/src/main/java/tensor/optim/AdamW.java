package tensor.optim;

import java.util.List;
import java.util.function.Consumer;
import tensor.api.Parameter;

/// AdamW: [Adam] whose weight decay, 0.01 unless said otherwise, acts on the parameter itself.
///
/// ```text
/// p ← p − learningRate · (m/(1 − β₁ᵗ) / (√v/√(1 − β₂ᵗ) + ε) + weightDecay·p)
/// ```
///
/// (Loshchilov and Hutter, "Decoupled weight decay regularization", 2019.)
public final class AdamW {
    private static final double WEIGHT_DECAY = 0.01;

    private AdamW() {}

    /// {@return AdamW with β = (0.9, 0.999), ε = 1e-8 and a weight decay of 0.01}
    ///
    /// @param parameters what it changes
    /// @param learningRate the length of a step, from 0
    public static Optimizer of(List<Parameter> parameters, double learningRate) {
        return of(parameters, learningRate, config -> {});
    }

    /// {@return AdamW as `config` says}
    ///
    /// @param parameters what it changes
    /// @param learningRate the length of a step, from 0
    /// @param config sets what differs from the usual
    /// @throws IllegalArgumentException if a setting is out of its range
    public static Optimizer of(
            List<Parameter> parameters, double learningRate, Consumer<Adam.Config> config) {
        return Optimizer.of(group(parameters, learningRate, config));
    }

    /// {@return a group of parameters that learn by AdamW with β = (0.9, 0.999), ε = 1e-8 and a weight decay of 0.01}
    ///
    /// @param parameters what is changed
    /// @param learningRate the length of a step, from 0
    public static ParameterGroup group(List<Parameter> parameters, double learningRate) {
        return group(parameters, learningRate, config -> {});
    }

    /// {@return a group of parameters that learn by AdamW as `config` says}
    ///
    /// @param parameters what is changed
    /// @param learningRate the length of a step, from 0
    /// @param config sets what differs from the usual
    /// @throws IllegalArgumentException if a setting is out of its range
    public static ParameterGroup group(
            List<Parameter> parameters, double learningRate, Consumer<Adam.Config> config) {
        Adam.Config chosen = Adam.decoupled(WEIGHT_DECAY);
        config.accept(chosen);
        return Adam.configured(parameters, learningRate, chosen);
    }
}
