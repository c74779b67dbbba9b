package loops.core.defects;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import loops.core.Slope;
import loops.core.Trainer;
import loops.core.training.Callback;
import loops.core.training.Clip;
import loops.core.training.DataModule;
import loops.core.training.FitPlan;
import loops.core.training.Limit;
import loops.core.training.OptimizerPlan;
import loops.core.training.PlannedOptimizer;
import loops.core.training.RunView;
import loops.core.training.Step;
import loops.core.training.TrainingOptimizer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.optim.Optimizer;
import tensor.optim.Scheduler;
import tensor.optim.Schedules;
import tensor.optim.Sgd;

/// Optimizers that take turns, and batches that are accumulated. The original counts both by the batches of the epoch, so
/// that an optimizer whose turns never fall on the end of a window never steps. Here each counts turns of its own.
class TurnsAndWindowsTest {
    /// An optimizer for the slope and one for the height, each with a scheduler of its steps.
    private static Line line(int first, int second) {
        return new Line(parameters ->
                OptimizerPlan.of(
                        turns(Sgd.of(parameters.subList(0, 1), 0.1), first, "E0"),
                        turns(Sgd.of(parameters.subList(1, 2), 0.1), second, "E1")));
    }

    private static PlannedOptimizer turns(Optimizer optimizer, int batches, String name) {
        return PlannedOptimizer.of(optimizer)
                .frequency(batches)
                .schedule(
                        Scheduler.of(optimizer, Schedules.exponential(0.5)),
                        scheduler -> scheduler.perStep().named(name));
    }

    private static TracedFit fit(
            int first, int second, int batches, Consumer<FitPlan.Config> plan) {
        return TracedFit.of(
                () -> line(first, second),
                () -> DataModule.of(Slope.points(2 * batches, 2)),
                given -> plan.accept(given.maxEpochs(1).accumulate(2)));
    }

    @Test
    void eachOptimizerStepsAfterSoManyTurnsOfItsOwn() {
        assertEquals(
                "T0:0 Z0 B0 T1:1 Z1 B1 T2:0 B0 S0 E0 T3:1 B1 S1 E1"
                        + " T4:0 Z0 B0 T5:1 Z1 B1 T6:0 B0 S0 E0 T7:1 B1 S1 E1",
                fit(1, 1, 8, plan -> {}).traceWhereverItIsCut());
        assertEquals(
                "T0:0 Z0 B0 T1:0 B0 S0 E0 T2:0 Z0 B0 T3:1 Z1 B1"
                        + " T4:0 B0 S0 E0 T5:0 Z0 B0 T6:0 B0 S0 E0 T7:1 B1 S1 E1",
                fit(3, 1, 8, plan -> {}).traceWhereverItIsCut());
    }

    @Test
    void aWindowThatTheEpochLeavesOpenMakesNoStepBeyondTheLimit() {
        for (long limit = 1; limit < 5; limit++) {
            long most = limit;
            var module = line(1, 1);
            var result =
                    Trainer.of(config -> config.maxSteps(most).accumulate(4).maxEpochs(5))
                            .fit(module, DataModule.of(Slope.points(12, 2)));

            assertEquals(limit, result.globalStep());
        }
    }

    @Test
    void everyOpenWindowEndsWithTheEpochWhereverItIsCut() {
        assertEquals(
                "T0:0 Z0 B0 T1:0 B0 S0 E0 T2:1 Z1 B1 T3:0 Z0 B0 S0 S1 E0 E1"
                        + " T0:0 Z0 B0 T1:0 B0 S0 E0 T2:1 Z1 B1 T3:0 Z0 B0 S0 S1 E0 E1",
                fit(2, 1, 4, plan -> plan.maxEpochs(2)).traceWhereverItIsCut());
    }

    @Test
    void aWindowThatEndsWithTheEpochCountsForWhatItHolds() {
        var both = fit(1, 1, 2, plan -> {}).ended();

        var slope = fit(1, 1, 2, plan -> plan.trainLimit(Limit.batches(1))).ended();
        assertEquals("T0:0 Z0 B0 T1:1 Z1 B1 S1 S0 E0 E1", both.trace().text());
        assertEquals(values(slope).getFirst(), values(both).getFirst());
    }

    @Test
    void hooksAndClippingComeBeforeTheStepOfAWindowThatEndsWithTheEpoch() {
        var seen = new ArrayList<String>();
        var watch =
                new Callback() {
                    @Override
                    public void onBeforeOptimizerStep(RunView run, TrainingOptimizer optimizer) {
                        seen.add("step %d".formatted(optimizer.index()));
                    }

                    @Override
                    public void onTrainEnd(RunView run) {
                        run.optimizers().forEach(optimizer -> seen.add("" + optimizer.steps()));
                    }
                };
        var before = fit(1, 1, 2, plan -> plan.maxEpochs(0)).ended();

        var clipped =
                fit(1, 1, 2, plan -> plan.clip(Clip.value(0.01)))
                        .callbacks(() -> List.of(watch))
                        .ended();

        assertEquals(List.of("step 1", "step 0", "1", "1"), seen);
        assertEquals(values(before).get(0) + 0.001, values(clipped).get(0), 1e-6);
        assertEquals(values(before).get(1) + 0.001, values(clipped).get(1), 1e-6);
    }

    @Test
    void aWindowWithoutALossEndsWithoutAStep() {
        var fit =
                TracedFit.of(
                        () ->
                                new Line(parameters ->
                                        OptimizerPlan.of(
                                                PlannedOptimizer.of(
                                                                Sgd.of(
                                                                        parameters.subList(0, 1),
                                                                        0.1))
                                                        .frequency(1),
                                                PlannedOptimizer.of(
                                                                Sgd.of(
                                                                        parameters.subList(1, 2),
                                                                        0.1))
                                                        .frequency(1))) {
                                    @Override
                                    public @Nullable Tensor trainingStep(Batch batch, Step step) {
                                        return step.optimizerIndex() == 1 ? null : loss(batch);
                                    }
                                },
                        () -> DataModule.of(Slope.points(3, 1)),
                        plan -> plan.maxEpochs(1).accumulate(2));

        assertEquals("T0:0 Z0 B0 T1:1 Z1 T2:0 B0 S0", fit.traceWhereverItIsCut());
    }

    @Test
    void theStepsOfAFitAreEstimatedByTurns() {
        var estimates = new ArrayList<OptionalLong>();
        var watch =
                new Callback() {
                    @Override
                    public void onTrainStart(RunView run) {
                        estimates.add(run.estimatedSteps());
                    }
                };

        var ended = fit(3, 1, 7, plan -> plan.maxEpochs(2)).callbacks(() -> List.of(watch)).ended();

        assertEquals(List.of(OptionalLong.of(8)), estimates);
        assertEquals(8, ended.input().scope().globalStep());
    }

    private static List<Double> values(TracedFit.Run run) {
        return ((Line) run.input().scope().module()).values();
    }
}
