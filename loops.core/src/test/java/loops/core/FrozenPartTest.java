package loops.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import loops.api.testkit.ResumeCheck;
import loops.api.testkit.Scenario;
import loops.core.loop.FitLoop;
import loops.core.training.DataModule;
import loops.core.training.FitPlan;
import loops.core.training.FitResult;
import loops.core.training.FitRun;
import loops.core.training.OptimizerPlan;
import loops.core.training.RunView;
import loops.core.training.Step;
import loops.core.training.TrainingModule;
import loops.core.training.TrainingScope;
import org.junit.jupiter.api.Test;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.data.DataLoader;
import tensor.data.TensorDataset;
import tensor.layout.Shape;
import tensor.nn.Dropout;
import tensor.nn.Linear;
import tensor.nn.Losses;
import tensor.nn.Sequential;
import tensor.optim.Sgd;

/// A module one part of which is in evaluation while the rest is trained: its random numbers must not come back with the
/// first validation, prediction or resume.
class FrozenPartTest {
    private static final RandomKey KEY = RandomKey.of(3);

    /// Two droppings, the first of which is switched off when a training begins.
    private static final class Frozen extends TrainingModule {
        private final Sequential body =
                child("body", Sequential.of(Linear.of(2, 4), Dropout.of(0.5)));
        private final Dropout dropout = child("dropout", Dropout.of(0.5));
        private final Linear head = child("head", Linear.of(4, 1));

        private Tensor predict(Tensor input) {
            return head.apply(dropout.apply(body.apply(input)));
        }

        @Override
        public void onTrainStart(RunView run) {
            body.eval();
        }

        @Override
        public Tensor trainingStep(Batch batch, Step step) {
            assertFalse(body.training());
            body.children().values().forEach(part -> assertFalse(part.training()));
            assertTrue(training());
            assertTrue(dropout.training());
            return Losses.mse(predict(batch.input()), batch.target());
        }

        @Override
        public void validationStep(Batch batch, Step step) {
            assertFalse(training());
            assertFalse(dropout.training());
            step.log("val_loss", Losses.mse(predict(batch.input()), batch.target()));
        }

        @Override
        public Tensor predictStep(Batch batch, Step step) {
            assertFalse(dropout.training());
            return predict(batch.input());
        }

        @Override
        public OptimizerPlan configureOptimizers() {
            return OptimizerPlan.of(Sgd.of(parameters(), 0.1));
        }
    }

    private static DataModule data() {
        var points =
                TensorDataset.of(
                        Tensor.normal(KEY.fold("x"), Shape.of(6, 2)),
                        Tensor.normal(KEY.fold("y"), Shape.of(6, 1)));
        var batches = DataLoader.of(points, config -> config.batchSize(2));
        return DataModule.of(batches, batches);
    }

    @Test
    void aPartInEvaluationStaysThereWhenAValidationEnds() {
        var module = new Frozen();
        var trainer = Trainer.of(config -> config.maxEpochs(3).checkpointing(false));

        trainer.fit(module, data()); // its steps look

        assertTrue(module.training());
        assertFalse(module.body.training());
        assertTrue(module.dropout.training());
        trainer.validate(module, data());
        assertTrue(module.training());
        assertFalse(module.body.training());
        assertTrue(module.dropout.training());
    }

    @Test
    void aPartInTrainingComesBackThoughItsModuleIsInEvaluation() {
        var scope = TrainingScope.of(new Frozen(), KEY);
        scope.evaluating(List.of("", "body.1"));
        var module = (Frozen) scope.module();

        Trainer.of(config -> config.checkpointing(false)).validate(module, data());

        assertEquals(List.of("", "body.1"), scope.evaluating());
        assertFalse(module.training());
        assertTrue(module.body.training());
        assertTrue(module.dropout.training());
    }

    @Test
    void aPartInEvaluationStaysThereInAResumedRun() {
        int cuts = ResumeCheck.everyCut(FrozenPartTest::scenario);

        assertTrue(cuts > 20, () -> cuts + " cuts");
    }

    private static Scenario<FitRun, FitResult> scenario() {
        var scope = TrainingScope.of(new Frozen(), KEY);
        var plan = FitPlan.of(config -> config.maxEpochs(2));
        return new Scenario<>(new FitLoop(), FitRun.of(scope, data(), plan), scope);
    }
}
