package loops.core.callback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import loops.core.Slope;
import loops.core.Trainer;
import loops.core.logger.MemoryLogger;
import loops.core.training.OptimizerPlan;
import loops.core.training.PlannedOptimizer;
import loops.core.training.TrainingScope;
import org.junit.jupiter.api.Test;
import tensor.api.Parameter;
import tensor.api.RandomKey;
import tensor.optim.Adagrad;
import tensor.optim.Adam;
import tensor.optim.Optimizer;
import tensor.optim.Scheduler;
import tensor.optim.Schedules;
import tensor.optim.Sgd;

class LearningRateMonitorTest {
    /// A line that is trained as it is told.
    private static final class Planned extends Slope {
        private final Function<List<Parameter>, OptimizerPlan> plan;

        Planned(Function<List<Parameter>, OptimizerPlan> plan) {
            this.plan = plan;
        }

        @Override
        public OptimizerPlan configureOptimizers() {
            return plan.apply(parameters());
        }
    }

    private static List<String> names(Function<List<Parameter>, OptimizerPlan> plan) {
        var scope = TrainingScope.of(new Planned(plan), RandomKey.of(1));
        return LearningRateMonitor.names(scope.optimizers());
    }

    private static PlannedOptimizer halving(Optimizer optimizer) {
        return PlannedOptimizer.of(optimizer)
                .schedule(Scheduler.of(optimizer, Schedules.step(1, 0.5)));
    }

    /// Halves its rate after each step.
    private static OptimizerPlan perStep(List<Parameter> parameters) {
        var sgd = Sgd.of(parameters, 0.5, config -> config.momentum(0.25));
        return OptimizerPlan.of(
                PlannedOptimizer.of(sgd)
                        .schedule(
                                Scheduler.of(sgd, Schedules.step(1, 0.5)),
                                planned -> planned.perStep()));
    }

    private static List<String> rows(
            LearningRateMonitor monitor, Function<List<Parameter>, OptimizerPlan> plan) {
        var memory = MemoryLogger.of();
        Trainer.of(config ->
                        config.maxEpochs(2)
                                .plan(given -> given.logEvery(2).sanityBatches(0))
                                .loggers(memory)
                                .callbacks(monitor))
                .fit(new Planned(plan), Slope.data(Slope.points(4, 1)));
        return memory.rows().stream()
                .filter(row -> row.metrics().keySet().stream().anyMatch(n -> n.startsWith("lr-")))
                .map(row -> {
                    var rates = new TreeMap<>(row.metrics());
                    rates.keySet().removeIf(name -> !name.startsWith("lr-"));
                    return row.step() + " " + rates;
                })
                .toList();
    }

    // ---- names

    @Test
    void oneOptimizerIsNamedByItsKind() {
        assertEquals(
                List.of("lr-SGD"), names(both -> OptimizerPlan.of(halving(Sgd.of(both, 0.1)))));
    }

    @Test
    void severalOptimizersOfAKindAreNumbered() {
        assertEquals(
                List.of("lr-Adam", "lr-Adam-1"),
                names(both ->
                        OptimizerPlan.of(
                                Adam.of(both.subList(0, 1), 0.1),
                                Adam.of(both.subList(1, 2), 0.1))));
    }

    @Test
    void groupsAreNumberedOrNamed() {
        assertEquals(
                List.of("lr-SGD/pg1", "lr-SGD/pg2"),
                names(both ->
                        OptimizerPlan.of(
                                Optimizer.of(
                                        Sgd.group(both.subList(0, 1), 0.1),
                                        Sgd.group(both.subList(1, 2), 0.1)))));
        assertEquals(
                List.of("lr-SGD/head", "lr-SGD/pg2"),
                names(both ->
                        OptimizerPlan.of(
                                Optimizer.of(
                                        Sgd.group(both.subList(0, 1), 0.1).named("head"),
                                        Sgd.group(both.subList(1, 2), 0.1)))));
        assertEquals(
                List.of("lr-SGD/all"),
                names(both -> OptimizerPlan.of(Optimizer.of(Sgd.group(both, 0.1).named("all")))));
    }

    @Test
    void theNameOfASchedulerStandsForTheRate() {
        assertEquals(
                List.of("warmth", "lr-SGD"),
                names(both -> {
                    var first = Sgd.of(both.subList(0, 1), 0.1);
                    return OptimizerPlan.of(
                            PlannedOptimizer.of(first)
                                    .schedule(
                                            Scheduler.of(first, Schedules.step(1, 0.5)),
                                            planned -> planned.named("warmth")),
                            halving(Sgd.of(both.subList(1, 2), 0.1)));
                }));
    }

    // ---- when it logs

    @Test
    void aRateThatIsScheduledByStepsIsLoggedWithThem() {
        assertEquals(
                List.of(
                        "1 {lr-SGD=0.25}",
                        "3 {lr-SGD=0.0625}",
                        "5 {lr-SGD=0.015625}",
                        "7 {lr-SGD=0.00390625}"),
                rows(LearningRateMonitor.of(), LearningRateMonitorTest::perStep));
    }

    @Test
    void aRateThatIsScheduledByEpochsIsLoggedWithThem() {
        assertEquals(
                List.of("3 {lr-SGD=0.5}", "7 {lr-SGD=0.25}"),
                rows(
                        LearningRateMonitor.of(),
                        both -> OptimizerPlan.of(halving(Sgd.of(both, 0.5)))));
        assertEquals(
                List.of("3 {lr-SGD=0.5}", "7 {lr-SGD=0.5}"),
                rows(LearningRateMonitor.of(), both -> OptimizerPlan.of(Sgd.of(both, 0.5))));
    }

    @Test
    void theIntervalMayBeChosen() {
        assertEquals(
                List.of("3 {lr-SGD=0.5}", "7 {lr-SGD=0.03125}"),
                rows(LearningRateMonitor.of().perEpoch(), LearningRateMonitorTest::perStep));
        assertEquals(
                4,
                rows(
                                LearningRateMonitor.of().perStep(),
                                both -> OptimizerPlan.of(Sgd.of(both, 0.5)))
                        .size());
    }

    @Test
    void momentaAreLoggedWhereThereAreAny() {
        var rows =
                rows(
                        LearningRateMonitor.of().perEpoch().withMomentum(),
                        LearningRateMonitorTest::perStep);

        assertEquals("3 {lr-SGD=0.5, lr-SGD-momentum=0.25}", rows.getFirst());
        assertTrue(
                rows(
                                LearningRateMonitor.of().withMomentum(),
                                both -> OptimizerPlan.of(Adagrad.of(both, 0.5)))
                        .stream()
                        .noneMatch(row -> row.contains("momentum")));
    }

    @Test
    void aFitThatIsResumedLogsTheSameRates() throws IOException {
        new CutFits(
                        () -> new Planned(LearningRateMonitorTest::perStep),
                        Slope.data(Slope.points(3, 1)),
                        () -> LearningRateMonitor.of().withMomentum(),
                        config -> {})
                .assertLaw(16);
    }
}
