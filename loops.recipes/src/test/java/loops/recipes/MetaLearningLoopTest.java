package loops.recipes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.Consumer;
import loops.core.Trainer;
import loops.core.training.DataModule;
import loops.core.training.EvaluationResult;
import loops.core.training.TensorState;
import loops.recipes.SmallTasks.Kind;
import org.junit.jupiter.api.Test;
import tensor.api.Gradients;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.data.BatchSource;
import tensor.layout.DType;
import tensor.layout.Shape;

/// What the inner loop gives, what meta-learning refuses; its laws are in [MetaLearningPropertyTest].
class MetaLearningLoopTest {
    private static final SmallTasks TASKS = new SmallTasks(3, 2, 4, 1, Kind.SECOND_ORDER);

    private static SmallTasks.Lines module() {
        var module = new SmallTasks.Lines(TASKS);
        module.initialize(RandomKey.of(1), DType.FLOAT64);
        return module;
    }

    private static AdaptationRun run(TaskModule module) {
        try (var batches = TASKS.source("train").open(0, 0)) {
            return new AdaptationRun(module, batches.next().part(TaskModule.SUPPORT));
        }
    }

    @Test
    void adaptedWeightsHaveAnAxisOfTasksAndTheParametersStay() {
        var module = module();
        var before = TensorState.fields(module.stateDict());

        var adapted = new AdaptationLoop().run(run(module));

        assertEquals(
                List.of("net.0.weight", "net.0.bias", "net.2.weight", "net.2.bias"),
                List.copyOf(adapted.keySet()));
        assertEquals(
                List.of(Shape.of(2, 3, 1), Shape.of(2, 1, 3), Shape.of(2, 1, 3), Shape.of(2, 1, 1)),
                adapted.values().stream().map(Tensor::shape).toList());
        assertEquals(before, TensorState.fields(module.stateDict()));
    }

    @Test
    void theParametersGetGradientsThroughTheSteps() {
        var module = module();
        var run = run(module);

        var secondOrder = queryGradient(module, run, new AdaptationLoop());
        var firstOrder =
                queryGradient(module, run, new AdaptationLoop(AdaptationConfig::firstOrder));

        assertFalse(Arrays.equals(secondOrder, firstOrder));
    }

    private static double[] queryGradient(
            TaskModule module, AdaptationRun run, AdaptationLoop inner) {
        var adapted = inner.run(run);
        Tensor loss = module.with(adapted, () -> module.taskLosses(run.samples())).sum();
        return Gradients.of(loss, module.parameters()).getFirst().toDoubles();
    }

    @Test
    void whereNothingIsRecordedItAdaptsToTheSameAndTracksNothing() {
        var run = run(module());
        var recorded = new AdaptationLoop(config -> config.steps(2)).run(run);

        var unrecorded =
                Tensor.noGrad(() -> new AdaptationLoop(config -> config.steps(2)).run(run));

        recorded.forEach((path, weight) -> {
            assertTrue(weight.tracked());
            Tensor same = Objects.requireNonNull(unrecorded.get(path));
            assertFalse(same.tracked());
            assertArrayEquals(weight.toDoubles(), same.toDoubles());
        });
    }

    @Test
    void aModuleIsMeasuredWithTheWeightsThatItHasAdaptedTo() {
        var module = module();
        var data = data(TASKS.source("test"));

        double untouched = tested(module, data, new AdaptationLoop(config -> config.steps(0)));
        double adapted =
                tested(module, data, new AdaptationLoop(config -> config.steps(20).rate(0.05)));

        assertTrue(adapted < 0.5 * untouched, adapted + " of " + untouched);
    }

    @Test
    void aTaskWhoseLossIsNoNumberIsNotAveragedAway() {
        var source =
                new TaskSource(
                        2,
                        RandomKey.of(5),
                        key -> {
                            try (var batches = TASKS.source("test").open(0, 0)) {
                                return key.equals(RandomKey.of(5).fold(0).fold(1))
                                        ? batches.next().map(tensor -> tensor.mul(Double.NaN))
                                        : batches.next();
                            }
                        });

        assertTrue(Double.isNaN(tested(module(), data(source), new AdaptationLoop())));
    }

    private static double tested(TaskModule module, DataModule data, AdaptationLoop inner) {
        var trainer = Trainer.of(config -> {});
        trainer.slots().testEpoch().connect(new MetaEvaluationLoop(inner));
        return trainer.test(module, data).metric("val_loss");
    }

    private static DataModule data(BatchSource tested) {
        return new DataModule() {
            @Override
            public BatchSource trainBatches() {
                return TASKS.source("train");
            }

            @Override
            public List<BatchSource> testBatches() {
                return List.of(tested);
            }
        };
    }

    @Test
    void aMetricThatWasNotLoggedIsNamed() {
        EvaluationResult measured =
                Trainer.of(config -> {}).test(module(), data(TASKS.source("test")));

        assertEquals(
                "EvaluationResult: no metric 'val_acc' was logged, only [val_loss]",
                assertThrows(IllegalArgumentException.class, () -> measured.metric("val_acc"))
                        .getMessage());
    }

    // ---- what is refused

    private static String refusal(Runnable body) {
        return String.valueOf(assertThrows(RuntimeException.class, body::run).getMessage());
    }

    private static String refusal(Consumer<AdaptationConfig> choices) {
        return refusal(() -> new AdaptationLoop(choices).run(run(module())));
    }

    @Test
    void numbersOutOfTheirRange() {
        assertEquals(
                "AdaptationLoop: steps is -1; use a number from 0",
                refusal(config -> config.steps(-1)));
        assertEquals(
                "AdaptationLoop: rate is 0.0; use a number above 0",
                refusal(config -> config.rate(0)));
        assertEquals(
                "TaskSource: batches is -1; use a number from 0",
                refusal(() -> new TaskSource(-1, RandomKey.of(0), _ -> batch())));
    }

    @Test
    void nothingToAdapt() {
        assertEquals(
                "AdaptationLoop: adapts none of the parameters [net.0.weight, net.0.bias, net.2.weight, net.2.bias]; name one at least",
                refusal(config -> config.only(path -> path.startsWith("head"))));
    }

    @Test
    void samplesWithoutAnAxisOfTasks() {
        assertEquals(
                "AdaptationLoop: 'net.0.weight' has shape [3, 1] and the samples [4, 1]; samples need an axis of tasks in front of those that the module takes",
                refusal(() -> new AdaptationLoop().run(new AdaptationRun(module(), batch()))));
    }

    private static Batch batch() {
        return Batch.of(Tensor.zeros(Shape.of(4, 1)), Tensor.zeros(Shape.of(4, 1)));
    }

    @Test
    void aModuleThatKnowsNoTasks() {
        var trainer = Trainer.of(config -> config.maxEpochs(1));
        trainer.slots().optimizer().replace(old -> new MetaLearningLoop(new AdaptationLoop()));
        trainer.slots().testEpoch().connect(new MetaEvaluationLoop(new AdaptationLoop()));

        assertEquals(
                "MetaLearningLoop: the module is a Tiny; give it a TaskModule, which knows the loss of a task",
                refusal(() -> trainer.fit(new Tiny(), new Tiny.Points())));
        assertEquals(
                "MetaEvaluationLoop: the module is a Tiny; give it a TaskModule, which knows the loss of a task",
                refusal(() -> {
                    var tiny = new Tiny();
                    tiny.initialize(RandomKey.of(1));
                    trainer.test(tiny, new Tiny.Points());
                }));
    }

    @Test
    void aPlaceThatAnEpochOfDrawnTasksDoesNotHave() {
        var source = TASKS.source("train");

        assertEquals(
                "TaskSource: epoch is 0 and position 4; use an epoch from 0 and a position from 0 to 3",
                refusal(() -> source.open(0, 4)));
        var cursor = source.open(0, 3);
        assertEquals(
                "TaskSource: the epoch has 3 batches, and all are drawn",
                assertThrows(NoSuchElementException.class, cursor::next).getMessage());
        cursor.close();
        assertEquals("TaskSource: the cursor is closed; open another", refusal(cursor::next));
    }

    @Test
    void aDrawnBatchIsReachedWithoutThoseBeforeIt() {
        var source = TASKS.source("train");
        try (var all = source.open(1, 0);
                var rest = source.open(1, 1)) {
            all.next();

            assertArrayEquals(
                    all.next().part(0).input().toDoubles(),
                    rest.next().part(0).input().toDoubles());
            assertEquals(2, rest.position());
        }
    }
}
