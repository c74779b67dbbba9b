package loops.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class SpreadTest {
    @Test
    void deviationDividesByOneLessThanTheNumberOfValues() {
        var spread = Spread.of(1, 2, 3, 4);

        assertEquals(2.5, spread.mean());
        assertEquals(Math.sqrt(5.0 / 3), spread.deviation(), 1e-15);
        assertEquals("2.5000 +- 1.2910", spread.toString());
    }

    @Test
    void oneValueHasNoSpread() {
        var error = assertThrows(IllegalArgumentException.class, () -> Spread.of(1));

        assertEquals("Spread: got 1 values; give at least 2", error.getMessage());
    }
}
