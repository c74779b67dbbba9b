package tensor.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HalfFormatTest {
    @Test
    void numbersOfFloat16AreJavas() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            assertEquals(Float.float16ToFloat((short) bits), HalfFormat.FLOAT16.value(bits));
        }
    }

    @Test
    void numbersOfBfloat16AreTheUpperHalvesOfFloats() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            assertEquals(Float.intBitsToFloat(bits << 16), HalfFormat.BFLOAT16.value(bits));
        }
    }

    @Test
    void floatsAreRoundedAsByJava() {
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 200_000; i++) {
            float value = Float.float16ToFloat((short) random.nextInt());
            float nearby =
                    Float.intBitsToFloat(Float.floatToRawIntBits(value) ^ random.nextInt(1 << 14));
            if (!Float.isNaN(nearby)) {
                int expected = Short.toUnsignedInt(Float.floatToFloat16(nearby));
                assertEquals(expected, HalfFormat.FLOAT16.bits((double) nearby));
            }
        }
    }

    @Test
    void greatWholeNumbersAreRoundedOnce() {
        assertEquals(
                HalfFormat.BFLOAT16.bits(0x1.02p62),
                HalfFormat.BFLOAT16.bits((1L << 62) + (1L << 54) + 1));
        assertEquals(
                HalfFormat.BFLOAT16.bits(0x1p62),
                HalfFormat.BFLOAT16.bits((1L << 62) + (1L << 54)));
        assertEquals(HalfFormat.BFLOAT16.bits(-0x1p63), HalfFormat.BFLOAT16.bits(Long.MIN_VALUE));
    }

    @Test
    void specialValuesHaveTheirBits() {
        assertEquals(0x7E00, HalfFormat.FLOAT16.bits(Double.NaN));
        assertEquals(0x7FC0, HalfFormat.BFLOAT16.bits(Double.NaN));
        assertEquals(0xFC00, HalfFormat.FLOAT16.bits(Double.NEGATIVE_INFINITY));
        assertEquals(0x8000, HalfFormat.BFLOAT16.bits(-0.0));
        assertEquals(0x7C00, HalfFormat.FLOAT16.bits(65520.0));
        assertEquals(0x7BFF, HalfFormat.FLOAT16.bits(Math.nextDown(65520.0)));
    }
}
