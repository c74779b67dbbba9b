package tensor.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class DTypeTest {
    @Test
    void dtypesAreWrittenInLowerCase() {
        assertEquals("float32", DType.FLOAT32.toString());
        assertEquals("bool", DType.BOOL.toString());
    }

    @Test
    void numbersBecomeBitsOfAnElement() {
        assertEquals(0x3F80_0000L, DType.FLOAT32.bits(1.0));
        assertEquals(0x8000_0000L, DType.FLOAT32.bits(-0.0));
        assertEquals(Double.doubleToRawLongBits(0.1), DType.FLOAT64.bits(0.1));
        assertEquals(-2, DType.INT64.bits(-2.9));
        assertEquals(Long.MAX_VALUE, DType.INT64.bits(1e300));
        assertEquals(0, DType.INT64.bits(Double.NaN));
        assertEquals(1, DType.BOOL.bits(-0.5));
        assertEquals(0, DType.BOOL.bits(-0.0));
    }

    @Test
    void wholeNumbersAreExactAsInt64() {
        assertEquals((1L << 53) + 1, DType.INT64.bits((1L << 53) + 1));
        assertEquals(DType.FLOAT32.bits(3.0), DType.FLOAT32.bits(3L));
    }
}
