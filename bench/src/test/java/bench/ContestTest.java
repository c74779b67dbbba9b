package bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ContestTest {
    private final Contest contest = new Contest(2, 1);

    @Test
    void bothSidesAreTimed() {
        var outcome = contest.run("one", 3, () -> 1, Optional.of(() -> 1.0005));

        assertTrue(outcome.ours() > 0);
        assertTrue(outcome.peer().orElseThrow() > 0);
        assertTrue(outcome.ratio().orElseThrow() > 0);
    }

    @Test
    void sidesThatDoNotAgreeAreNotCompared() {
        assertEquals(
                "two: after 3 runs ours gives 1.0, the peer 2.0; they do not do the same work",
                assertThrows(
                                IllegalStateException.class,
                                () -> contest.run("two", 3, () -> 1, Optional.of(() -> 2)))
                        .getMessage());
        assertThrows(
                IllegalStateException.class,
                () -> contest.run("none", 1, () -> Double.NaN, Optional.of(() -> Double.NaN)));
    }

    @Test
    void aLineTellsOursThePeerAndTheRatio() {
        assertEquals(
                "exp 16                           1.5000 ms     3.0000 ms   0.50",
                new Contest.Outcome("exp 16", 1.5, Optional.of(3.0), Optional.of(0.5)).line());
        assertEquals(
                "exp 16                           1.5000 ms",
                new Contest.Outcome("exp 16", 1.5, Optional.empty(), Optional.empty()).line());
    }

    @Test
    void theMedianIsInTheMiddle() {
        assertEquals(2, Contest.median(List.of(3.0, 1.0, 2.0)));
        assertEquals(1.5, Contest.median(List.of(2.0, 1.0)));
    }
}
