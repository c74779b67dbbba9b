package loops.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import loops.api.testkit.ResumeCheck;
import loops.api.testkit.Scenario;
import loops.core.loop.FitLoop;
import loops.core.training.DataModule;
import loops.core.training.FitPlan;
import loops.core.training.FitRun;
import loops.core.training.OptimizerPlan;
import loops.core.training.SequenceSplit;
import loops.core.training.Step;
import loops.core.training.TensorState;
import loops.core.training.TrainingModule;
import loops.core.training.TrainingScope;
import org.junit.jupiter.api.Test;
import tensor.api.Parameter;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.data.DataLoader;
import tensor.data.TensorDataset;
import tensor.layout.Shape;
import tensor.nn.Activation;
import tensor.nn.Linear;
import tensor.optim.Adam;
import tensor.optim.Lbfgs;
import tensor.optim.Optimizer;
import tensor.optim.Sgd;

/// Truncated back-propagation is what a plain loop over the parts does, bit for bit.
class SplitsAlongTimeTest {
    private static final int EPOCHS = 2;
    private static final int EVERY = 3;

    /// Which optimizers there are.
    private enum Kind {
        ONE,
        TWO,
        MANUAL,
        CLOSURES
    }

    /// A cell with two gates, hidden and cell state, as in an LSTM.
    private static final class Recurrent extends TrainingModule {
        private final Linear gate = child("gate", Linear.of(3, 2));
        private final Linear change = child("change", Linear.of(3, 2));
        private final Linear out = child("out", Linear.of(2, 1));
        private final Kind kind;
        final List<String> seen = new ArrayList<>();

        Recurrent(Kind kind) {
            this.kind = kind;
        }

        /// What a part comes to.
        record Part(Tensor loss, List<Tensor> state) {}

        Part part(Batch batch, List<Tensor> before) {
            var silence = Tensor.zeros(Shape.of(batch.size(), 2));
            var hidden = before.isEmpty() ? silence : before.getFirst();
            var cell = before.isEmpty() ? silence : before.getLast();
            var loss = Tensor.scalar(0f);
            int length = batch.input().size(1);
            for (int time = 0; time < length; time++) {
                var input = Tensor.concat(1, batch.input().slice(1, time, time + 1), hidden);
                var open = Activation.SIGMOID.apply(gate.apply(input));
                cell = open.mul(cell).add(open.neg().add(1).mul(change.apply(input).tanh()));
                hidden = cell.tanh();
                loss =
                        loss.add(
                                out.apply(hidden)
                                        .sub(batch.target().slice(1, time, time + 1))
                                        .square()
                                        .mean());
            }
            return new Part(loss.div(length), List.of(hidden, cell));
        }

        @Override
        public Tensor trainingStep(Batch batch, Step step) {
            seen.add(
                    "batch %d part %d of %d steps for %d, hidden %d"
                            .formatted(
                                    step.batchIndex(),
                                    step.splitIndex(),
                                    batch.input().size(1),
                                    step.optimizerIndex(),
                                    step.hidden().size()));
            var part = part(batch, step.hidden());
            step.carry(part.state().toArray(Tensor[]::new));
            if (kind == Kind.MANUAL) {
                step.zeroGrad(0);
                step.backward(part.loss());
                step.optimizerStep(0);
            }
            return part.loss();
        }

        List<Optimizer> optimizers() {
            return switch (kind) {
                case ONE, MANUAL -> List.of(Adam.of(parameters(), 0.05));
                case TWO ->
                        List.of(
                                Sgd.of(gate.parameters(), 0.1),
                                Adam.of(
                                        List.of(
                                                change.weight(),
                                                change.parameters().getLast(),
                                                out.weight()),
                                        0.05));
                case CLOSURES ->
                        List.of(Lbfgs.of(parameters(), 0.5, config -> config.maxIterations(3)));
            };
        }

        @Override
        public OptimizerPlan configureOptimizers() {
            return OptimizerPlan.of(optimizers().toArray(Optimizer[]::new));
        }

        @Override
        public boolean automaticOptimization() {
            return kind != Kind.MANUAL;
        }

        @Override
        public Optional<SequenceSplit> sequenceSplit() {
            return Optional.of(SequenceSplit.every(EVERY).along("input", 1).along("target", 1));
        }
    }

    private static DataLoader sequences(int length) {
        var inputs = Tensor.normal(RandomKey.of(1), Shape.of(5, length));
        return DataLoader.of(
                TensorDataset.of(inputs, inputs.mul(0.5).tanh()), config -> config.batchSize(2));
    }

    private static void plainly(Recurrent module, int length) {
        module.initialize(RandomKey.of(4).fold("module"));
        var optimizers = module.optimizers();
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            try (var batches = sequences(length).open(epoch, 0)) {
                while (batches.hasNext()) {
                    train(module, optimizers, batches.next());
                }
            }
        }
    }

    private static void train(Recurrent module, List<Optimizer> optimizers, Batch batch) {
        var hidden = new ArrayList<List<Tensor>>();
        optimizers.forEach(_ -> hidden.add(List.of()));
        int length = batch.input().size(1);
        for (int from = 0; from < length; from += EVERY) {
            int to = Math.min(length, from + EVERY);
            var part =
                    Batch.of(batch.input().slice(1, from, to), batch.target().slice(1, from, to));
            for (int i = 0; i < optimizers.size(); i++) {
                int index = i;
                var optimizer = optimizers.get(i);
                var before = hidden.get(i);
                var others =
                        module.parameters().stream()
                                .filter(one ->
                                        optimizers.size() > 1
                                                && optimizers.stream()
                                                        .anyMatch(other ->
                                                                other.parameters().contains(one))
                                                && !optimizer.parameters().contains(one))
                                .toList();
                others.forEach(one -> one.requiresGrad(false));
                optimizer.step(() -> {
                    optimizer.zeroGrad();
                    var result = module.part(part, before);
                    result.loss().backward();
                    hidden.set(index, result.state().stream().map(Tensor::detach).toList());
                    return OptionalDouble.of(result.loss().item());
                });
                others.forEach(one -> one.requiresGrad(true));
            }
        }
    }

    @Test
    void thePartsGiveTheBitsOfAPlainLoop() {
        for (var kind : Kind.values()) {
            for (int length : List.of(7, 6, 2)) {
                var plain = new Recurrent(kind);
                plainly(plain, length);
                var split = new Recurrent(kind);

                Trainer.of(config -> config.maxEpochs(EPOCHS).seed(4))
                        .fit(split, DataModule.of(sequences(length)));

                assertEquals(
                        TensorState.fields(plain.stateDict()),
                        TensorState.fields(split.stateDict()),
                        () -> kind + " with " + length + " steps");
                assertTrue(split.parameters().stream().allMatch(Parameter::requiresGrad));
            }
        }
    }

    @Test
    void aShortLastPartIsAPartAndHiddenStateBeginsAnewWithEachBatch() {
        var module = new Recurrent(Kind.TWO);

        Trainer.of(config -> config.maxEpochs(1)).fit(module, DataModule.of(sequences(4)));

        assertEquals(
                List.of(
                        "batch 0 part 0 of 3 steps for 0, hidden 0",
                        "batch 0 part 0 of 3 steps for 1, hidden 0",
                        "batch 0 part 1 of 1 steps for 0, hidden 2",
                        "batch 0 part 1 of 1 steps for 1, hidden 2",
                        "batch 1 part 0 of 3 steps for 0, hidden 0"),
                module.seen.subList(0, 5));
    }

    @Test
    void aRunIsCutBetweenPartsAndGoneOnWith() {
        for (var kind : Kind.values()) {
            int cuts =
                    ResumeCheck.everyCut(() -> {
                        var run =
                                FitRun.of(
                                        TrainingScope.of(new Recurrent(kind), RandomKey.of(4)),
                                        DataModule.of(sequences(7)),
                                        FitPlan.of(config -> config.maxEpochs(1)));
                        return new Scenario<>(new FitLoop(), run, FitSpec.world(run));
                    });

            assertTrue(cuts > 20, () -> kind + ": " + cuts + " cuts");
        }
    }

    // ---- what is refused

    private static String refused(TrainingModule module) {
        return String.valueOf(
                assertThrows(
                                RuntimeException.class,
                                () ->
                                        Trainer.of(config -> config.maxEpochs(1))
                                                .fit(module, DataModule.of(sequences(4))))
                        .getMessage());
    }

    private static TrainingModule splitting(SequenceSplit split) {
        return new Slope() {
            @Override
            public Optional<SequenceSplit> sequenceSplit() {
                return Optional.of(split);
            }

            @Override
            public Tensor trainingStep(Batch batch, Step step) {
                return line.weight().value().sum();
            }
        };
    }

    @Test
    void aStepThatCarriesNothingOverIsRefused() {
        assertEquals(
                "trainingStep: no hidden state was carried over in batch 0 of epoch 0 for optimizer 0, and the next step goes on with it; call step.carry(state)",
                refused(splitting(SequenceSplit.every(2).along("input", 1))));
    }

    @Test
    void aSplitThatDoesNotFitTheBatchIsRefused() {
        assertEquals(
                "SequenceSplit: 'input' has shape [2, 4] and no axis 2; name its time axis",
                refused(splitting(SequenceSplit.every(2).along("input", 2))));
        assertEquals(
                "SequenceSplit: 'input' has 4 time steps and 'target' has 2; split tensors of one length",
                refused(splitting(SequenceSplit.every(2).along("input", 1).along("target", 0))));
        assertEquals(
                "SequenceSplit: no tensor is named; say along(name, axis) for those that are split",
                refused(splitting(SequenceSplit.every(2))));
        assertEquals(
                "SequenceSplit: steps is 0; use a number from 1",
                assertThrows(IllegalArgumentException.class, () -> SequenceSplit.every(0))
                        .getMessage());
    }

    @Test
    void withoutASplitThereIsNoHiddenState() {
        for (boolean carry : List.of(true, false)) {
            var module =
                    new Slope() {
                        @Override
                        public Tensor trainingStep(Batch batch, Step step) {
                            if (carry) {
                                step.carry(Tensor.scalar(1f));
                            }
                            return step.hidden().getFirst();
                        }
                    };

            assertEquals(
                    "Step.%s: no hidden state is carried here; give the module a sequenceSplit(), or take a loop that carries it from batch to batch"
                            .formatted(carry ? "carry" : "hidden"),
                    refused(module));
        }
    }
}
