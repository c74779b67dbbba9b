package tensor.nn;

import java.util.function.Consumer;
import tensor.api.RandomKey;
import tensor.layout.DType;

/// A recurrent network with one gate: `h' = tanh(W·x + b + R·h + c)`.
///
/// Elman, Finding structure in time, 1990. See [Recurrent] for shapes.
public final class Rnn extends Recurrent {
    private Rnn(int in, int hidden, Consumer<Config> config) {
        super(Recurrence.TANH, in, hidden, config);
    }

    /// {@return a network of one layer}
    ///
    /// @param in the number of inputs
    /// @param hidden the size of the state, and the number of outputs
    public static Rnn of(int in, int hidden) {
        return of(in, hidden, config -> {});
    }

    /// {@return a network as `config` says}
    ///
    /// @param in the number of inputs
    /// @param hidden the size of the state, and the number of outputs
    /// @param config sets layers, biases, the order of axes
    public static Rnn of(int in, int hidden, Consumer<Config> config) {
        return new Rnn(in, hidden, config);
    }

    @Override
    public Rnn initialize(RandomKey key) {
        super.initialize(key);
        return this;
    }

    @Override
    public Rnn initialize(RandomKey key, DType dtype) {
        super.initialize(key, dtype);
        return this;
    }
}
