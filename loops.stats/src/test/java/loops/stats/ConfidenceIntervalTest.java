package loops.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ConfidenceIntervalTest {
    @Test
    void theSleepDataGiveTheIntervalOfTheTables() {
        var interval = ConfidenceInterval.of(0.95, SleepData.first());

        // t.test(sleep$extra[1:10]) in R: -0.5297804 2.0297804
        assertEquals(0.75, interval.mean(), 1e-12);
        assertEquals(-0.5297804, interval.low(), 5e-8);
        assertEquals(2.0297804, interval.high(), 5e-8);
    }

    @Test
    void twoValuesUseTheCauchyQuantile() {
        var interval = ConfidenceInterval.of(0.5, 1, 3);

        // One degree of freedom: the quantile 0.75 is tan(π/4) = 1, the standard error 1.
        assertEquals(2, interval.mean(), 0);
        assertEquals(1, interval.halfWidth(), 1e-9);
    }

    @Test
    void equalValuesHaveNoWidth() {
        var interval = ConfidenceInterval.of(0.95, 0.1, 0.1, 0.1);

        assertEquals(new ConfidenceInterval(0.1, 0, 0.95), interval);
    }

    @Test
    void printsMeanAndHalfWidthInAnyLocale() {
        var interval = new ConfidenceInterval(0.97123, 0.00426, 0.95);

        assertEquals("0.9712 +- 0.0043", interval.toString());
    }

    @Test
    void refusesFewerThanTwoValues() {
        assertMessage(
                "ConfidenceInterval: there are 1 values; a spread needs at least 2",
                () -> ConfidenceInterval.of(0.95, 1));
        assertMessage(
                "ConfidenceInterval: there are 0 values; a spread needs at least 2",
                () -> ConfidenceInterval.of(0.95));
    }

    @Test
    void refusesValuesThatAreNotFinite() {
        assertMessage(
                "ConfidenceInterval: value 1 is NaN; leave out the runs that failed",
                () -> ConfidenceInterval.of(0.95, 1, Double.NaN));
    }

    @Test
    void refusesAConfidenceThatIsNoShare() {
        assertMessage(
                "ConfidenceInterval: confidence is 95.0; use a number between 0 and 1, as 0.95",
                () -> ConfidenceInterval.of(95, 1, 2));
        assertMessage(
                "ConfidenceInterval: confidence is NaN; use a number between 0 and 1, as 0.95",
                () -> new ConfidenceInterval(0, 0, Double.NaN));
    }

    @Test
    void refusesPartsThatMakeNoInterval() {
        assertMessage(
                "ConfidenceInterval: mean is Infinity; use a finite number",
                () -> new ConfidenceInterval(Double.POSITIVE_INFINITY, 1, 0.5));
        assertMessage(
                "ConfidenceInterval: halfWidth is -1.0; use a finite number from 0",
                () -> new ConfidenceInterval(0, -1, 0.5));
    }

    private static void assertMessage(String message, Runnable body) {
        var thrown = assertThrows(IllegalArgumentException.class, body::run);
        assertEquals(message, thrown.getMessage());
    }
}
