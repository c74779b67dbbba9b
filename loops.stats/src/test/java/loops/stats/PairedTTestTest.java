package loops.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PairedTTestTest {
    @Test
    void theSleepDataGiveTheNumbersOfTheTables() {
        var test = PairedTTest.of(SleepData.first(), SleepData.second());

        // t.test(..., paired = TRUE) in R: t = -4.0621, df = 9, p-value = 0.002833
        assertEquals(-1.58, test.meanDifference(), 1e-12);
        assertEquals(-4.0621, test.t(), 5e-5);
        assertEquals(9, test.degreesOfFreedom());
        assertEquals(0.002833, test.pValue(), 5e-7);
    }

    @Test
    void exchangingTheSamplesTurnsTheSignOnly() {
        var test = PairedTTest.of(SleepData.first(), SleepData.second());
        var exchanged = PairedTTest.of(SleepData.second(), SleepData.first());

        assertEquals(-test.t(), exchanged.t(), 1e-12);
        assertEquals(test.pValue(), exchanged.pValue(), 1e-12);
    }

    @Test
    void significanceIsAPValueBelowTheLevel() {
        var test = PairedTTest.of(SleepData.first(), SleepData.second());

        assertTrue(test.significantAt(0.01));
        assertFalse(test.significantAt(0.001));
    }

    @Test
    void refusesALevelThatIsNoShare() {
        var test = PairedTTest.of(SleepData.first(), SleepData.second());

        assertMessage(
                "PairedTTest: level is 5.0; use a number between 0 and 1, as 0.05",
                () -> test.significantAt(5));
    }

    @Test
    void refusesSamplesOfDifferentLength() {
        assertMessage(
                "PairedTTest: the first sample has 2 values and the second 3; pair them",
                () -> PairedTTest.of(new double[] {1, 2}, new double[] {1, 2, 3}));
    }

    @Test
    void refusesFewerThanTwoPairs() {
        assertMessage(
                "PairedTTest: there are 1 values; a spread needs at least 2",
                () -> PairedTTest.of(new double[] {1}, new double[] {2}));
    }

    @Test
    void refusesDifferencesThatAreNotFinite() {
        assertMessage(
                "PairedTTest: value 1 is NaN; leave out the runs that failed",
                () -> PairedTTest.of(new double[] {1, Double.NaN}, new double[] {2, 3}));
    }

    @Test
    void refusesDifferencesWithoutSpread() {
        assertMessage(
                "PairedTTest: all 3 differences are 0.0, but for rounding; a test needs differences that vary",
                () -> PairedTTest.of(new double[] {1, 2, 3}, new double[] {1, 2, 3}));
        assertMessage(
                "PairedTTest: all 2 differences are -0.1, but for rounding; a test needs differences that vary",
                () -> PairedTTest.of(new double[] {0.1, 0.2}, new double[] {0.2, 0.3}));
    }

    private static void assertMessage(String message, Runnable body) {
        var thrown = assertThrows(IllegalArgumentException.class, body::run);
        assertEquals(message, thrown.getMessage());
    }
}
