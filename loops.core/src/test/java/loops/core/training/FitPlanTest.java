package loops.core.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import loops.core.training.FitPlan.Config;
import org.junit.jupiter.api.Test;

class FitPlanTest {
    @Test
    void withoutChoicesItIsAThousandEpochsWithAValidationEach() {
        assertEquals(
                new FitPlan(
                        0,
                        1000,
                        0,
                        -1,
                        Accumulation.of(1),
                        Optional.empty(),
                        Limit.all(),
                        Limit.all(),
                        Limit.all(),
                        false,
                        1,
                        Limit.batches(2),
                        0,
                        false,
                        false,
                        50),
                FitPlan.of(config -> {}));
    }

    @Test
    void limitsAreReachedUnlessThereAreNone() {
        var limited = FitPlan.of(config -> config.maxEpochs(2).maxSteps(5));
        assertFalse(limited.epochsReached(1));
        assertTrue(limited.epochsReached(2));
        assertFalse(limited.stepsReached(4));
        assertTrue(limited.stepsReached(5));

        var unlimited = FitPlan.of(config -> config.maxEpochs(-1));
        assertFalse(unlimited.epochsReached(Long.MAX_VALUE));
        assertFalse(unlimited.stepsReached(Long.MAX_VALUE));
    }

    @Test
    void aStopIsHonouredFromBothMinimaOn() {
        var plan = FitPlan.of(config -> config.minEpochs(2).minSteps(5));

        assertFalse(plan.mayStop(1, 5));
        assertFalse(plan.mayStop(2, 4));
        assertTrue(plan.mayStop(2, 5));
    }

    @Test
    void numbersOutOfTheirRangeAreRefused() {
        assertRefused("minEpochs is -1; use a number from 0", config -> config.minEpochs(-1));
        assertRefused(
                "maxEpochs is -2; use -1 for no limit or a number from 0",
                config -> config.maxEpochs(-2));
        assertRefused("minSteps is -1; use a number from 0", config -> config.minSteps(-1));
        assertRefused(
                "maxSteps is -2; use -1 for no limit or a number from 0",
                config -> config.maxSteps(-2));
        assertRefused(
                "validateEveryEpochs is 0; use a number from 1",
                config -> config.validateEveryEpochs(0));
        assertRefused("reloadEvery is -1; use a number from 0", config -> config.reloadEvery(-1));
        assertRefused("logEvery is 0; use a number from 1", config -> config.logEvery(0));
        assertRefused(
                "validateEvery is All[] with acrossEpochs(), and epochs have no common length; use Limit.batches(n)",
                Config::acrossEpochs);
        assertRefused(
                "validateEvery is 0; use a number from 1",
                config -> config.validateEvery(Limit.batches(0)));
    }

    @Test
    void whatIsNotSaidFollowsFromWhatIs() {
        assertEquals(-1, FitPlan.of(config -> config.maxSteps(5)).maxEpochs());
        assertEquals(3, FitPlan.of(config -> config.maxSteps(5).maxEpochs(3)).maxEpochs());
        assertEquals(1, FitPlan.of(config -> config.minSteps(5)).minEpochs());
        assertEquals(0, FitPlan.of(config -> config.minSteps(5).minEpochs(0)).minEpochs());
    }

    @Test
    void theValidationsOfAnEpochAreCounted() {
        var end = FitPlan.of(config -> {});
        var third = FitPlan.of(config -> config.validateEvery(Limit.fraction(0.34)));
        var seldom = FitPlan.of(config -> config.validateEveryEpochs(2));
        var never = FitPlan.of(config -> config.validationLimit(Limit.batches(0)));
        var every3 = FitPlan.of(config -> config.validateEvery(Limit.batches(3)));
        var across = FitPlan.of(config -> config.validateEvery(Limit.batches(3)).acrossEpochs());
        var seven = OptionalInt.of(7);

        assertEquals(0, end.validations(0, 0, 6, seven));
        assertEquals(1, end.validations(0, 0, 7, seven));
        assertEquals(0, end.validations(0, 0, 7, OptionalInt.empty()));
        assertEquals(3, third.validations(0, 0, 7, seven));
        assertEquals(0, seldom.validations(0, 0, 7, seven));
        assertEquals(1, seldom.validations(1, 7, 7, seven));
        assertEquals(0, never.validations(0, 0, 7, seven));
        assertEquals(2, every3.validations(1, 7, 7, seven));
        assertEquals(1, every3.validations(1, 7, 3, seven));
        assertEquals(2, across.validations(1, 7, 7, seven));
        assertEquals(1, across.validations(1, 7, 2, seven));
    }

    @Test
    void partsOfAnUnknownNumberOfBatchesAreNotCounted() {
        var half = FitPlan.of(config -> config.validateEvery(Limit.fraction(0.5)));

        var refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> half.validations(0, 0, 1, OptionalInt.empty()));

        assertEquals(
                "Limit.fraction: 0.5 of a source that does not know its length; use a number of batches, or 1.0 for all",
                refused.getMessage());
    }

    private static void assertRefused(String message, Consumer<Config> choices) {
        var refused = assertThrows(IllegalArgumentException.class, () -> FitPlan.of(choices));
        assertEquals("FitPlan: " + message, refused.getMessage());
    }
}
