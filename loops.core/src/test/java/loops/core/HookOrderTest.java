package loops.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import loops.api.Explanation;
import loops.api.testkit.HookOrderCheck;
import loops.core.training.BatchResult;
import loops.core.training.HookPoint;
import loops.core.training.Limit;
import loops.core.training.RunView;
import loops.core.training.Step;
import loops.core.training.StepResult;
import org.junit.jupiter.api.Test;
import tensor.api.Tensor;
import tensor.data.Batch;

/// What the built-in loops say of the hooks they call is what a recorded run shows, and what the documents show.
class HookOrderTest {
    /// Not called by a loop but by the trainer, or outside of any order.
    private static final Set<String> AROUND =
            Set.of(
                    "setup",
                    "teardown",
                    "onFitStart",
                    "onFitEnd",
                    "onSanityCheckStart",
                    "onSanityCheckEnd",
                    "onException");

    private static final Path TABLE = Path.of("..", "docs", "hooks.md");

    private final List<String> called = new ArrayList<>();

    /// Writes down the steps that are no hooks of a callback.
    private final class Recorded extends Slope {
        private final boolean manual;

        Recorded(boolean manual) {
            this.manual = manual;
        }

        @Override
        public boolean automaticOptimization() {
            return !manual;
        }

        @Override
        public Tensor trainingStep(Batch batch, Step step) {
            called.add(HookPoint.TRAINING_STEP.method());
            if (manual) {
                step.zeroGrad(0);
                step.backward(loss(batch));
                step.optimizerStep(0);
            }
            return loss(batch);
        }

        @Override
        public void trainingEpochEnd(RunView run, List<BatchResult> results) {
            called.add(HookPoint.TRAINING_RESULTS.method());
        }

        @Override
        public void validationStep(Batch batch, Step step) {
            called.add(HookPoint.VALIDATION_STEP.method());
        }

        @Override
        public void validationEpochEnd(RunView run, List<List<StepResult>> results) {
            called.add(HookPoint.VALIDATION_RESULTS.method());
        }

        @Override
        public void testStep(Batch batch, Step step) {
            called.add(HookPoint.TEST_STEP.method());
        }

        @Override
        public void testEpochEnd(RunView run, List<List<StepResult>> results) {
            called.add(HookPoint.TEST_RESULTS.method());
        }

        @Override
        public Tensor predictStep(Batch batch, Step step) {
            called.add(HookPoint.PREDICT_STEP.method());
            return super.predictStep(batch, step);
        }
    }

    private Trainer trainer(BiConsumer<String, RunView> also) {
        var log =
                new HookLog((name, run) -> {
                    if (!AROUND.contains(name)) {
                        called.add(name);
                    }
                    also.accept(name, run);
                });
        return Trainer.of(config ->
                config.maxEpochs(3)
                        .plan(plan -> plan.sanityBatches(0).validateEvery(Limit.batches(2)))
                        .callbacks(log.callback()));
    }

    @Test
    void aFitCallsTheHooksThatItsLoopsSay() {
        var trainer =
                trainer((name, run) -> {
                    if (name.equals("onTrainBatchStart") && run.epoch() == 1) {
                        run.endEpoch("enough of this epoch");
                    }
                });

        trainer.fit(new Recorded(false), Slope.data(Slope.points(8, 2)));

        HookOrderCheck.follows(trainer.slots().fit().get().explain(), called);
    }

    @Test
    void soDoesAFitWhoseModuleOptimizes() {
        var trainer = trainer((name, run) -> {});

        trainer.fit(new Recorded(true), Slope.data(Slope.points(8, 2)));

        HookOrderCheck.follows(trainer.slots().fit().get().explain(), called);
    }

    @Test
    void soDoValidationTestAndPrediction() {
        var trainer = trainer((name, run) -> {});
        var module = new Recorded(false);
        var data = Slope.data(Slope.points(8, 2));
        trainer.fit(module, data);

        called.clear();
        trainer.validate(module, data);
        HookOrderCheck.follows(trainer.slots().validate().get().explain(), called);

        called.clear();
        trainer.test(module, data);
        HookOrderCheck.follows(trainer.slots().test().get().explain(), called);

        called.clear();
        trainer.predict(module, data);
        HookOrderCheck.follows(trainer.slots().predict().get().explain(), called);
    }

    /// To write the table anew, run this test with `-Dwrite.docs=true`.
    @Test
    void theDocumentedTableIsWhatTheLoopsSay() throws IOException {
        var slots = trainer((name, run) -> {}).slots();
        var text =
                new StringBuilder(
                        """
                        # Which hooks are called, and in which order

                        Made from what the built-in loops say of themselves (`loop.explain().hookTable()`); a test compares it with
                        recorded runs. Each hook is called for the callbacks in their order, those that save last, then for the module.
                        Around every run the trainer calls `setup` first and `teardown` last, `onException` when something is thrown,
                        and around a fit `onFitStart`, `onSanityCheckStart`, `onSanityCheckEnd` and `onFitEnd`.
                        """);
        section("fit", slots.fit().get().explain(), text);
        section("validate and test", slots.validate().get().explain(), text);
        section("predict", slots.predict().get().explain(), text);
        if (Boolean.getBoolean("write.docs")) {
            Files.writeString(TABLE, text);
        }

        assertEquals(text.toString(), Files.readString(TABLE));
    }

    private static void section(String title, Explanation tree, StringBuilder text) {
        text.append("\n## ").append(title).append("\n\n").append(tree.hookTable());
    }
}
