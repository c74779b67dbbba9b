package loops.recipes;

import java.util.function.Consumer;
import java.util.function.Predicate;

/// The choices of an [AdaptationLoop], set in a chain of calls.
public final class AdaptationConfig {
    private int steps = 1;
    private double rate = 0.01;
    private boolean secondOrder = true;
    private Predicate<String> adapts = _ -> true;

    private AdaptationConfig() {}

    /// Sets how many steps of gradient descent are made; 1 if not set.
    ///
    /// @param steps from 0
    /// @return this
    /// @throws IllegalArgumentException if it is less
    public AdaptationConfig steps(int steps) {
        if (steps < 0) {
            throw new IllegalArgumentException(
                    "AdaptationLoop: steps is %d; use a number from 0".formatted(steps));
        }
        this.steps = steps;
        return this;
    }

    /// Sets the learning rate of these steps; 0.01 if not set.
    ///
    /// @param rate above 0
    /// @return this
    /// @throws IllegalArgumentException if it is not
    public AdaptationConfig rate(double rate) {
        if (!(rate > 0 && rate < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "AdaptationLoop: rate is %s; use a number above 0".formatted(rate));
        }
        this.rate = rate;
        return this;
    }

    /// Takes the gradients of the steps for constants: what comes out can still be differentiated, but not the steps
    /// themselves. Weights are the same, gradients of what is computed from them are not (FOMAML).
    ///
    /// @return this
    public AdaptationConfig firstOrder() {
        secondOrder = false;
        return this;
    }

    /// Sets what is adapted; all parameters if not set. With the last layer alone it is ANIL.
    ///
    /// @param path whether the parameter of this path is adapted: `net.4.weight`
    /// @return this
    public AdaptationConfig only(Predicate<String> path) {
        adapts = path;
        return this;
    }

    /// {@return what was chosen}
    static AdaptationPlan plan(Consumer<AdaptationConfig> choices) {
        var config = new AdaptationConfig();
        choices.accept(config);
        return new AdaptationPlan(config.steps, config.rate, config.secondOrder, config.adapts);
    }
}
