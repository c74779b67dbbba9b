package tensor.optim;

import java.util.List;
import java.util.function.Consumer;
import tensor.api.Parameter;

/// Stochastic gradient descent, with momentum and weight decay if wanted.
///
/// ```text
/// g ← gradient + weightDecay·p
/// b ← momentum·b + (1 − dampening)·g      (the first time b ← g)
/// p ← p − learningRate·b                  (Nesterov: g + momentum·b instead of b)
/// ```
///
/// (Sutskever, Martens, Dahl and Hinton, "On the importance of initialization and momentum in deep learning", 2013.)
public final class Sgd {
    private Sgd() {}

    /// {@return plain gradient descent}
    ///
    /// @param parameters what it changes
    /// @param learningRate the length of a step, from 0
    public static Optimizer of(List<Parameter> parameters, double learningRate) {
        return of(parameters, learningRate, config -> {});
    }

    /// {@return gradient descent as `config` says}
    ///
    /// @param parameters what it changes
    /// @param config sets momentum, decay and the like
    /// @param learningRate the length of a step, from 0
    /// @throws IllegalArgumentException if a setting is out of its range, or Nesterov is asked for without momentum or
    ///     with dampening
    public static Optimizer of(
            List<Parameter> parameters, double learningRate, Consumer<Config> config) {
        return Optimizer.of(group(parameters, learningRate, config));
    }

    /// {@return a group of parameters that learn by plain gradient descent}
    ///
    /// @param parameters what is changed
    /// @param learningRate the length of a step, from 0
    public static ParameterGroup group(List<Parameter> parameters, double learningRate) {
        return group(parameters, learningRate, config -> {});
    }

    /// {@return a group of parameters that learn by gradient descent as `config` says}
    ///
    /// @param parameters what is changed
    /// @param learningRate the length of a step, from 0
    /// @param config sets momentum, decay and the like
    /// @throws IllegalArgumentException as [#of(List, double, Consumer)]
    public static ParameterGroup group(
            List<Parameter> parameters, double learningRate, Consumer<Config> config) {
        Config chosen = new Config();
        config.accept(chosen);
        return ParameterGroup.of("SGD", parameters, learningRate, chosen.transform());
    }

    /// The settings beside the learning rate, set in a chain of calls. All are off unless said otherwise.
    public static final class Config extends CommonSettings<Config> {
        private double momentum = 0;
        private double dampening = 0;
        private boolean nesterov = false;

        private Config() {
            super("Sgd", 0);
        }

        /// Sets what is kept of the running sum of gradients at each step, from 0.
        ///
        /// @param value the new setting
        /// @return this
        public Config momentum(double value) {
            momentum = Settings.notNegative("Sgd", "momentum", value);
            return this;
        }

        /// Sets how much less than 1 the factor is with which a gradient enters the sum.
        ///
        /// @param value the new setting
        /// @return this
        public Config dampening(double value) {
            dampening = value;
            return this;
        }

        /// Looks ahead: the step goes along `g + momentum·b`.
        ///
        /// @return this
        public Config nesterov() {
            nesterov = true;
            return this;
        }

        @Override
        Config self() {
            return this;
        }

        private GradientTransform<?> transform() {
            if (nesterov && (momentum == 0 || dampening != 0)) {
                throw new IllegalArgumentException(
                        "Sgd: momentum is %s and dampening %s; nesterov needs a momentum above 0 and no dampening"
                                .formatted(momentum, dampening));
            }
            // A momentum of 0 is a stage too, because a schedule may change it.
            return around(false, Transforms.momentum(momentum, dampening, nesterov));
        }
    }
}
