package loops.core.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class AccumulationTest {
    private static List<Integer> factors(Accumulation accumulation) {
        return IntStream.range(0, 6).map(accumulation::factor).boxed().toList();
    }

    @Test
    void oneFactorHoldsInEveryEpoch() {
        assertEquals(List.of(4, 4, 4, 4, 4, 4), factors(Accumulation.of(4)));
        assertTrue(Accumulation.of(4).constant());
    }

    @Test
    void aFactorHoldsFromItsEpochOnUntilTheNext() {
        var schedule = Accumulation.schedule(Map.of(1, 2, 4, 8));

        assertEquals(List.of(1, 2, 2, 2, 8, 8), factors(schedule));
        assertFalse(schedule.constant());
        assertEquals(List.of(3, 3, 3, 3, 3, 3), factors(Accumulation.schedule(Map.of(0, 3))));
    }

    @Test
    void laterChangesOfTheMapChangeNothing() {
        var factors = new TreeMap<>(Map.of(0, 3));
        var schedule = new Accumulation(factors);

        factors.put(1, 5);

        assertEquals(3, schedule.factor(1));
    }

    @Test
    void numbersOutOfTheirRangeAreRefused() {
        assertRefused(
                "Accumulation: the factor from epoch 0 on is 0; use a number from 1",
                () -> Accumulation.of(0));
        assertRefused(
                "Accumulation: the factor from epoch 2 on is -3; use a number from 1",
                () -> Accumulation.schedule(Map.of(2, -3)));
        assertRefused(
                "Accumulation: epoch is -1; use a number from 0",
                () -> Accumulation.schedule(Map.of(-1, 2)));
    }

    private static void assertRefused(String message, Executable refused) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, refused).getMessage());
    }
}
