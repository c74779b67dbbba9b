package tensor.nn;

import java.util.function.Consumer;
import tensor.api.RandomKey;
import tensor.layout.DType;

/// A recurrent network with one gate: `h' = tanh(W·x + b + R·h + c)`, or with ReLU in place of tanh by [#relu].
///
/// Elman, Finding structure in time, 1990. See [Recurrent] for shapes.
public final class Rnn extends Recurrent {
    private Rnn(Recurrence kind, int in, int hidden, Consumer<Config> config) {
        super(kind, in, hidden, config);
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
    /// @param hidden the size of the state, and the number of outputs of one direction
    /// @param config sets layers, directions, biases, dropout, the order of axes
    public static Rnn of(int in, int hidden, Consumer<Config> config) {
        return new Rnn(Recurrence.TANH, in, hidden, config);
    }

    /// {@return a network with ReLU as `config` says: `h' = max(W·x + b + R·h + c, 0)`}
    ///
    /// @param in the number of inputs
    /// @param hidden the size of the state, and the number of outputs of one direction
    /// @param config sets layers, directions, biases, dropout, the order of axes
    public static Rnn relu(int in, int hidden, Consumer<Config> config) {
        return new Rnn(Recurrence.RELU, in, hidden, config);
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
