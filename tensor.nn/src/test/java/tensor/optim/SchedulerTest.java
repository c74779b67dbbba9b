package tensor.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import tensor.api.Tensor;

class SchedulerTest {
    private final Optimizer optimizer = Sgd.of(List.of(), 0.1);

    @Test
    void aSchedulerSetsTheRateOfStepZeroWhenItIsMade() {
        Scheduler scheduler = Scheduler.of(optimizer, Schedules.constant(0.5, 2));

        assertEquals(0.05, optimizer.learningRate());
        assertEquals(0, scheduler.steps());
    }

    @Test
    void aRateSetByHandIsNotForgotten() {
        Scheduler scheduler = Scheduler.of(optimizer, Schedules.step(2, 0.5));
        scheduler.step();
        optimizer.learningRate(8);

        scheduler.step();

        assertEquals(4, optimizer.learningRate());
    }

    @Test
    void aScheduleOfOnesOwnIsAFunction() {
        Scheduler scheduler =
                Scheduler.of(optimizer, (step, _, rate, base) -> step == 0 ? rate : rate + base);

        scheduler.step();
        scheduler.step();

        assertEquals(0.1 + 0.1 + 0.1, optimizer.learningRate());
    }

    @Test
    void aScheduleThatGivesNoRateChangesNothing() {
        Scheduler scheduler =
                Scheduler.of(optimizer, Schedules.lambda(step -> step == 0 ? 1 : Double.NaN));

        assertMessage(
                "Optimizer: learningRate is NaN; use a number from 0", () -> scheduler.step());
        assertEquals(0.1, optimizer.learningRate());
        assertEquals(0, scheduler.steps());
    }

    @Test
    void afterItsLastStepOneCycleStays() {
        Scheduler scheduler = Scheduler.of(optimizer, OneCycle.of(1, 10));
        for (int step = 0; step < 9; step++) {
            scheduler.step();
        }
        double last = optimizer.learningRate();

        scheduler.step();
        scheduler.step();

        assertEquals(1 / 25.0 / 1e4, last, 1e-18);
        assertEquals(last, optimizer.learningRate());
    }

    @Test
    void aLongCosineComesDownToItsMinimumExactly() {
        Scheduler scheduler = Scheduler.of(optimizer, Schedules.cosine(100_000, 0.001));
        for (int step = 0; step < 99_999; step++) {
            scheduler.step();
        }
        double sine = Math.sin(Math.PI / 200_000);
        double before = 0.001 + 0.099 * sine * sine;
        assertEquals(before, optimizer.learningRate(), 1e-15);

        scheduler.step();

        assertEquals(0.001, optimizer.learningRate());
    }

    @Test
    void eachKindHasItsOwnStep() {
        Scheduler follows = Scheduler.of(optimizer, Schedules.exponential(0.9));
        Scheduler looks = ReduceOnPlateau.of(optimizer);

        assertFalse(follows.monitorsMetric());
        assertTrue(looks.monitorsMetric());
        assertEquals(
                "Scheduler.step: this one monitors no metric, but was given 0.5; use step()",
                assertThrows(IllegalStateException.class, () -> follows.step(0.5)).getMessage());
        assertEquals(
                "Scheduler.step: this one monitors a metric; use step(metric)",
                assertThrows(IllegalStateException.class, looks::step).getMessage());
    }

    @Test
    void aStateThatDoesNotFitChangesNothingAndIsNamed() {
        Scheduler follows = Scheduler.of(optimizer, Schedules.exponential(0.9));
        follows.step();
        Scheduler looks = ReduceOnPlateau.of(optimizer);
        Map<String, Tensor> wide = new LinkedHashMap<>(follows.stateDict());
        wide.put("base_learning_rates", Tensor.of(1.0, 2.0));
        Map<String, Tensor> floating = new LinkedHashMap<>(follows.stateDict());
        floating.put("base_learning_rates", Tensor.of(7.0));
        floating.put("steps", Tensor.of(1f).reshape());
        Map<String, Tensor> negative = new LinkedHashMap<>(looks.stateDict());
        negative.put("bad_steps", Tensor.scalar(-1L));

        assertMessage(
                "loadStateDict: a scheduler of this kind needs [steps, base_learning_rates]; found"
                        + " [steps, best, bad_steps, cooldown_left]",
                () -> follows.loadStateDict(looks.stateDict()));
        assertMessage(
                "loadStateDict: 'base_learning_rates' has shape [2], but the optimizer has 1 groups",
                () -> follows.loadStateDict(wide));
        assertMessage(
                "loadStateDict: 'steps' is float32, but int64 is needed",
                () -> follows.loadStateDict(floating));
        assertMessage(
                "loadStateDict: 'bad_steps' is -1; it counts, from 0",
                () -> looks.loadStateDict(negative));
        assertEquals(1, follows.steps());
        assertEquals(0.1, follows.stateDict().lastEntry().getValue().toDoubles()[0]);
    }

    @Test
    void thePlateauKnowsTheBestMetric() {
        ReduceOnPlateau scheduler =
                ReduceOnPlateau.of(optimizer, config -> config.maximize().patience(0).factor(0.5));

        scheduler.step(0.25);
        scheduler.step(0.75);
        scheduler.step(0.5);

        assertEquals(0.75, scheduler.best());
        assertEquals(0.05, optimizer.learningRate());
    }

    @Test
    void aCycleOfMomentumEndsBelowWhereItBegan() {
        Optimizer adam = Adam.of(List.of(), 0.1);
        Scheduler scheduler =
                Scheduler.of(
                        adam,
                        Cyclic.of(
                                0, 1, config -> config.steps(2, 2).momentum(0.5, 0.75).halving()));
        double[] momenta = new double[7];
        for (int step = 0; step < 7; step++) {
            momenta[step] = adam.groups().getFirst().momentum().orElseThrow();
            scheduler.step();
        }

        assertArrayEquals(new double[] {0.75, 0.625, 0.5, 0.625, 0.75, 0.6875, 0.625}, momenta);
    }

    @Test
    void schedulesThatDoNotFitTheOptimizerAreErrors() {
        Optimizer plain = Optimizer.of(List.of(), 1, Transforms.identity());
        assertMessage(
                "OneCycle: Optimizer has no momentum to move; use fixedMomentum()",
                () -> Scheduler.of(plain, OneCycle.of(1, 10)));
        assertMessage(
                "Cyclic: Optimizer has no momentum to move; use fixedMomentum()",
                () -> Scheduler.of(plain, Schedules.chained(List.of(Cyclic.of(0, 1, _ -> {})))));
        assertMessage(
                "OneCycle: maximum has 2 values, but the optimizer has 1 groups; use one for all, or"
                        + " one a group",
                () -> Scheduler.of(optimizer, OneCycle.of(List.of(1.0, 2.0), 10, _ -> {})));
        assertMessage(
                "Cyclic: base has 0 values, but the optimizer has 1 groups; use one for all, or one a"
                        + " group",
                () -> Scheduler.of(optimizer, Cyclic.of(List.of(), List.of(1.0), _ -> {})));
        assertMessage(
                "Schedules.lambda: there are 2 functions, but the optimizer has 1 groups; give one a"
                        + " group",
                () ->
                        Scheduler.of(
                                optimizer,
                                Schedules.sequential(
                                        List.of(Schedules.lambda(List.of(_ -> 1, _ -> 1))))));
        assertMessage(
                "ReduceOnPlateau: minLearningRate has 3 values, but the optimizer has 1 groups; use one"
                        + " for all, or one a group",
                () -> ReduceOnPlateau.of(optimizer, config -> config.minLearningRate(0, 0, 0)));
        assertEquals(0.1, optimizer.learningRate());
    }

    @Test
    void settingsOutOfTheirRangeAreErrors() {
        assertMessage("Schedules.step: size is 0; use a number from 1", () -> Schedules.step(0, 1));
        assertMessage(
                "Schedules.exponential: factor is -1.0; use a number from 0",
                () -> Schedules.exponential(-1));
        assertMessage(
                "Schedules.constant: factor is 0.0; use a number above 0",
                () -> Schedules.constant(0, 3));
        assertMessage(
                "Schedules.sequential: 2 parts and 0 milestones; use one milestone less than parts",
                () ->
                        Schedules.sequential(
                                List.of(Schedules.exponential(1), Schedules.exponential(1))));
        assertMessage(
                "Schedules.sequential: milestone is 4; use a number from 5",
                () ->
                        Schedules.sequential(
                                List.of(
                                        Schedules.exponential(1),
                                        Schedules.exponential(1),
                                        Schedules.exponential(1)),
                                4,
                                4));
        assertMessage(
                "Schedules.chained: there is no part; give one",
                () -> Schedules.chained(List.of()));
        assertMessage(
                "ReduceOnPlateau: factor is 1.0; use a number from 0 to below 1",
                () -> ReduceOnPlateau.of(optimizer, config -> config.factor(1)));
        assertMessage("OneCycle: totalSteps is 0; use a number from 1", () -> OneCycle.of(1, 0));
    }

    private static void assertMessage(String expected, Executable faulty) {
        assertEquals(expected, assertThrows(IllegalArgumentException.class, faulty).getMessage());
    }
}
