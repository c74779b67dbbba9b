package loops.core.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// How many batches make one step, epoch by epoch.
class AccumulationTest {
    @Test
    void aFactorHoldsFromItsEpochOn() {
        var accumulation = Accumulation.schedule(Map.of(1, 2, 3, 4));

        assertEquals(
                List.of(1, 2, 2, 4, 4),
                IntStream.range(0, 5).mapToObj(accumulation::factor).toList());
        assertFalse(accumulation.constant());
        assertTrue(Accumulation.of(3).constant());
    }

    @Test
    void aFactorBelowOneIsRefused() {
        assertRefused(
                "Accumulation: the factor from epoch 1 on is 0; use a number from 1", Map.of(1, 0));
    }

    @Test
    void anEpochBelowZeroIsRefused() {
        assertRefused("Accumulation: epoch is -3; use a number from 0", Map.of(-3, 2));
    }

    private static void assertRefused(String message, Map<Integer, Integer> factors) {
        var thrown =
                assertThrows(
                        IllegalArgumentException.class, () -> Accumulation.schedule(factors));

        assertEquals(message, thrown.getMessage());
    }
}
