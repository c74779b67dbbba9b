package loops.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import loops.api.testkit.ReplaceCheck;
import loops.api.testkit.ResumeCheck;
import loops.core.Trainer;
import loops.core.loop.OptimizerLoop;
import loops.core.training.Activity;
import loops.core.training.DataModule;
import loops.core.training.Limit;
import loops.core.training.OptimizerPlan;
import loops.core.training.RunView;
import loops.core.training.SequenceSplit;
import loops.core.training.SplitRun;
import loops.core.training.Step;
import loops.core.training.TensorState;
import loops.core.training.TrainingModule;
import loops.core.training.TrainingOptimizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.data.DataLoader;
import tensor.data.TensorDataset;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.nn.Buffer;
import tensor.nn.Dropout;
import tensor.nn.Init;
import tensor.nn.Linear;
import tensor.nn.RandomStream;
import tensor.optim.Sgd;

class ValidationScaledLoopTest {
    private static final SmallScaled SMALL = new SmallScaled(3, 9, 5, 3, 1);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void itIsTheLoopWrittenByHand(int accumulate) {
        var small = new SmallScaled(3, 9, 5, 3, accumulate);

        assertEquals(
                small.byHand(), small.fit(new SmallScaled.Member(), new ValidationScaledLoop()));
    }

    @Test
    void itIsNotTheBuiltInLoop() {
        assertNotEquals(SMALL.byHand(), SMALL.fit(new SmallScaled.Member(), new OptimizerLoop()));
    }

    @Test
    void itIsResumedAtEveryCut() {
        int cuts = ResumeCheck.everyCut(SMALL.scenarios());

        assertTrue(cuts > 30, () -> cuts + " cuts");
    }

    @Test
    void anyOfItsLoopsIsReplaced() {
        assertTrue(ReplaceCheck.everySlot(SMALL.scenarios()) >= 5);
    }

    @Test
    void onlySoManyValidationBatchesAreTakenAsThePlanValidatesOn() {
        var steps = new Watched(1);
        var trainer = Trainer.of(config -> config.fastDevRun(1));
        trainer.slots().optimizer().replace(_ -> new ValidationScaledLoop());

        trainer.fit(steps, data(4, 6));

        assertEquals(1, steps.validations);
    }

    @Test
    void aValidationLossThatIsNotAboveZeroIsRefused() {
        assertRefused(
                "ValidationScaledLoop: the validation loss is 0.0 in batch 0 of epoch 0, and gradients are divided by it; learn from a loss that stays above 0 and finite, or end earlier",
                new Watched(0),
                data(4, 2));
        assertRefused(
                "ValidationScaledLoop: the validation loss is NaN in batch 0 of epoch 0, and gradients are divided by it; learn from a loss that stays above 0 and finite, or end earlier",
                new Watched(Double.NaN),
                data(4, 2));
        assertRefused(
                "ValidationScaledLoop: the validation loss is Infinity in batch 0 of epoch 0, and gradients are divided by it; learn from a loss that stays above 0 and finite, or end earlier",
                new Watched(Double.POSITIVE_INFINITY),
                data(4, 2));
    }

    @Test
    void measuringLeavesNoTraceInTheModule() {
        var plain = new Untidy();
        var measured = new Untidy();
        var trainer = Trainer.of(config -> config.maxEpochs(2).seed(3));
        trainer.fit(plain, data(4, 6));

        var scaling = Trainer.of(config -> config.maxEpochs(2).seed(3));
        scaling.slots().optimizer().replace(_ -> new MeasuringLoop());
        scaling.fit(measured, data(4, 6));

        assertEquals(
                TensorState.fields(plain.stateDict()), TensorState.fields(measured.stateDict()));
        assertEquals(plain.frozen.training(), measured.frozen.training());
    }

    /// Measures, and scales by 1.
    private static final class MeasuringLoop extends ValidationScaledLoop {
        @Override
        protected double validationLoss(TrainingOptimizer optimizer, SplitRun split) {
            return super.validationLoss(optimizer, split) * 0 + 1;
        }
    }

    /// Its step draws numbers, writes a buffer, is split along time, and one of its parts is in evaluation.
    private static final class Untidy extends TrainingModule {
        private final Linear line = child("line", Linear.of(1, 1));
        private final Dropout frozen = child("frozen", Dropout.of(0.5));
        private final RandomStream noise = random("noise");
        private final Buffer seen = buffer("seen", Shape.of(1), Init.zeros());

        @Override
        public Tensor trainingStep(Batch batch, Step step) {
            var before = step.hidden().isEmpty() ? Tensor.zeros(Shape.of(1)) : step.hidden().get(0);
            seen.assign(seen.value().add(1));
            step.carry(before.add(1));
            var jitter = Tensor.normal(noise.next(), Shape.of(1));
            return frozen.apply(line.apply(batch.input())).add(jitter).square().mean();
        }

        @Override
        public Optional<SequenceSplit> sequenceSplit() {
            return Optional.of(SequenceSplit.every(1).along("input", 1));
        }

        @Override
        public void onTrainEpochStart(RunView run) {
            frozen.eval();
        }

        @Override
        public void validationStep(Batch batch, Step step) {}

        @Override
        public OptimizerPlan configureOptimizers() {
            return OptimizerPlan.of(Sgd.of(parameters(), 0.01));
        }
    }

    @Test
    void aFitWithoutValidationBatchesIsRefused() {
        assertRefused(
                "ValidationScaledLoop: there are no validation batches; give the data validationBatches() and the module a validationStep",
                new Watched(1),
                DataModule.of(points(4)));
    }

    @Test
    void aLimitThatLeavesNoValidationBatchIsNamed() {
        var trainer =
                Trainer.of(config ->
                        config.maxEpochs(1).plan(plan -> plan.validationLimit(Limit.batches(0))));
        trainer.slots().optimizer().replace(_ -> new ValidationScaledLoop());

        var refused =
                assertThrows(
                        IllegalStateException.class, () -> trainer.fit(new Watched(1), data(4, 2)));

        assertEquals(
                "ValidationScaledLoop: validationLimit is Batches[batches=0], which leaves no validation batch to divide by; leave it out, or raise it",
                refused.getMessage());
    }

    private static void assertRefused(String message, TrainingModule module, DataModule data) {
        var trainer = Trainer.of(config -> config.maxEpochs(1).plan(plan -> plan.sanityBatches(0)));
        trainer.slots().optimizer().replace(_ -> new ValidationScaledLoop());

        var refused = assertThrows(IllegalStateException.class, () -> trainer.fit(module, data));

        assertEquals(message, refused.getMessage());
    }

    private static DataModule data(int samples, int validation) {
        return DataModule.of(points(samples), points(validation));
    }

    private static DataLoader points(int count) {
        var x = Tensor.arange(count).cast(DType.FLOAT32).reshape(count, 1);
        return DataLoader.of(TensorDataset.of(x, x), config -> config.batchSize(2));
    }

    /// Counts the losses that are taken on validation batches, all of which are one number.
    private static final class Watched extends TrainingModule {
        private final Linear line = child("line", Linear.of(1, 1));
        private final double loss;
        private int validations;

        Watched(double loss) {
            this.loss = loss;
        }

        @Override
        public Tensor trainingStep(Batch batch, Step step) {
            if (step.activity() == Activity.VALIDATION) {
                validations++;
            }
            return line.apply(batch.input()).mul(0).add(loss).mean();
        }

        @Override
        public void validationStep(Batch batch, Step step) {}

        @Override
        public OptimizerPlan configureOptimizers() {
            return OptimizerPlan.of(Sgd.of(parameters(), 0.1));
        }
    }
}
