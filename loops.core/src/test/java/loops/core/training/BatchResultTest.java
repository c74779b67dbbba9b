package loops.core.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import loops.core.Trainer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.data.DataLoader;
import tensor.data.TensorDataset;
import tensor.layout.Shape;
import tensor.nn.Linear;
import tensor.optim.Optimizer;
import tensor.optim.Sgd;

class BatchResultTest {
    /// Learns from three time steps, with as many optimizers as are wanted; the last of several gives no loss.
    private static final class Sequences extends TrainingModule {
        private final Linear line = child("line", Linear.of(1, 1));
        private final int optimizers;
        private final int steps;
        final List<BatchResult> kept = new ArrayList<>();

        Sequences(int optimizers, int steps) {
            this.optimizers = optimizers;
            this.steps = steps;
        }

        @Override
        public @Nullable Tensor trainingStep(Batch batch, Step step) {
            var loss = line.apply(batch.input()).mul(0).add(0.5).mean();
            if (steps > 0) {
                step.carry(loss);
            }
            step.output("place", Tensor.scalar(10L * step.splitIndex() + step.optimizerIndex()));
            return optimizers > 1 && step.optimizerIndex() == optimizers - 1 ? null : loss;
        }

        @Override
        public Optional<SequenceSplit> sequenceSplit() {
            return steps == 0
                    ? Optional.empty()
                    : Optional.of(SequenceSplit.every(steps).along("input", 1));
        }

        @Override
        public OptimizerPlan configureOptimizers() {
            var all = new ArrayList<Optimizer>();
            for (int i = 0; i < optimizers; i++) {
                all.add(Sgd.of(parameters(), 0.1));
            }
            return OptimizerPlan.of(all.toArray(Optimizer[]::new));
        }

        @Override
        public boolean keepsResults() {
            return true;
        }

        @Override
        public void trainingEpochEnd(RunView run, List<BatchResult> results) {
            kept.addAll(results);
        }
    }

    /// Batches, in each the parts, in each the places of the steps and whether they had a loss.
    private static List<List<List<String>>> results(int optimizers, int steps, int batches) {
        var module = new Sequences(optimizers, steps);
        var data = DataLoader.of(TensorDataset.of(Tensor.ones(Shape.of(batches, 3, 1))));
        Trainer.of(config -> config.maxEpochs(1).plan(plan -> plan.accumulate(2)))
                .fit(module, DataModule.of(data));
        return module.kept.stream()
                .map(batch ->
                        batch.splits().stream()
                                .map(split ->
                                        split.steps().stream().map(BatchResultTest::said).toList())
                                .toList())
                .toList();
    }

    private static String said(StepResult step) {
        return "%d%s"
                .formatted(
                        Objects.requireNonNull(step.outputs().get("place")).itemLong(),
                        step.hasLoss() ? " " + step.loss().getAsDouble() : "");
    }

    @Test
    void everyBatchHasItsPartsAndEveryPartItsOptimizersHoweverManyThereAre() {
        assertEquals(List.of(List.of(List.of("0 0.5"))), results(1, 0, 1));
        assertEquals(
                List.of(List.of(List.of("0 0.5", "1")), List.of(List.of("0 0.5", "1"))),
                results(2, 0, 2));
        assertEquals(
                List.of(List.of(List.of("0 0.5", "1"), List.of("10 0.5", "11"))), results(2, 2, 1));
    }

    /// The loss of a window of two batches is that of each, not half of it.
    @Test
    void theLossIsTheOneThatTheModuleGave() {
        assertEquals(
                List.of(List.of(List.of("0 0.5")), List.of(List.of("0 0.5"))), results(1, 0, 2));
    }

    @Test
    void theLossOfABatchIsTheLatestOfTheFirstOptimizerThatHadOne() {
        var none = new StepResult(0, OptionalDouble.empty(), new LinkedHashMap<>());
        var some = new StepResult(1, OptionalDouble.of(2), new LinkedHashMap<>());
        var more = new StepResult(2, OptionalDouble.of(3), new LinkedHashMap<>());

        assertEquals(OptionalDouble.empty(), new BatchResult(List.of()).loss());
        assertEquals(OptionalDouble.empty(), batch(List.of(none), List.of(none)).loss());
        assertEquals(OptionalDouble.of(3), batch(List.of(some), List.of(none, more)).loss());
        assertEquals(OptionalDouble.of(2), batch(List.of(some, more), List.of(none)).loss());
    }

    @SafeVarargs
    private static BatchResult batch(List<StepResult>... splits) {
        var results = new ArrayList<SplitResult>();
        for (List<StepResult> split : splits) {
            results.add(new SplitResult(split));
        }
        return new BatchResult(results);
    }
}
