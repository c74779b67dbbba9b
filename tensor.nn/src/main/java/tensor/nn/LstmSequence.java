package tensor.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import tensor.api.Composite;
import tensor.api.Fusion;
import tensor.api.Tensor;
import tensor.api.TensorScope;

/// An LSTM's way through a sequence, forwards and backwards.
///
/// The inputs are the gates' shares of the input `[time, batch, 4·hidden]`, the recurrent weight `[4·hidden, hidden]`, and the
/// hidden state and the cells before the first place, `[batch, hidden]`. The result is `[time + 1, batch, hidden]`: the hidden
/// state at each place, and behind them the cells at the last.
///
/// Gates and cells are remembered, so backwards nothing is computed but products: one for each place, and one for the weight.
/// Step by step by the operations of [Recurrence], the derivatives would be a dozen operations for each place.
final class LstmSequence implements Composite {
    private static final int INPUT = 0;
    private static final int WEIGHT = 1;
    private static final int HIDDEN = 2;
    private static final int CELLS = 3;
    private static final int GATES = 4;

    /// Where the cells stand in the result of a step.
    private static final int CELLS_AFTER = 1;

    /// What is remembered behind them: the gates, the tanh of the cells.
    private static final int REMEMBERED = GATES + 1;

    /// Of the gates' shares of the input, those of the hidden state, and the cells: the hidden state, and what is remembered.
    private static final Fusion STEP =
            Fusion.several(
                    "LSTM step",
                    in -> {
                        Tensor write = in.get(0).add(in.get(4)).sigmoid();
                        Tensor keep = in.get(1).add(in.get(5)).sigmoid();
                        Tensor proposal = in.get(2).add(in.get(6)).tanh();
                        Tensor read = in.get(3).add(in.get(7)).sigmoid();
                        Tensor cells = keep.mul(in.get(8)).add(write.mul(proposal));
                        Tensor shown = cells.tanh();
                        return List.of(read.mul(shown), cells, write, keep, proposal, read, shown);
                    });

    /// Of the cotangents of the hidden state from outside and from the next place, that of the cells, the cells before, the gates
    /// and the tanh of the cells: the cotangents of the gates, and of the cells before.
    private static final Fusion BACK =
            Fusion.several(
                    "LSTM step derivative",
                    in -> {
                        Tensor hidden = in.get(0).add(in.get(1));
                        Tensor before = in.get(3);
                        Tensor write = in.get(4);
                        Tensor keep = in.get(5);
                        Tensor proposal = in.get(6);
                        Tensor read = in.get(7);
                        Tensor shown = in.get(8);
                        Tensor ofShown = hidden.mul(read);
                        Tensor cells = in.get(2).add(ofShown.sub(ofShown.mul(shown).mul(shown)));
                        Tensor ofProposal = cells.mul(write);
                        return List.of(
                                ofSigmoid(cells.mul(proposal), write),
                                ofSigmoid(cells.mul(before), keep),
                                ofProposal.sub(ofProposal.mul(proposal).mul(proposal)),
                                ofSigmoid(hidden.mul(shown), read),
                                cells.mul(keep));
                    });

    private static Tensor ofSigmoid(Tensor g, Tensor y) {
        Tensor share = g.mul(y);
        return share.sub(share.mul(y));
    }

    @Override
    public String name() {
        return "LSTM";
    }

    @Override
    public Tensor definition(List<Tensor> in) {
        Tensor weight = in.get(WEIGHT).t();
        List<Tensor> state = List.of(in.get(HIDDEN), in.get(CELLS));
        List<Tensor> places = new ArrayList<>();
        for (int t = 0; t < in.get(INPUT).size(0); t++) {
            Tensor fromHidden = state.getFirst().matMul(weight);
            state = Recurrence.LSTM.next(in.get(INPUT).select(0, t), fromHidden, state);
            places.add(state.getFirst());
        }
        places.add(state.get(1));
        return Tensor.stack(0, places.toArray(Tensor[]::new));
    }

    @Override
    public Forward forward(List<Tensor> in) {
        Tensor weight = in.get(WEIGHT).t().contiguous();
        Tensor hidden = in.get(HIDDEN);
        Tensor cells = in.get(CELLS);
        List<Tensor> places = new ArrayList<>();
        List<Tensor> remembered = new ArrayList<>();
        for (int t = 0; t < in.get(INPUT).size(0); t++) {
            Tensor fromInput = in.get(INPUT).select(0, t);
            Tensor before = hidden;
            Tensor cellsBefore = cells;
            Tensor step =
                    TensorScope.get(
                            "place",
                            () -> {
                                Tensor fromHidden = before.matMul(weight);
                                return STEP.stacked(0, gates(fromInput, fromHidden, cellsBefore));
                            });
            hidden = step.select(0, 0);
            cells = step.select(0, CELLS_AFTER);
            places.add(hidden);
            remembered.add(step);
        }
        places.add(cells);
        return new Forward(Tensor.stack(0, places.toArray(Tensor[]::new)), remembered);
    }

    private static Tensor[] gates(Tensor fromInput, Tensor fromHidden, Tensor cells) {
        Tensor[] all = new Tensor[2 * GATES + 1];
        for (int i = 0; i < GATES; i++) {
            all[i] = Recurrence.LSTM.gate(fromInput, i);
            all[GATES + i] = Recurrence.LSTM.gate(fromHidden, i);
        }
        all[2 * GATES] = cells;
        return all;
    }

    @Override
    public List<Tensor> cotangents(List<Tensor> in, Forward forward, Tensor g) {
        int count = in.get(INPUT).size(0);
        Tensor weight = in.get(WEIGHT);
        List<Tensor> gates = new ArrayList<>();
        Tensor hidden = in.get(HIDDEN).mul(0);
        Tensor cells = g.select(0, count);
        for (int t = count - 1; t >= 0; t--) {
            Tensor made = BACK.stacked(1, behind(in, forward, t, g.select(0, t), hidden, cells));
            Tensor ofGates = made.slice(1, 0, GATES).flatten(1);
            gates.add(ofGates);
            hidden = ofGates.matMul(weight);
            cells = made.select(1, GATES);
        }
        Collections.reverse(gates);
        Tensor ofInput = Tensor.stack(0, gates.toArray(Tensor[]::new));
        return List.of(ofInput, ofWeight(in, forward, ofInput), hidden, cells);
    }

    /// {@return cotangents, and behind them the cells before and what is remembered of the gates}
    private static Tensor[] behind(List<Tensor> in, Forward forward, int t, Tensor... cotangents) {
        Tensor step = forward.residuals().get(t);
        Tensor[] all = Arrays.copyOf(cotangents, cotangents.length + 1 + REMEMBERED);
        all[cotangents.length] =
                t == 0 ? in.get(CELLS) : forward.residuals().get(t - 1).select(0, CELLS_AFTER);
        for (int i = 0; i < REMEMBERED; i++) {
            all[cotangents.length + 1 + i] = step.select(0, CELLS_AFTER + 1 + i);
        }
        return all;
    }

    /// The product of all places at once.
    private static Tensor ofWeight(List<Tensor> in, Forward forward, Tensor ofInput) {
        Tensor weight = in.get(WEIGHT);
        Tensor before =
                Tensor.concat(
                        0,
                        in.get(HIDDEN).unsqueeze(0),
                        forward.value().slice(0, 0, ofInput.size(0) - 1L));
        return ofInput.reshape(-1, weight.size(0)).t().matMul(before.reshape(-1, weight.size(1)));
    }
}
