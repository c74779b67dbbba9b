package tensor.nn;

import java.util.function.Consumer;
import tensor.api.RandomKey;
import tensor.layout.DType;

/// A gated recurrent unit: `h' = (1 − σ(z))·n + σ(z)·h`, `n = tanh(Wₙ·x + bₙ + σ(r)·(Rₙ·h + cₙ))`.
///
/// Gates r, z, n, in this order in the rows of the weights. Cho et al., Learning phrase representations using RNN
/// encoder-decoder, 2014. See [Recurrent] for shapes.
public final class Gru extends Recurrent {
    private Gru(int in, int hidden, Consumer<Config> config) {
        super(Recurrence.GRU, in, hidden, config);
    }

    /// {@return a network of one layer}
    ///
    /// @param in the number of inputs
    /// @param hidden the size of the state, and the number of outputs
    public static Gru of(int in, int hidden) {
        return of(in, hidden, config -> {});
    }

    /// {@return a network as `config` says}
    ///
    /// @param in the number of inputs
    /// @param hidden the size of the state, and the number of outputs of one direction
    /// @param config sets layers, directions, biases, dropout, the order of axes
    public static Gru of(int in, int hidden, Consumer<Config> config) {
        return new Gru(in, hidden, config);
    }

    @Override
    public Gru initialize(RandomKey key) {
        super.initialize(key);
        return this;
    }

    @Override
    public Gru initialize(RandomKey key, DType dtype) {
        super.initialize(key, dtype);
        return this;
    }
}
