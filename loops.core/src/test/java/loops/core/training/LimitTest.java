package loops.core.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class LimitTest {
    private static final OptionalInt TEN = OptionalInt.of(10);
    private static final OptionalInt UNKNOWN = OptionalInt.empty();

    @Test
    void allAreAsManyAsThereAre() {
        assertEquals(TEN, Limit.all().of(TEN));
        assertEquals(UNKNOWN, Limit.all().of(UNKNOWN));
    }

    @Test
    void aCountIsAtMostAsManyAsThereAre() {
        assertEquals(OptionalInt.of(1), Limit.batches(1).of(TEN));
        assertEquals(TEN, Limit.batches(11).of(TEN));
        assertEquals(OptionalInt.of(11), Limit.batches(11).of(UNKNOWN));
        assertEquals(OptionalInt.of(0), Limit.batches(0).of(TEN));
    }

    @Test
    void aPartIsRoundedDown() {
        assertEquals(OptionalInt.of(2), Limit.fraction(0.29).of(TEN));
        assertEquals(TEN, Limit.fraction(1).of(TEN));
        assertEquals(OptionalInt.of(0), Limit.fraction(0).of(TEN));
        assertEquals(UNKNOWN, Limit.fraction(1).of(UNKNOWN));
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertRefused(
                "Limit.batches: the number is -1; use a number from 0", () -> Limit.batches(-1));
        assertRefused(
                "Limit.fraction: part is 1.5; use a number from 0 to 1", () -> Limit.fraction(1.5));
        assertRefused(
                "Limit.fraction: part is NaN; use a number from 0 to 1",
                () -> Limit.fraction(Double.NaN));
        assertRefused(
                "Limit.fraction: 0.05 of 10 batches is none; use at least 0.1",
                () -> Limit.fraction(0.05).of(TEN));
        assertRefused(
                "Limit.fraction: 0.5 of a source that does not know its length; use a number of batches, or 1.0 for all",
                () -> Limit.fraction(0.5).of(UNKNOWN));
    }

    private static void assertRefused(String message, Runnable call) {
        var refused = assertThrows(IllegalArgumentException.class, call::run);
        assertEquals(message, refused.getMessage());
    }
}
