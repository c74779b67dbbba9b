package tensor.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DTypeTest {
    @Test
    void dtypesAreWrittenInLowerCase() {
        assertEquals(
                "[float32, float64, float16, bfloat16, int64, int32, uint8, bool]",
                Arrays.toString(DType.values()));
    }

    @Test
    void eachDtypeIsComputedWithAsOneKindOfNumberOrStored() {
        assertEquals(
                List.of(DType.FLOAT32, DType.FLOAT64),
                Arrays.stream(DType.values()).filter(DType::isFloating).toList());
        assertEquals(
                List.of(DType.INT64, DType.INT32, DType.UINT8),
                Arrays.stream(DType.values()).filter(DType::isInteger).toList());
        assertEquals(
                List.of(DType.FLOAT16, DType.BFLOAT16),
                Arrays.stream(DType.values()).filter(DType::isStorageOnly).toList());
    }

    @Test
    void numbersBecomeBitsOfAnElement() {
        assertEquals(0x3F80_0000L, DType.FLOAT32.bits(1.0));
        assertEquals(0x8000_0000L, DType.FLOAT32.bits(-0.0));
        assertEquals(Double.doubleToRawLongBits(0.1), DType.FLOAT64.bits(0.1));
        assertEquals(0xC000, DType.FLOAT16.bits(-2.0));
        assertEquals(0xC000, DType.BFLOAT16.bits(-2.0));
        assertEquals(-2, DType.INT64.bits(-2.9));
        assertEquals(Long.MAX_VALUE, DType.INT64.bits(1e300));
        assertEquals(0, DType.INT64.bits(Double.NaN));
        assertEquals(0xFFFF_FFFEL, DType.INT32.bits(-2.9));
        assertEquals(Integer.MAX_VALUE, DType.INT32.bits(1e300));
        assertEquals(254, DType.UINT8.bits(254.9));
        assertEquals(255, DType.UINT8.bits(300.0));
        assertEquals(0, DType.UINT8.bits(-1.0));
        assertEquals(0, DType.UINT8.bits(Double.NaN));
        assertEquals(1, DType.BOOL.bits(-0.5));
        assertEquals(0, DType.BOOL.bits(-0.0));
    }

    @Test
    void wholeNumbersKeepTheirLowBitsAsIntegersAndAreRoundedOnceOtherwise() {
        assertEquals((1L << 53) + 1, DType.INT64.bits((1L << 53) + 1));
        assertEquals(0xFFFF_FFFFL, DType.INT32.bits(-1L));
        assertEquals(1, DType.INT32.bits((1L << 32) + 1));
        assertEquals(44, DType.UINT8.bits(300L));
        assertEquals(DType.FLOAT32.bits(3.0), DType.FLOAT32.bits(3L));
        assertEquals(
                DType.FLOAT32.bits(0x1.000002p60), DType.FLOAT32.bits((1L << 60) + (1L << 36) + 1));
        assertEquals(
                DType.BFLOAT16.bits(0x1.02p62), DType.BFLOAT16.bits((1L << 62) + (1L << 54) + 1));
        assertEquals(DType.BFLOAT16.bits(0x1p62), DType.BFLOAT16.bits((1L << 62) + (1L << 54)));
        assertEquals(
                DType.BFLOAT16.bits(-0x1.02p62), DType.BFLOAT16.bits(-(1L << 62) - (1L << 54) - 1));
        assertEquals(DType.FLOAT16.bits(2048.0), DType.FLOAT16.bits(2049L));
    }

    @Test
    void bitsBecomeTheNumberAgain() {
        for (DType dtype : DType.values()) {
            assertEquals(1, dtype.value(dtype.bits(1.0)), dtype.toString());
            assertEquals(0, dtype.value(0), dtype.toString());
        }
        assertEquals(-7, DType.INT32.value(DType.INT32.bits(-7.0)));
        assertEquals(-7, DType.INT32.value(-7));
        assertEquals(200, DType.UINT8.value((byte) 200));
        assertEquals(-65504, DType.FLOAT16.value(0xFBFF));
        assertEquals(-1, DType.BFLOAT16.value((short) 0xBF80));
        assertTrue(Double.isNaN(DType.BFLOAT16.value(0x7FC0)));
    }
}
