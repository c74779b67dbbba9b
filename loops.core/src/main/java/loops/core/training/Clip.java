package loops.core.training;

import tensor.optim.Clipping;

/// How gradients are clipped before an optimizer uses them.
public sealed interface Clip {
    /// All gradients of the optimizer are scaled together, so that their norm is at most this.
    ///
    /// Pascanu, Mikolov, Bengio: On the difficulty of training recurrent neural networks, 2013.
    ///
    /// @param max the largest norm that is left as it is, above 0
    /// @param normType the exponent of the norm: 2 for the Euclidean one, infinity for the largest absolute value
    record Norm(double max, double normType) implements Clip {
        /// Checks the numbers.
        public Norm {
            positive("norm", max);
            positive("norm type", normType);
        }

        @Override
        public void apply(TrainingOptimizer optimizer) {
            Clipping.clipGradientNorm(optimizer.parameters(), max, normType);
        }
    }

    /// Each element of a gradient is brought into a range around 0.
    ///
    /// @param max the largest absolute value that is left as it is, above 0
    record Value(double max) implements Clip {
        /// Checks the number.
        public Value {
            positive("value", max);
        }

        @Override
        public void apply(TrainingOptimizer optimizer) {
            Clipping.clipGradientValue(optimizer.parameters(), max);
        }
    }

    /// Clips the gradients of an optimizer's parameters.
    ///
    /// @param optimizer the optimizer
    void apply(TrainingOptimizer optimizer);

    /// {@return clipping by the Euclidean norm}
    ///
    /// @param max the largest norm that is left as it is, above 0
    static Clip norm(double max) {
        return new Norm(max, 2);
    }

    /// {@return clipping by value}
    ///
    /// @param max the largest absolute value that is left as it is, above 0
    static Clip value(double max) {
        return new Value(max);
    }

    private static void positive(String what, double value) {
        if (!(value > 0)) {
            throw new IllegalArgumentException(
                    "Clip: the %s is %s; use a number above 0".formatted(what, value));
        }
    }
}
