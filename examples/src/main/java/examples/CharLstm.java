package examples;

import java.util.ArrayList;
import java.util.function.IntFunction;
import loops.core.training.Clip;
import loops.core.training.OptimizerPlan;
import loops.core.training.PlannedOptimizer;
import loops.core.training.Step;
import tensor.api.Tensor;
import tensor.nn.Embedding;
import tensor.nn.Linear;
import tensor.nn.Lstm;
import tensor.optim.Adam;

/// Reads with a memory: what it has read is in the state of an LSTM, which goes on from window to window.
final class CharLstm extends CharLearner {
    private final Embedding embedding;
    private final Lstm lstm;
    private final Linear out;

    /// @param characters how many there are
    /// @param width what a character is to the LSTM
    /// @param hidden what the LSTM remembers
    CharLstm(int characters, int width, int hidden) {
        embedding = child("embedding", Embedding.of(characters, width));
        lstm = child("lstm", Lstm.of(width, hidden));
        out = child("out", Linear.of(hidden, characters));
    }

    // @start region=scores
    @Override
    Tensor scores(Tensor characters, Step step) {
        var x = embedding.apply(characters);
        var read = step.hidden().isEmpty() ? lstm.run(x) : lstm.run(x, step.hidden());
        step.carry(read.state().toArray(Tensor[]::new));
        return flat(out.apply(read.outputs()));
    }

    // @end region=scores

    @Override
    public OptimizerPlan configureOptimizers() {
        return OptimizerPlan.of(
                PlannedOptimizer.of(Adam.of(parameters(), 2e-3)).clip(Clip.norm(1)));
    }

    @Override
    IntFunction<Tensor> reader() {
        var state = new ArrayList<Tensor>();
        return character -> {
            var x = embedding.apply(Tensor.of((long) character)).unsqueeze(0);
            var read = state.isEmpty() ? lstm.run(x) : lstm.run(x, state);
            state.clear();
            state.addAll(read.state());
            return out.apply(read.outputs()).flatten();
        };
    }
}
