package tensor.nn;

import java.util.function.Consumer;
import tensor.api.RandomKey;
import tensor.layout.DType;

/// Long short-term memory: a state with cells that gates write, keep and read.
///
/// Gates i, f, g, o, in this order in the rows of the weights: `c' = σ(f)·c + σ(i)·tanh(g)`, `h' = σ(o)·tanh(c')`. Hochreiter,
/// Schmidhuber, Long short-term memory, 1997. See [Recurrent] for shapes; a state is the hidden state and the cells.
public final class Lstm extends Recurrent {
    private Lstm(int in, int hidden, Consumer<Config> config) {
        super(Recurrence.LSTM, in, hidden, config);
    }

    /// {@return a network of one layer}
    ///
    /// @param in the number of inputs
    /// @param hidden the size of the state, and the number of outputs
    public static Lstm of(int in, int hidden) {
        return of(in, hidden, config -> {});
    }

    /// {@return a network as `config` says}
    ///
    /// @param in the number of inputs
    /// @param hidden the size of the state, and the number of outputs of one direction
    /// @param config sets layers, directions, biases, dropout, the order of axes
    public static Lstm of(int in, int hidden, Consumer<Config> config) {
        return new Lstm(in, hidden, config);
    }

    @Override
    public Lstm initialize(RandomKey key) {
        super.initialize(key);
        return this;
    }

    @Override
    public Lstm initialize(RandomKey key, DType dtype) {
        super.initialize(key, dtype);
        return this;
    }
}
