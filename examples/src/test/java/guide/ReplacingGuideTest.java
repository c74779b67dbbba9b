package guide;

import static loops.core.training.HookPoint.TRAINING_STEP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import loops.api.Cell;
import loops.api.Loop;
import loops.core.Trainer;
import loops.core.TrainerSlots;
import loops.core.loop.EvaluationEpochLoop;
import loops.core.loop.EvaluationLoop;
import loops.core.loop.FitLoop;
import loops.core.loop.ManualOptimization;
import loops.core.loop.OptimizerLoop;
import loops.core.loop.PredictionEpochLoop;
import loops.core.loop.PredictionLoop;
import loops.core.loop.TrainingBatchLoop;
import loops.core.loop.TrainingEpochLoop;
import loops.core.training.Activity;
import loops.core.training.DataModule;
import loops.core.training.SplitResult;
import loops.core.training.SplitRun;
import loops.core.training.Step;
import loops.core.training.StepResult;
import loops.core.training.TrainingOptimizer;
import loops.recipes.KFoldLoop;
import org.junit.jupiter.api.Test;
import tensor.api.Tensor;
import tensor.data.Batch;

/// Other loops in the place of the built-in ones, as `loops.md` shows them.
class ReplacingGuideTest {
    private final DataModule data = Line.data();
    private final Trainer trainer = Trainer.of(config -> config.maxEpochs(2));

    // @start region=override
    /// Makes no step where the loss is no number.
    static final class CarefulOptimizerLoop extends OptimizerLoop {
        @Override
        protected boolean optimizerStep(
                TrainingOptimizer optimizer, SplitRun split, Supplier<OptionalDouble> closure) {
            return super.optimizerStep(optimizer, split, () -> finite(closure.get()));
        }

        private static OptionalDouble finite(OptionalDouble loss) {
            return loss.stream().filter(Double::isFinite).findFirst();
        }
    }

    // @end region=override

    @Test
    void anOverriddenLoopLeavesStepsOut() {
        var module =
                new Line() {
                    @Override
                    public Tensor trainingStep(Batch batch, Step step) {
                        Tensor loss = loss(batch);
                        return step.batchIndex() == 3 ? loss.mul(Double.NaN) : loss;
                    }
                };

        // @start region=put
        trainer.slots().optimizer().replace(old -> new CarefulOptimizerLoop());
        // @end region=put
        var result = trainer.fit(module, data);

        assertEquals(14, result.globalStep());
        assertTrue(Double.isFinite(module.slope()));
    }

    @Test
    void theTableNamesWhatCanBeOverridden() {
        var table = Snippets.table("loops.md", "| loop | input → output | beside the protocol |");

        assertEquals(rows(), table);
    }

    /// {@return the rows of that table, as the classes say it}
    private static List<String> rows() {
        return Stream.of(
                        new FitLoop(),
                        new TrainingEpochLoop(),
                        new TrainingBatchLoop(),
                        new OptimizerLoop(),
                        new ManualOptimization(),
                        new EvaluationLoop(),
                        new EvaluationEpochLoop(),
                        new PredictionLoop(),
                        new PredictionEpochLoop())
                .map(loop ->
                        "| `%s` | `%s` → `%s` | %s |"
                                .formatted(
                                        loop.getClass().getSimpleName(),
                                        loop.explain().input(),
                                        loop.explain().output(),
                                        own(loop.getClass())))
                .toList();
    }

    private static String own(Class<?> type) {
        var protocol =
                Arrays.stream(Loop.class.getDeclaredMethods())
                        .map(Method::getName)
                        .collect(Collectors.toSet());
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> Modifier.isProtected(method.getModifiers()))
                .map(Method::getName)
                .filter(name -> !protocol.contains(name))
                .sorted()
                .map(name -> "`" + name + "`")
                .collect(Collectors.joining(", "));
    }

    // @start region=scratch
    /// Forward, backward, step: a loop that trains by one optimizer, and calls no hooks.
    static final class PlainOptimizerLoop extends Loop<SplitRun, SplitResult> {
        private final Cell<Boolean> over = cell("over", false);
        private final Cell<Double> loss = cell("loss", 0.0);

        @Override
        protected void reset(SplitRun split) {
            over.set(false);
        }

        @Override
        protected boolean done(SplitRun split) {
            return over.get();
        }

        @Override
        protected void advance(SplitRun split) {
            var scope = split.fit().scope();
            var optimizer = scope.optimizers().getFirst();
            optimizer.zeroGrad();
            loss.set(forwardAndBackward(split));
            optimizer.step();
            over.set(true);
        }

        private static double forwardAndBackward(SplitRun split) {
            var scope = split.fit().scope();
            var place =
                    new Step.Place(
                            Activity.TRAINING,
                            split.whole().epoch().epoch(),
                            split.whole().index(),
                            0,
                            split.index(),
                            0,
                            scope.globalStep());
            var outside = scope.metrics().enter(TRAINING_STEP); // so that the step may log
            var step = Step.of(place, scope.metrics());
            Tensor loss = Objects.requireNonNull(scope.module().trainingStep(split.part(), step));
            scope.metrics().enter(outside);
            loss.backward();
            return loss.item();
        }

        @Override
        protected SplitResult onRunEnd(SplitRun split) {
            return new SplitResult(
                    List.of(
                            new StepResult(
                                    0, OptionalDouble.of(loss.get()), new LinkedHashMap<>())));
        }
    }

    // @end region=scratch

    @Test
    void aLoopFromScratchTrainsLikeTheBuiltInOne() {
        var module = new Line();
        var usual = new Line();
        trainer.fit(usual, data);

        trainer.slots().optimizer().connect(new PlainOptimizerLoop());
        trainer.fit(module, data);

        assertEquals(usual.slope(), module.slope());
    }

    /// An epoch loop with a name.
    static class MyEpochLoop extends TrainingEpochLoop {
        static MyEpochLoop from(TrainingEpochLoop old) {
            return new MyEpochLoop();
        }
    }

    @Test
    void replaceTakesOverAndConnectDoesNot() {
        trainer.fit(new Line(), data);
        var slot = trainer.slots().epoch();
        var batchLoop = trainer.slots().batch().get();

        // @start region=replace
        trainer.slots().epoch().replace(old -> new MyEpochLoop());
        trainer.slots().epoch().replace(TrainingEpochLoop.class, MyEpochLoop::from);
        // @end region=replace
        assertSame(batchLoop, trainer.slots().batch().get());
        assertEquals(16, slot.get(MyEpochLoop.class).batchProgress().total().completed());

        // @start region=connect
        trainer.slots().epoch().connect(new MyEpochLoop());
        // @end region=connect
        assertEquals(0, slot.get(MyEpochLoop.class).batchProgress().total().completed());
    }

    @Test
    void aLoopIsStitchedTogether() {
        trainer.fit(new Line(), data);
        var validation = trainer.slots().validation().get();

        // @start region=stitch
        var mine = new MyEpochLoop();
        var old = trainer.slots().epoch().get(TrainingEpochLoop.class);
        mine.validationLoop().connect(old.validationLoop().take()); // with its whole state
        trainer.slots().epoch().connect(mine);
        // @end region=stitch

        assertSame(validation, trainer.slots().validation().get());
        assertSame(mine, trainer.slots().epoch().get());
    }

    @Test
    void aLoopStandsAroundAnother() {
        var old = trainer.slots().fit().get();

        // @start region=around
        trainer.slots().fit().replace(fit -> new KFoldLoop(5, fit));
        // @end region=around

        assertSame(old, trainer.slots().fit().get(KFoldLoop.class).fitLoop().get());
        assertThrows(IllegalStateException.class, trainer.slots()::epoch);
    }

    @Test
    void everyPlaceIsNamed() {
        for (Method place : TrainerSlots.class.getMethods()) {
            if (place.getDeclaringClass() == TrainerSlots.class) {
                assertTrue(Snippets.text("loops.md").contains("`" + place.getName() + "`"));
            }
        }
    }
}
