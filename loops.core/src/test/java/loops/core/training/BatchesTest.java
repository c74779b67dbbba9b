package loops.core.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class BatchesTest {
    private static final OptionalInt TEN = OptionalInt.of(10);
    private static final OptionalInt UNKNOWN = OptionalInt.empty();

    @Test
    void allAreAsManyAsThereAre() {
        assertEquals(TEN, Batches.all().of(TEN));
        assertEquals(UNKNOWN, Batches.all().of(UNKNOWN));
    }

    @Test
    void aCountIsAtMostAsManyAsThereAre() {
        assertEquals(OptionalInt.of(1), Batches.count(1).of(TEN));
        assertEquals(TEN, Batches.count(11).of(TEN));
        assertEquals(OptionalInt.of(11), Batches.count(11).of(UNKNOWN));
        assertEquals(OptionalInt.of(0), Batches.count(0).of(TEN));
    }

    @Test
    void aPartIsRoundedDown() {
        assertEquals(OptionalInt.of(2), Batches.fraction(0.29).of(TEN));
        assertEquals(TEN, Batches.fraction(1).of(TEN));
        assertEquals(OptionalInt.of(0), Batches.fraction(0).of(TEN));
        assertEquals(UNKNOWN, Batches.fraction(1).of(UNKNOWN));
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertRefused("Batches.count: batches is -1; use a number from 0", () -> Batches.count(-1));
        assertRefused(
                "Batches.fraction: part is 1.5; use a number from 0 to 1",
                () -> Batches.fraction(1.5));
        assertRefused(
                "Batches.fraction: part is NaN; use a number from 0 to 1",
                () -> Batches.fraction(Double.NaN));
        assertRefused(
                "Batches.fraction: 0.05 of 10 batches is none; use at least 0.1",
                () -> Batches.fraction(0.05).of(TEN));
        assertRefused(
                "Batches.fraction: 0.5 of a source that does not know its length; use a count",
                () -> Batches.fraction(0.5).of(UNKNOWN));
    }

    private static void assertRefused(String message, Runnable call) {
        var refused = assertThrows(IllegalArgumentException.class, call::run);
        assertEquals(message, refused.getMessage());
    }
}
