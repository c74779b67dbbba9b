package tensor.nn;

import java.util.List;
import tensor.api.Tensor;

/// One kind of recurrent network: how a state goes on from one place of a sequence to the next.
///
/// The weights of all gates stand below each other, as rows of one matrix: `gates·hidden` of them.
enum Recurrence {
    /// `h' = tanh(i + r)`.
    TANH(1, 1) {
        @Override
        List<Tensor> next(Tensor fromInput, Tensor fromHidden, List<Tensor> state) {
            return List.of(fromInput.add(fromHidden).tanh());
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
            Tensor in = gate(gates, 0).sigmoid();
            Tensor forget = gate(gates, 1).sigmoid();
            Tensor proposal = gate(gates, 2).tanh();
            Tensor out = gate(gates, 3).sigmoid();
            Tensor cell = forget.mul(state.get(1)).add(in.mul(proposal));
            return List.of(out.mul(cell.tanh()), cell);
        }
    },

    /// Gates r, z, n: `n' = tanh(iₙ + σ(r)·rₙ)`, `h' = (1 − σ(z))·n' + σ(z)·h`.
    GRU(3, 1) {
        @Override
        List<Tensor> next(Tensor fromInput, Tensor fromHidden, List<Tensor> state) {
            Tensor reset = gate(fromInput, 0).add(gate(fromHidden, 0)).sigmoid();
            Tensor update = gate(fromInput, 1).add(gate(fromHidden, 1)).sigmoid();
            Tensor proposal = gate(fromInput, 2).add(reset.mul(gate(fromHidden, 2))).tanh();
            return List.of(proposal.add(update.mul(state.getFirst().sub(proposal))));
        }
    };

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
