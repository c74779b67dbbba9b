package examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import picocli.CommandLine.TypeConversionException;

class ConvertersTest {
    static final class Folds extends WholeNumber {
        Folds() {
            super(2, 100);
        }
    }

    static final class Rate extends Decimal {
        Rate() {
            super("above 0", rate -> rate > 0);
        }
    }

    @Test
    void aWholeNumberWithinTheBoundsIsRead() {
        assertEquals(2, new Folds().convert("2"));
        assertEquals(100, new Folds().convert("100"));
    }

    @Test
    void whatIsNoWholeNumberWithinTheBoundsIsRefused() {
        assertFoldsRefused("1");
        assertFoldsRefused("101");
        assertFoldsRefused("-5");
        assertFoldsRefused("5.0");
        assertFoldsRefused("");
        assertFoldsRefused("99999999999999999999");
    }

    @Test
    void aDecimalThatMeetsTheConditionIsRead() {
        assertEquals(1e-3, new Rate().convert("1e-3"));
    }

    @Test
    void whatIsNoSuchDecimalIsRefused() {
        assertRateRefused("0");
        assertRateRefused("Infinity");
        assertRateRefused("NaN");
        assertRateRefused("fast");
    }

    private static void assertFoldsRefused(String text) {
        var refused = assertThrows(TypeConversionException.class, () -> new Folds().convert(text));
        assertEquals("use a whole number from 2 to 100", refused.getMessage());
    }

    private static void assertRateRefused(String text) {
        var refused = assertThrows(TypeConversionException.class, () -> new Rate().convert(text));
        assertEquals("use a number above 0", refused.getMessage());
    }
}
