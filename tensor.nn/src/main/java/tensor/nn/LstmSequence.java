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
/// The inputs are the products of all places' inputs with their weight `[gate, time, batch, hidden]`, the bias
/// `[gate, hidden]`, the recurrent weight `[gate·hidden, hidden]`, and the hidden state and the cells before the first place,
/// `[batch, hidden]`. The result is `[time + 2, batch, hidden]`: the hidden state before the first place and at each, and
/// behind them the cells at the last. Gates come first, so that what each gate has at a place has no gaps.
///
/// Gates and cells are remembered, so backwards nothing is computed but products: one for each place, and one for the weight.
/// Step by step by the operations of [Recurrence], the derivatives would be a dozen operations for each place.
final class LstmSequence implements Composite {
    private static final int INPUT = 0;
    private static final int BIAS = 1;
    private static final int WEIGHT = 2;
    private static final int HIDDEN = 3;
    private static final int CELLS = 4;
    private static final int GATES = 4;

    /// Where the cells stand in the result of a step.
    private static final int CELLS_AFTER = 1;

    /// What is remembered behind them: the gates, the tanh of the cells.
    private static final int REMEMBERED = GATES + 1;

    /// Of the gates' shares of the input, those of the hidden state, the biases, and the cells: the hidden state, and what is
    /// remembered.
    private static final Fusion STEP =
            Fusion.several(
                    "LSTM step",
                    in -> {
                        Tensor write = sum(in, 0).sigmoid();
                        Tensor keep = sum(in, 1).sigmoid();
                        Tensor proposal = sum(in, 2).tanh();
                        Tensor read = sum(in, 3).sigmoid();
                        Tensor cells = keep.mul(in.get(3 * GATES)).add(write.mul(proposal));
                        Tensor shown = cells.tanh();
                        return List.of(read.mul(shown), cells, write, keep, proposal, read, shown);
                    });

    private static Tensor sum(List<Tensor> in, int gate) {
        return in.get(gate).add(in.get(2 * GATES + gate)).add(in.get(GATES + gate));
    }

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
        Tensor inputs = in.get(INPUT).add(in.get(BIAS).unsqueeze(1).unsqueeze(1));
        List<Tensor> state = List.of(in.get(HIDDEN), in.get(CELLS));
        List<Tensor> places = new ArrayList<>(List.of(in.get(HIDDEN)));
        for (int t = 0; t < inputs.size(1); t++) {
            Tensor fromInput = inputs.select(1, t).transpose(0, 1).flatten(1);
            Tensor fromHidden = state.getFirst().matMul(weight);
            state = Recurrence.LSTM.next(fromInput, fromHidden, state);
            places.add(state.getFirst());
        }
        places.add(state.get(1));
        return Tensor.stack(0, places.toArray(Tensor[]::new));
    }

    @Override
    public Forward forward(List<Tensor> in) {
        Tensor weight = byGates(in.get(WEIGHT).t().contiguous());
        Tensor hidden = in.get(HIDDEN);
        Tensor cells = in.get(CELLS);
        Tensor[] inputs = gates(in.get(INPUT));
        Tensor[] biases = gates(in.get(BIAS));
        List<Tensor> places = new ArrayList<>(List.of(hidden));
        List<Tensor> remembered = new ArrayList<>();
        for (int t = 0; t < in.get(INPUT).size(1); t++) {
            int place = t;
            Tensor hiddenBefore = hidden;
            Tensor cellsBefore = cells;
            Tensor step =
                    TensorScope.get(
                            "place",
                            () -> {
                                Tensor fromHidden = hiddenBefore.unsqueeze(0).matMul(weight);
                                return STEP.stacked(
                                        0, shares(inputs, place, fromHidden, biases, cellsBefore));
                            });
            hidden = step.select(0, 0);
            cells = step.select(0, CELLS_AFTER);
            places.add(hidden);
            remembered.add(step);
        }
        places.add(cells);
        return new Forward(Tensor.stack(0, places.toArray(Tensor[]::new)), remembered);
    }

    /// {@return `[gate, n, hidden]` of `[n, gate·hidden]`}
    private static Tensor byGates(Tensor x) {
        return x.reshape(x.size(0), GATES, x.size(1) / GATES).transpose(0, 1);
    }

    private static Tensor[] gates(Tensor x) {
        Tensor[] each = new Tensor[GATES];
        Arrays.setAll(each, gate -> x.select(0, gate));
        return each;
    }

    /// {@return what a step takes}
    private static Tensor[] shares(
            Tensor[] inputs, int place, Tensor fromHidden, Tensor[] biases, Tensor cells) {
        Tensor[] all = new Tensor[3 * GATES + 1];
        for (int i = 0; i < GATES; i++) {
            all[i] = inputs[i].select(0, place);
            all[GATES + i] = fromHidden.select(0, i);
            all[2 * GATES + i] = biases[i];
        }
        all[3 * GATES] = cells;
        return all;
    }

    @Override
    public List<Tensor> cotangents(List<Tensor> in, Forward forward, Tensor g) {
        int count = in.get(INPUT).size(1);
        Tensor weight = in.get(WEIGHT).reshape(GATES, -1, in.get(WEIGHT).size(1));
        List<Tensor> gates = new ArrayList<>();
        Tensor hidden = zeros(in.get(HIDDEN));
        Tensor cells = g.select(0, count + 1);
        for (int t = count - 1; t >= 0; t--) {
            Tensor made =
                    BACK.stacked(0, behind(in, forward, t, g.select(0, t + 1), hidden, cells));
            Tensor ofGates = made.slice(0, 0, GATES);
            gates.add(ofGates);
            hidden = Tensor.einsum("gbh,ghj->bj", ofGates, weight);
            cells = made.select(0, GATES);
        }
        Collections.reverse(gates);
        Tensor ofInput = Tensor.stack(1, gates.toArray(Tensor[]::new));
        Tensor ofBias = ofInput.sum(1, 2);
        Tensor ofWeight = ofWeight(ofInput, forward.value().slice(0, 0, count));
        return List.of(ofInput, ofBias, ofWeight, hidden.add(g.select(0, 0)), cells);
    }

    private static Tensor zeros(Tensor x) {
        return x.device().with(() -> Tensor.zeros(x.shape(), x.dtype()));
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
    private static Tensor ofWeight(Tensor ofInput, Tensor before) {
        Tensor byGates = Tensor.einsum("gtbh,tbj->ghj", ofInput, before);
        return byGates.reshape(-1, before.size(2));
    }
}
