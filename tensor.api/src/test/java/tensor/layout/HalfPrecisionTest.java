package tensor.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HalfPrecisionTest {
    @Test
    void everyElementComesBackFromItsNumber() {
        for (DType dtype : new DType[] {DType.FLOAT16, DType.BFLOAT16}) {
            for (int bits = 0; bits < 1 << 16; bits++) {
                double value = dtype.value(bits);

                long expected = Double.isNaN(value) ? dtype.bits(Double.NaN) : bits;

                assertEquals(expected, dtype.bits(value), dtype + " " + bits);
            }
        }
    }

    @Test
    void aNaNIsAlwaysTheSame() {
        double other = Double.longBitsToDouble(0xFFF0_0000_0000_0001L);

        assertEquals(0x7E00, DType.FLOAT16.bits(other));
        assertEquals(0x7FC0, DType.BFLOAT16.bits(other));
    }

    @Test
    void floatsBecomeWhatJavaMakesOfThem() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 1_000_000; i++) {
            float value = Float.intBitsToFloat(random.nextInt());
            if (!Float.isNaN(value)) {
                int expected = Short.toUnsignedInt(Float.floatToFloat16(value));
                assertEquals(expected, DType.FLOAT16.bits(value), Float.toHexString(value));
            }
        }
    }

    @Test
    void halfwayBetweenTwoNumbersTheEvenOneIsTakenAndElseTheNearer() {
        for (DType dtype : new DType[] {DType.FLOAT16, DType.BFLOAT16}) {
            long infinity = dtype.bits(Double.POSITIVE_INFINITY);
            for (long below = 0; below < infinity; below++) {
                double low = dtype.value(below);
                double high =
                        below + 1 < infinity
                                ? dtype.value(below + 1)
                                : 2 * dtype.value(below) - dtype.value(below - 1);
                double middle = (low + high) / 2;

                assertEquals(below + below % 2, dtype.bits(middle));
                assertEquals(below, dtype.bits(Math.nextDown(middle)));
                assertEquals(below + 1, dtype.bits(Math.nextUp(middle)));
                assertEquals(0x8000 + below + below % 2, dtype.bits(-middle));
            }
        }
    }

    @Test
    void whatIsBeyondTheGreatestIsInfinite() {
        assertEquals(0x7C00, DType.FLOAT16.bits(1e300));
        assertEquals(0xFF80, DType.BFLOAT16.bits(-1e300));
        assertEquals(0x8000, DType.BFLOAT16.bits(-Double.MIN_VALUE));
    }
}
