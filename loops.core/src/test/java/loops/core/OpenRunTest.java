package loops.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import loops.core.training.Callback;
import loops.core.training.DataModule;
import loops.core.training.FitPlan;
import loops.core.training.FitResult;
import loops.core.training.Limit;
import loops.core.training.RunView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tensor.data.Batch;
import tensor.data.BatchSource;

/// What stands open in a checkpoint goes on as it was begun.
class OpenRunTest {
    @TempDir private Path folder;

    @Test
    void anEpochThatStandsOpenKeepsItsLength() {
        interruptedIn("an epoch", new InterruptAt(1));

        assertEquals(
                "TrainingEpochLoop: epoch 0 was begun with 2 batches and would go on with 1; give it as many as before by trainLimit and data, or go on from a checkpoint between two epochs",
                refusedToGoOn("an epoch", plan -> plan.trainLimit(Limit.batches(1))));
        assertEquals(
                6,
                goOn(
                                "an epoch",
                                plan ->
                                        plan.validationLimit(Limit.batches(0))
                                                .maxEpochs(3)
                                                .validateEvery(Limit.batches(1)))
                        .globalStep());
    }

    @Test
    void anEvaluationThatStandsOpenKeepsItsLength() {
        var inValidation =
                new Callback() {
                    @Override
                    public void onValidationBatchStart(
                            RunView run, Batch batch, int batchIndex, int loaderIndex) {
                        run.interrupt("the lights went out");
                    }
                };
        interruptedIn("a validation", inValidation);

        assertEquals(
                "EvaluationEpochLoop: loader 0 was begun with 2 batches and would go on with 1; give it as many as before by the limit and the data, or go on from a checkpoint outside of evaluations",
                refusedToGoOn("a validation", plan -> plan.validationLimit(Limit.batches(1))));
        assertEquals(
                "EvaluationLoop: a validation was begun with 1 loaders and would go on with 0; give it as many as before by the limit and the data, or go on from a checkpoint outside of evaluations",
                refusedToGoOn("a validation", plan -> plan.validationLimit(Limit.batches(0))));
        assertEquals(
                2, goOn("a validation", plan -> plan.trainLimit(Limit.batches(1))).globalStep());
    }

    @Test
    void aWindowThatStandsOpenKeepsItsFactorAndTheNextEpochHasTheNewOne() {
        var data = Slope.data(Slope.points(12, 2));
        Trainer.of(config ->
                        config.maxEpochs(2)
                                .accumulate(3)
                                .folder(folder)
                                .checkpointing(false)
                                .callbacks(new InterruptAt(2)))
                .fit(new Slope(), data);

        var result =
                Trainer.of(config -> config.maxEpochs(2).accumulate(2))
                        .fit(new Slope(), data, Resume.from(folder.resolve("interrupted.ckpt")));

        assertEquals(2 + 3, result.globalStep());
    }

    /// Two batches to train on, and two to validate on.
    private static final class TwoAndTwo implements DataModule {
        @Override
        public BatchSource trainBatches() {
            return Slope.points(4, 2);
        }

        @Override
        public List<BatchSource> validationBatches() {
            return List.of(Slope.points(2, 1));
        }
    }

    private void interruptedIn(String name, Callback callback) {
        Trainer.of(config ->
                        config.maxEpochs(1)
                                .folder(folder.resolve(name))
                                .checkpointing(false)
                                .plan(plan -> plan.sanityBatches(0))
                                .callbacks(callback))
                .fit(new Slope(), new TwoAndTwo());
    }

    private FitResult goOn(String name, Consumer<FitPlan.Config> changes) {
        return Trainer.of(config -> config.maxEpochs(1).plan(changes))
                .fit(
                        new Slope(),
                        new TwoAndTwo(),
                        Resume.from(folder.resolve(name).resolve("interrupted.ckpt")));
    }

    private String refusedToGoOn(String name, Consumer<FitPlan.Config> changes) {
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> goOn(name, changes))
                        .getMessage());
    }
}
