package tensor.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class ContractionTest {
    @Test
    void namesAreSortedByTheTensorsThatHaveThem() {
        var by = new Contraction(List.of(1, 2, 3, 4), List.of(4, 3, 5, 1), List.of(5, 1, 2));

        assertEquals(List.of(1), by.batch());
        assertEquals(List.of(2), by.rows());
        assertEquals(List.of(5), by.columns());
        assertEquals(List.of(3, 4), by.inner());
    }

    @Test
    void aNameThatStandsTwiceIsAnError() {
        assertMessage(
                "contract: [1, 1] has a name twice",
                () -> new Contraction(List.of(1, 1), List.of(1), List.of()));
    }

    @Test
    void aNameThatStandsAloneIsAnError() {
        assertMessage(
                "contract: 2 stands in [1, 2] alone, not in [1] or [1]; sum or repeat that axis before",
                () -> new Contraction(List.of(1, 2), List.of(1), List.of(1)));
        assertMessage(
                "contract: 3 stands in [1, 3] alone, not in [1] or [1]; sum or repeat that axis before",
                () -> new Contraction(List.of(1), List.of(1), List.of(1, 3)));
    }

    private static void assertMessage(String message, Runnable wrong) {
        var error = assertThrows(IllegalArgumentException.class, wrong::run);

        assertEquals(message, error.getMessage());
    }
}
