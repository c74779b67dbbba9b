package loops.core.defects;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import loops.core.training.DataModule;
import loops.core.training.OptimizerPlan;
import loops.core.training.SequenceSplit;
import loops.core.training.Step;
import org.jspecify.annotations.Nullable;
import tensor.api.Parameter;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.data.DataLoader;
import tensor.data.TensorDataset;
import tensor.layout.Shape;

/// A line through the first step of a sequence, with or without a split along time. What it carries over says who did:
/// ten times the optimizer, and the part, from 1.
class Sequences extends Line {
    private final int steps;

    /// @param plan of the two parameters, slope and height
    /// @param steps how many time steps make a part; 0 for no split
    Sequences(Function<List<Parameter>, OptimizerPlan> plan, int steps) {
        super(plan);
        this.steps = steps;
    }

    /// {@return so many sequences of so many steps, with a number for each, in batches of one}
    static DataModule data(int count, int time) {
        var all = new LinkedHashMap<String, Tensor>();
        all.put("input", Tensor.full(Shape.of(count, time), 0.5));
        all.put("target", Tensor.full(Shape.of(count, 1), 1));
        all.put("number", Tensor.of(new long[count], Shape.of(count)));
        return DataModule.of(
                DataLoader.of(TensorDataset.of(Batch.of(all)), config -> config.batchSize(1)));
    }

    @Override
    public Optional<SequenceSplit> sequenceSplit() {
        return steps == 0
                ? Optional.empty()
                : Optional.of(SequenceSplit.every(steps).along("input", 1));
    }

    @Override
    public @Nullable Tensor trainingStep(Batch batch, Step step) {
        if (steps > 0) {
            step.carry(Tensor.scalar(10.0 * step.optimizerIndex() + step.splitIndex() + 1));
        }
        var first = batch.input().slice(1, 0, 1);
        return line.apply(first).sub(batch.target()).square().mean();
    }
}
