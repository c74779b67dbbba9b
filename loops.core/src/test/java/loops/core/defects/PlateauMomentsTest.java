package loops.core.defects;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import loops.core.Slope;
import loops.core.Trainer;
import loops.core.WarningsHeard;
import loops.core.training.Callback;
import loops.core.training.DataModule;
import loops.core.training.FitPlan;
import loops.core.training.Limit;
import loops.core.training.OptimizerPlan;
import loops.core.training.PlannedOptimizer;
import loops.core.training.PlannedScheduler;
import loops.core.training.RunView;
import org.junit.jupiter.api.Test;
import tensor.optim.ReduceOnPlateau;
import tensor.optim.Sgd;

/// A scheduler that looks at a metric, `P` in the traces, moves once for each time that it was measured. The original moves
/// it on the old value where an epoch, or a step, has measured none.
class PlateauMomentsTest {
    private static Line line(String metric, UnaryOperator<PlannedScheduler> choices) {
        return new Line(parameters -> {
            var optimizer = Sgd.of(parameters, 0.1);
            return OptimizerPlan.of(
                    PlannedOptimizer.of(optimizer)
                            .schedule(
                                    ReduceOnPlateau.of(optimizer, config -> config.patience(0)),
                                    planned ->
                                            choices.apply(planned.monitoring(metric).named("P"))));
        });
    }

    private static DataModule points(int batches) {
        return DataModule.of(Slope.points(2 * batches, 2), Slope.points(2, 2));
    }

    private static TracedFit fit(
            String metric,
            UnaryOperator<PlannedScheduler> choices,
            int batches,
            Consumer<FitPlan.Config> plan) {
        return TracedFit.of(() -> line(metric, choices), () -> points(batches), plan);
    }

    private static void everyOtherEpoch(FitPlan.Config plan) {
        plan.maxEpochs(5).validateEveryEpochs(2);
    }

    @Test
    void anEpochThatDoesNotValidateMovesNothing() {
        assertEquals(
                "T0 Z B S T0 Z B S V0 P T0 Z B S T0 Z B S V0 P T0 Z B S",
                fit("val_loss", planned -> planned, 1, PlateauMomentsTest::everyOtherEpoch)
                        .traceWhereverItIsCut());
    }

    @Test
    void aStepThatIsNotFollowedByAValidationMovesNothing() {
        assertEquals(
                "T0 Z B S T1 Z B S V0 P T2 Z B S T3 Z B S V0 P T4 Z B S",
                fit(
                                "val_loss",
                                PlannedScheduler::perStep,
                                5,
                                plan -> plan.maxEpochs(1).validateEvery(Limit.batches(2)))
                        .traceWhereverItIsCut());
    }

    @Test
    void aMetricOfTheTrainingIsMeasuredInEachStepAndEachEpoch() {
        assertEquals(
                "T0 Z B S P T1 Z B S P T0 Z B S P T1 Z B S V0 P",
                fit(
                                "loss",
                                PlannedScheduler::perStep,
                                2,
                                plan -> plan.maxEpochs(2).validateEveryEpochs(2))
                        .traceWhereverItIsCut());
        assertEquals(
                "T0 Z B S T1 Z B S P T0 Z B S T1 Z B S V0 P",
                fit("loss", planned -> planned, 2, plan -> plan.maxEpochs(2).validateEveryEpochs(2))
                        .traceWhereverItIsCut());
    }

    @Test
    void aFrequencyCountsTheMomentsAtWhichItWouldMove() {
        assertEquals(
                "T0 Z B S T0 Z B S V0 T0 Z B S P T0 Z B S V0 T0 Z B S",
                fit("val_loss", planned -> planned.every(3), 1, PlateauMomentsTest::everyOtherEpoch)
                        .traceWhereverItIsCut());
    }

    @Test
    void aMetricThatAValidationHasNotLoggedIsAnErrorOnlyThen() {
        var run = fit("val_los", planned -> planned, 1, PlateauMomentsTest::everyOtherEpoch).make();

        var refused = assertThrows(IllegalStateException.class, run::run);

        assertEquals(
                "ReduceOnPlateau: looks at 'val_los', and only [loss, val_loss] are logged; log it,"
                        + " or look at one of these",
                refused.getMessage());
        assertEquals("T0 Z B S T0 Z B S V0 P", run.trace().text());
    }

    @Test
    void whereNothingIsValidatedAMissingMetricIsAnErrorAtTheFirstMoment() {
        var withoutData =
                TracedFit.of(
                                () -> line("val_loss", planned -> planned),
                                () -> DataModule.of(Slope.points(2, 2)),
                                plan -> plan.maxEpochs(3))
                        .make();
        var withoutBatches =
                fit(
                                "val_loss",
                                PlannedScheduler::perStep,
                                2,
                                plan -> plan.maxEpochs(3).validationLimit(Limit.batches(0)))
                        .make();

        assertThrows(IllegalStateException.class, withoutData::run);
        assertThrows(IllegalStateException.class, withoutBatches::run);

        assertEquals("T0 Z B S P", withoutData.trace().text());
        assertEquals("T0 Z B S P", withoutBatches.trace().text());
    }

    @Test
    void aLenientOneIsWarnedOfOnlyOnceTheMetricWasDue() {
        try (var warnings = new WarningsHeard()) {
            fit(
                            "val_los",
                            PlannedScheduler::lenient,
                            1,
                            plan -> plan.maxEpochs(2).validateEveryEpochs(2))
                    .ended();

            assertEquals(1, warnings.lines().size(), () -> warnings.lines().toString());
        }
    }

    @Test
    void aSanityCheckMeasuresNothing() {
        var moves = new ArrayList<Long>();
        var watch =
                new Callback() {
                    @Override
                    public void onTrainEpochStart(RunView run) {
                        moves.add(
                                run.optimizers()
                                        .getFirst()
                                        .schedulers()
                                        .getFirst()
                                        .scheduler()
                                        .steps());
                    }
                };

        var _ =
                Trainer.of(config ->
                                config.maxEpochs(4)
                                        .callbacks(watch)
                                        .plan(plan -> plan.validateEveryEpochs(2)))
                        .fit(line("val_loss", planned -> planned), points(1));

        assertEquals(List.of(0L, 0L, 1L, 1L), moves);
    }
}
