package loops.core.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import loops.core.Trainer;
import loops.core.training.DataModule;
import loops.core.training.OptimizerPlan;
import loops.core.training.SequenceSplit;
import loops.core.training.Step;
import loops.core.training.TrainingModule;
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

class HiddenStateTest {
    /// Carries on where it stands, and writes down what was carried to it.
    private static final class Sequences extends TrainingModule {
        private final Linear line = child("line", Linear.of(1, 1));
        private final int optimizers;
        private final boolean automatic;
        private final boolean carries;
        private final List<String> seen = new ArrayList<>();

        Sequences(int optimizers, boolean automatic, boolean carries) {
            this.optimizers = optimizers;
            this.automatic = automatic;
            this.carries = carries;
        }

        @Override
        public @Nullable Tensor trainingStep(Batch batch, Step step) {
            String place =
                    "%d%d%d".formatted(step.batchIndex(), step.splitIndex(), step.optimizerIndex());
            var before = step.hidden();
            seen.add(
                    before.isEmpty()
                            ? place
                            : place + " after %03d".formatted(before.getFirst().itemLong()));
            if (carries) {
                step.carry(Tensor.scalar(Long.parseLong(place)));
            }
            return line.apply(batch.input()).mean();
        }

        @Override
        public Optional<SequenceSplit> sequenceSplit() {
            return Optional.of(SequenceSplit.every(1).along("input", 1));
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
        public boolean automaticOptimization() {
            return automatic;
        }
    }

    /// Trains on two batches of three time steps.
    private static List<String> seen(Sequences module) {
        var data = DataLoader.of(TensorDataset.of(Tensor.ones(Shape.of(2, 3, 1))));
        Trainer.of(config -> config.maxEpochs(1)).fit(module, DataModule.of(data));
        return module.seen;
    }

    @Test
    void stateGoesFromPartToPartAndNotFromBatchToBatch() {
        var wanted =
                List.of(
                        "000",
                        "010 after 000",
                        "020 after 010",
                        "100",
                        "110 after 100",
                        "120 after 110");

        assertEquals(wanted, seen(new Sequences(1, true, true)));
        assertEquals(wanted, seen(new Sequences(1, false, true)));
        assertEquals(wanted, seen(new Sequences(0, true, true)));
    }

    @Test
    void everyOptimizerGetsBackItsOwnState() {
        assertEquals(
                List.of(
                        "000", "001",
                        "010 after 000", "011 after 001",
                        "020 after 010", "021 after 011"),
                seen(new Sequences(2, true, true)).subList(0, 6));
    }

    @Test
    void aStepThatCarriesNothingIsAnErrorWhoeverOptimizes() {
        for (boolean automatic : List.of(true, false)) {
            var thrown =
                    assertThrows(
                            IllegalStateException.class,
                            () -> seen(new Sequences(1, automatic, false)));

            assertEquals(
                    "trainingStep: no hidden state was carried over in batch 0 of epoch 0 for optimizer 0, and the next step goes on with it; call step.carry(state)",
                    thrown.getMessage());
        }
    }
}
