package loops.core.defects;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import loops.core.Slope;
import loops.core.training.DataModule;
import loops.core.training.EpochRun;
import loops.core.training.OptimizerPlan;
import loops.core.training.PlannedOptimizer;
import org.junit.jupiter.api.Test;
import tensor.optim.Scheduler;
import tensor.optim.Schedules;
import tensor.optim.Sgd;

/// What the original does wrong when schedulers move.
class SchedulerDefectsTest {
    /// Two batches and a validation an epoch.
    private static final TracedFit FIT =
            TracedFit.of(
                    Line::scheduled,
                    () -> DataModule.of(Slope.points(4, 2), Slope.points(2, 2)),
                    plan -> plan.maxEpochs(2).maxSteps(100));

    /// F5: on a resume the original moves epoch schedulers a second time, and those that look at a metric not at all.
    /// Here each moves once an epoch, wherever the run was cut, with a limit of steps too.
    @Test
    void f05SchedulersMoveOnceAtEachEpochWhereverTheRunWasCut() {
        assertEquals(
                "T0 Z B S T1 Z B S E V0 P T0 Z B S T1 Z B S E V0 P", FIT.traceWhereverItIsCut());
    }

    @Test
    void f05ASchedulerMovedAgainOnResumeIsFound() {
        assertThrows(
                AssertionError.class,
                () -> FIT.tree(SchedulerDefectsTest::movingOnResume).traceWhereverItIsCut());
    }

    private static loops.core.loop.FitLoop movingOnResume(Trace trace) {
        return trace.tree(
                trace.new Fits(),
                trace.new Epochs() {
                    @Override
                    protected void onResume(EpochRun epoch) {
                        var moved = epoch.fit().scope().optimizers().getFirst().schedulers();
                        schedulerStep(moved.getFirst(), epoch);
                    }
                },
                trace.new Optimizers());
    }

    /// F7: the original picks the optimizer of a batch by its number in the epoch and the scheduler by its number in the
    /// run, so from the second epoch on another optimizer's scheduler moves. Here a scheduler moves after the steps of its
    /// own optimizer.
    @Test
    void f07ASchedulerFollowsTheStepsOfItsOwnOptimizerInEveryEpoch() {
        var fit =
                TracedFit.of(
                        () ->
                                new Line(parameters -> {
                                    var first = Sgd.of(parameters.subList(0, 1), 0.1);
                                    var second = Sgd.of(parameters.subList(1, 2), 0.1);
                                    return OptimizerPlan.of(
                                            perStep(
                                                    PlannedOptimizer.of(first).frequency(2),
                                                    "E0",
                                                    1),
                                            perStep(
                                                    PlannedOptimizer.of(second).frequency(1),
                                                    "E1",
                                                    1));
                                }),
                        () -> DataModule.of(Slope.points(4, 1)),
                        plan -> plan.maxEpochs(3));

        String epoch = "T0:0 Z0 B0 S0 E0 T1:0 Z0 B0 S0 E0 T2:1 Z1 B1 S1 E1 T3:0 Z0 B0 S0 E0";
        assertEquals(String.join(" ", epoch, epoch, epoch), fit.traceWhereverItIsCut());
        var optimizers = fit.ended().input().scope().optimizers();
        assertEquals(List.of(9L, 3L), optimizers.stream().map(one -> one.steps()).toList());
        assertEquals(
                List.of(9L, 3L),
                optimizers.stream()
                        .map(one -> one.schedulers().getFirst().scheduler().steps())
                        .toList());
    }

    /// F29: the original counts the steps of a scheduler's frequency anew in each epoch, so one that is longer than an
    /// epoch never moves. Here they are counted over the whole run.
    @Test
    void f29TheFrequencyOfASchedulerCountsStepsOverAllEpochs() {
        var fit =
                TracedFit.of(
                        () ->
                                new Line(parameters ->
                                        OptimizerPlan.of(
                                                perStep(
                                                        PlannedOptimizer.of(
                                                                Sgd.of(parameters, 0.1)),
                                                        "E",
                                                        3))),
                        () -> DataModule.of(Slope.points(4, 2)),
                        plan -> plan.maxEpochs(4));

        assertEquals(
                "T0 Z B S T1 Z B S T0 Z B S E T1 Z B S T0 Z B S T1 Z B S E T0 Z B S T1 Z B S",
                fit.traceWhereverItIsCut());
    }

    private static PlannedOptimizer perStep(PlannedOptimizer planned, String name, int every) {
        return planned.schedule(
                Scheduler.of(planned.optimizer(), Schedules.exponential(0.9)),
                scheduler -> scheduler.perStep().every(every).named(name));
    }
}
