package loops.core.defects;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import loops.api.Counts;
import loops.core.Resume;
import loops.core.Slope;
import loops.core.Trainer;
import loops.core.loop.ManualOptimization;
import loops.core.training.BatchResult;
import loops.core.training.Callback;
import loops.core.training.DataModule;
import loops.core.training.FitPlan;
import loops.core.training.OptimizerPlan;
import loops.core.training.PlannedOptimizer;
import loops.core.training.RunView;
import loops.core.training.SplitResult;
import loops.core.training.Step;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tensor.api.Parameter;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.optim.Optimizer;
import tensor.optim.Sgd;

/// What the original counts wrong, and what it reports in changing shapes.
class CounterDefectsTest {
    @TempDir private Path folder;

    // ---- F14

    /// F14: one number counts the steps of all optimizers in the original, limits and estimates mean something else with
    /// each further optimizer, and steps made by hand are not in it. Here epochs, batches, samples and the steps of each
    /// optimizer are counted apart, their sum is the global step, and the estimate agrees with it.
    @Test
    void f14EachCounterCountsOneThingAndTheEstimateAgrees() {
        var one = counted(Line::new, plan -> plan.maxEpochs(2).accumulate(2));
        var two = counted(Line::ofTwo, plan -> plan.maxEpochs(2).accumulate(2));
        assertEquals(new Counted(2, 10, 18, List.of(6L), 6, 6), one);
        assertEquals(new Counted(2, 10, 18, List.of(6L, 6L), 12, 12), two);
        assertEquals(
                new Counted(2, 10, 18, List.of(6L, 4L), 10, 10),
                counted(CounterDefectsTest::turns, plan -> plan.maxEpochs(2)));

        assertEquals(
                new Counted(2, 7, 13, List.of(7L), 7, 7),
                counted(Line::new, plan -> plan.maxSteps(7)));
        assertEquals(
                new Counted(1, 4, 8, List.of(4L, 4L), 8, 8),
                counted(Line::ofTwo, plan -> plan.maxSteps(7)));
        assertEquals(
                new Counted(2, 10, 18, List.of(10L, 10L), 20, 20),
                counted(Line::ofTwo, plan -> plan.maxEpochs(2).maxSteps(100)));
    }

    /// Two optimizers, which take turns of two batches.
    private static Line turns() {
        return new Line(parameters ->
                OptimizerPlan.of(
                        PlannedOptimizer.of(Sgd.of(parameters.subList(0, 1), 0.1)).frequency(2),
                        PlannedOptimizer.of(Sgd.of(parameters.subList(1, 2), 0.1)).frequency(2)));
    }

    private record Counted(
            long epochs,
            long batches,
            long samples,
            List<Long> steps,
            long globalStep,
            long estimated) {}

    /// {@return what a fit on five batches, of nine samples, comes to}
    private static Counted counted(
            java.util.function.Supplier<Line> module, Consumer<FitPlan.Config> plan) {
        var estimates = new ArrayList<OptionalLong>();
        var run =
                TracedFit.of(module, () -> DataModule.of(Slope.points(9, 2)), plan)
                        .callbacks(() ->
                                List.of(
                                        new Callback() {
                                            @Override
                                            public void onTrainStart(RunView view) {
                                                estimates.add(view.estimatedSteps());
                                            }
                                        }))
                        .ended();
        var scope = run.input().scope();
        return new Counted(
                scope.epochs(),
                scope.batches(),
                scope.samples(),
                scope.optimizers().stream().map(optimizer -> optimizer.steps()).toList(),
                scope.globalStep(),
                estimates.getFirst().orElseThrow());
    }

    /// F14: steps that a module makes by an optimizer of its own plan are counted, so limits hold, and a resumed run counts
    /// on.
    @Test
    void f14StepsMadeByTheOptimizerItselfCount() {
        var fit =
                TracedFit.of(
                        Raw::new,
                        () -> DataModule.of(Slope.points(4, 1)),
                        plan -> plan.maxEpochs(-1).maxSteps(6));

        fit.traceWhereverItIsCut();

        var scope = fit.ended().input().scope();
        assertEquals(6, scope.globalStep());
        assertEquals(6, scope.batches());
    }

    /// Steps without asking anyone.
    private static final class Raw extends Line {
        private final Optimizer optimizer = Sgd.of(parameters(), 0.1);

        @Override
        public boolean automaticOptimization() {
            return false;
        }

        @Override
        public Tensor trainingStep(Batch batch, Step step) {
            var loss = loss(batch);
            optimizer.zeroGrad();
            loss.backward();
            optimizer.step();
            return loss;
        }

        @Override
        public OptimizerPlan configureOptimizers() {
            return OptimizerPlan.of(optimizer);
        }
    }

    // ---- F16

    /// F16: what the original hands to the end hooks has another shape for one batch, one optimizer or one part, moves up
    /// where an optimizer has left out a step, and is kept for a whole epoch. Here it is always batches, their parts, their
    /// optimizers, each with its number; and it is kept if the module asks for it.
    @Test
    void f16ResultsHaveOneShapeAndAreKeptIfAskedFor() {
        for (int batches : List.of(1, 2)) {
            for (int parts : List.of(0, 1, 2)) {
                for (int optimizers : List.of(1, 2)) {
                    String steps = optimizers == 1 ? "[0]" : "[0, 1]";
                    var one = Collections.nCopies(Math.max(1, parts), steps);

                    assertEquals(
                            Collections.nCopies(batches, one).toString(),
                            shape(new Results(optimizers, parts, true, false), batches));
                }
            }
        }
        assertEquals("[[[-, 1]], [[-, 1]]]", shape(new Results(2, 0, true, true), 2));
        assertEquals("[]", shape(new Results(2, 0, false, false), 2));
    }

    private static String shape(Results module, int batches) {
        Trainer.of(config -> config.maxEpochs(1)).fit(module, Sequences.data(batches, 2));
        return module.shape.toString();
    }

    /// Takes down the shape of its results.
    private static final class Results extends Sequences {
        private final boolean keeps;
        private final boolean leavesOut;
        private List<List<List<String>>> shape = List.of();

        Results(int optimizers, int parts, boolean keeps, boolean leavesOut) {
            super(plan(optimizers), parts == 0 ? 0 : 2 / parts);
            this.keeps = keeps;
            this.leavesOut = leavesOut;
        }

        private static Function<List<Parameter>, OptimizerPlan> plan(int optimizers) {
            return optimizers == 2 ? TWO : all -> OptimizerPlan.of(Sgd.of(all, 0.1));
        }

        @Override
        public @Nullable Tensor trainingStep(Batch batch, Step step) {
            var loss = super.trainingStep(batch, step);
            return leavesOut && step.optimizerIndex() == 0 ? null : loss;
        }

        @Override
        public boolean keepsResults() {
            return keeps;
        }

        @Override
        public void trainingEpochEnd(RunView run, List<BatchResult> results) {
            shape =
                    results.stream()
                            .map(batch -> batch.splits().stream().map(Results::steps).toList())
                            .toList();
        }

        private static List<String> steps(SplitResult part) {
            return part.steps().stream()
                    .map(step -> step.hasLoss() ? "" + step.optimizer() : "-")
                    .toList();
        }
    }

    // ---- F22

    /// F22: the steps of manual optimization are never counted anew in the original, and totals count an attempt that was
    /// interrupted and its repetition. Here current counts are of the epoch, and totals those of an undisturbed run.
    @Test
    void f22CurrentCountsAreOfTheEpochAndTotalsCountNothingTwice() {
        var manual = new ArrayList<Counts>();
        var trainers = new ArrayList<Trainer>();
        var trainer =
                Trainer.of(config ->
                        config.maxEpochs(2)
                                .callbacks(
                                        new Callback() {
                                            @Override
                                            public void onTrainEpochEnd(RunView run) {
                                                manual.add(
                                                        trainers.getFirst()
                                                                .slots()
                                                                .manual()
                                                                .get(ManualOptimization.class)
                                                                .stepProgress()
                                                                .current());
                                            }
                                        }));
        trainers.add(trainer);
        trainer.fit(new ByHand(), DataModule.of(Slope.points(6, 2)));
        assertEquals(List.of(new Counts(3, 0, 0, 3), new Counts(3, 0, 0, 3)), manual);

        for (int failsAt = 0; failsAt < 12; failsAt++) {
            assertEquals(fitThatFails(-1), fitThatFails(failsAt), "failed at step " + failsAt);
        }
    }

    private static final class ByHand extends Line {
        @Override
        public boolean automaticOptimization() {
            return false;
        }

        @Override
        public Tensor trainingStep(Batch batch, Step step) {
            step.zeroGrad(0);
            step.backward(loss(batch));
            step.optimizerStep(0);
            return loss(batch);
        }
    }

    /// {@return the state of all loops after a fit whose step of that number fails, and that then goes on}
    private String fitThatFails(int failsAt) {
        var saved = folder.resolve("failed at " + failsAt);
        var data = DataModule.of(Slope.points(6, 2), Slope.points(2, 2));
        if (failsAt >= 0) {
            var trainer = Trainer.of(config -> config.maxEpochs(2).autoSave(saved));
            assertThrows(
                    IllegalStateException.class, () -> trainer.fit(new Failing(failsAt), data));
        }
        var again = Trainer.of(config -> config.maxEpochs(2));
        var result =
                again.fit(
                        new Failing(-1), data, failsAt >= 0 ? Resume.from(saved) : Resume.never());
        assertEquals(12, result.globalStep());
        assertTrue(again.slots().optimizer().get().values().toString().contains("completed=12"));
        return again.slots().fit().get().values().toString();
    }

    private static final class Failing extends Line {
        private int left;

        Failing(int failsAt) {
            super(TWO);
            left = failsAt;
        }

        @Override
        public Tensor trainingStep(Batch batch, Step step) {
            if (left-- == 0) {
                throw new IllegalStateException("a fault");
            }
            return loss(batch);
        }
    }
}
