package loops.core.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import loops.core.Slope;
import loops.core.Trainer;
import loops.core.callback.LambdaCallback;
import org.junit.jupiter.api.Test;
import tensor.api.RandomKey;
import tensor.optim.Optimizer;
import tensor.optim.ReduceOnPlateau;
import tensor.optim.Scheduler;
import tensor.optim.Schedules;
import tensor.optim.Sgd;

/// What is planned for schedulers, and when they move.
class SchedulingTest {
    private final Optimizer optimizer = newOptimizer();

    private static Optimizer newOptimizer() {
        var line = new Slope();
        line.initialize(RandomKey.of(1));
        return Sgd.of(line.parameters(), 0.5);
    }

    private PlannedOptimizer planned() {
        return PlannedOptimizer.of(optimizer);
    }

    private static Scheduler halving(Optimizer changed) {
        return Scheduler.of(changed, Schedules.step(1, 0.5));
    }

    private TrainingScheduler scheduler(
            Scheduler scheduler, UnaryOperator<PlannedScheduler> choices) {
        return new TrainingOptimizer(planned().schedule(scheduler, choices), 0)
                .schedulers()
                .getFirst();
    }

    private static Metrics logged(double loss) {
        var metrics = new Metrics();
        metrics.enter(HookPoint.TRAINING_STEP);
        metrics.log("loss", loss);
        return metrics;
    }

    @Test
    void aSchedulerOfAnotherOptimizerIsRefused() {
        var refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> planned().schedule(halving(newOptimizer())));

        assertEquals(
                "PlannedOptimizer: a scheduler changes the learning rate of another SGD than the"
                        + " SGD that it is planned for; plan it for the one that it was made with",
                refused.getMessage());
    }

    @Test
    void oneThatLooksAtAMetricIsToldWhich() {
        var refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> scheduler(ReduceOnPlateau.of(optimizer), given -> given));

        assertEquals(
                "OptimizerPlan: ReduceOnPlateau looks at a metric and is not told which; say"
                        + " monitoring(\"val_loss\")",
                refused.getMessage());
    }

    @Test
    void itMovesOnceForTheSameCount() {
        var scheduler = scheduler(halving(optimizer), given -> given);

        assertTrue(scheduler.due(false, 1));
        assertFalse(scheduler.due(false, 1));
        assertFalse(scheduler.due(true, 5), "it moves by epochs");
        assertTrue(scheduler.due(false, 2));
    }

    /// Trains with one optimizer for five batches, then with another for ten; a rate of each is halved after each epoch.
    private static final class TakingTurns extends Slope {
        @Override
        public OptimizerPlan configureOptimizers() {
            return OptimizerPlan.of(turn(5), turn(10));
        }

        private PlannedOptimizer turn(int batches) {
            var sgd = Sgd.of(parameters(), 0.5);
            return PlannedOptimizer.of(sgd).frequency(batches).schedule(halving(sgd));
        }
    }

    @Test
    void schedulersOfEpochsMoveAfterEachWhicheverOptimizerHasItsTurn() {
        var rates = new ArrayList<List<Double>>();
        var watch =
                LambdaCallback.on(
                        HookPoint.TRAIN_EPOCH_START,
                        run ->
                                rates.add(
                                        run.optimizers().stream()
                                                .map(TrainingOptimizer::learningRate)
                                                .toList()));

        Trainer.of(config -> config.maxEpochs(3).callbacks(watch))
                .fit(new TakingTurns(), Slope.data(Slope.points(5, 1)));

        assertEquals(List.of(List.of(0.5, 0.5), List.of(0.25, 0.25), List.of(0.125, 0.125)), rates);
    }

    @Test
    void aFrequencyCountsOverAllSteps() {
        var scheduler = scheduler(halving(optimizer), given -> given.perStep().every(3));

        var due = new ArrayList<Long>();
        for (long step = 1; step <= 9; step++) {
            if (scheduler.due(true, step)) {
                due.add(step);
            }
        }

        assertEquals(List.of(3L, 6L, 9L), due);
    }

    @Test
    void itLooksAtTheLatestValueOfItsMetric() {
        var plateau = ReduceOnPlateau.of(optimizer);
        var scheduler = scheduler(plateau, given -> given.monitoring("loss"));

        assertTrue(scheduler.move(logged(0.25)));

        assertEquals(0.25, plateau.best());
    }

    @Test
    void aMissingMetricIsAnError() {
        var scheduler =
                scheduler(ReduceOnPlateau.of(optimizer), given -> given.monitoring("val_loss"));

        var refused = assertThrows(IllegalStateException.class, () -> scheduler.move(logged(0.25)));

        assertEquals(
                "ReduceOnPlateau: looks at 'val_loss', and only [loss] are logged; log it, or look"
                        + " at one of these",
                refused.getMessage());
    }

    @Test
    void aLenientOneIsPassedOverWhereItsMetricIsMissing() {
        var scheduler =
                scheduler(
                        ReduceOnPlateau.of(optimizer),
                        given -> given.monitoring("val_loss").lenient());

        assertFalse(scheduler.move(logged(0.25)));

        assertEquals(0, scheduler.scheduler().steps());
    }

    @Test
    void aFrequencyCountsFromOne() {
        var refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> planned().schedule(halving(optimizer), given -> given.every(0)));

        assertEquals("PlannedScheduler: frequency is 0; use a number from 1", refused.getMessage());
    }
}
