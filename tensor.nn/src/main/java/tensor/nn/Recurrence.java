package tensor.nn;

import java.util.List;
import tensor.api.Fusion;
import tensor.api.Tensor;

/// One kind of recurrent network: how a state goes on from one place of a sequence to the next.
///
/// The weights of all gates stand below each other, as rows of one matrix: `gates·hidden` of them.
enum Recurrence {
    /// `h' = tanh(i + r)`.
    TANH(1, 1) {
        @Override
        List<Tensor> next(Tensor fromInput, Tensor fromHidden, List<Tensor> state) {
            return List.of(SUM_TANH.apply(fromInput, fromHidden));
        }
    },

    /// `h' = max(i + r, 0)`.
    RELU(1, 1) {
        @Override
        List<Tensor> next(Tensor fromInput, Tensor fromHidden, List<Tensor> state) {
            return List.of(fromInput.add(fromHidden).relu());
        }
    },

    /// Gates i, f, g, o: `c' = σ(f)·c + σ(i)·tanh(g)`, `h' = σ(o)·tanh(c')`.
    LSTM(4, 2) {
        @Override
        List<Tensor> next(Tensor fromInput, Tensor fromHidden, List<Tensor> state) {
            Tensor gates = fromInput.add(fromHidden);
            Tensor cell =
                    LSTM_CELL.apply(gate(gates, 0), gate(gates, 1), gate(gates, 2), state.get(1));
            return List.of(LSTM_OUTPUT.apply(gate(gates, 3), cell), cell);
        }
    },

    /// Gates r, z, n: `n' = tanh(iₙ + σ(r)·rₙ)`, `h' = (1 − σ(z))·n' + σ(z)·h`.
    GRU(3, 1) {
        @Override
        List<Tensor> next(Tensor fromInput, Tensor fromHidden, List<Tensor> state) {
            return List.of(
                    GRU_OUTPUT.apply(
                            gate(fromInput, 0),
                            gate(fromHidden, 0),
                            gate(fromInput, 1),
                            gate(fromHidden, 1),
                            gate(fromInput, 2),
                            gate(fromHidden, 2),
                            state.getFirst()));
        }
    };

    private static final Fusion SUM_TANH =
            Fusion.of("tanh of a sum", in -> in.get(0).add(in.get(1)).tanh());

    /// Of the gates i, f, g and the cell.
    private static final Fusion LSTM_CELL =
            Fusion.of(
                    "LSTM cell",
                    in -> {
                        Tensor kept = in.get(1).sigmoid().mul(in.get(3));
                        return kept.add(in.get(0).sigmoid().mul(in.get(2).tanh()));
                    });

    /// Of the gate o and the cell.
    private static final Fusion LSTM_OUTPUT =
            Fusion.of("LSTM output", in -> in.get(0).sigmoid().mul(in.get(1).tanh()));

    /// Of the two sides of the gates r, z, n, and of the output before.
    private static final Fusion GRU_OUTPUT =
            Fusion.of(
                    "GRU output",
                    in -> {
                        Tensor reset = in.get(0).add(in.get(1)).sigmoid();
                        Tensor update = in.get(2).add(in.get(3)).sigmoid();
                        Tensor proposal = in.get(4).add(reset.mul(in.get(5))).tanh();
                        return proposal.add(update.mul(in.get(6).sub(proposal)));
                    });

    private final int gates;
    private final int states;

    Recurrence(int gates, int states) {
        this.gates = gates;
        this.states = states;
    }

    /// {@return how many blocks of rows the weights have}
    int gates() {
        return gates;
    }

    /// {@return how many tensors a state has; the first is the output}
    int states() {
        return states;
    }

    /// {@return whether only the sum of both sides of the gates counts, so that biases may stand on either}
    boolean addsGates() {
        return this != GRU;
    }

    /// {@return the state at the next place, each `[batch, hidden]`}
    ///
    /// @param fromInput what the input adds to the gates, `[batch, gates·hidden]`
    /// @param fromHidden what the output of the place before adds to them
    /// @param state that of the place before
    abstract List<Tensor> next(Tensor fromInput, Tensor fromHidden, List<Tensor> state);

    Tensor gate(Tensor gates, int number) {
        int hidden = gates.size(1) / this.gates;
        return gates.slice(1, (long) number * hidden, (number + 1L) * hidden);
    }
}
