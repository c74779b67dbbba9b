package tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tensor.api.RandomKey;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.spi.Operand;

class PhiloxTest {
    private static final CpuBackend BACKEND = new CpuBackend(2, false);

    /// The known answers of Random123's own tests (`kat_vectors`).
    @ParameterizedTest
    @CsvSource({
        "0000000000000000, 0000000000000000, 0000000000000000, 6627e8d5 e169c58d bc57ac4c 9b00dbd8",
        "ffffffffffffffff, ffffffffffffffff, ffffffffffffffff, 408f276d 41c83b0e a20bc7c6 6d5451fd",
        "299f31d0a4093822, 0370734413198a2e, 85a308d3243f6a88, d16cfe09 94fdcceb 5001e420 24126ea1"
    })
    void aBlockIsTheKnownAnswer(String key, String stream, String block, String answer) {
        int[] words = new int[4];

        Philox.blocks(bits(key), bits(stream), bits(block), words);

        assertEquals(
                answer, "%08x %08x %08x %08x".formatted(words[0], words[1], words[2], words[3]));
    }

    @Test
    void numbersAreThoseOfTheRandomKey() {
        RandomKey key = new RandomKey(0x1234_5678_9ABC_DEF0L, -3);
        int count = 3 * Philox.GRAIN + 5;
        Operand integers = Memory.empty(BACKEND, DType.INT64, Shape.of(count));
        Operand reals = Memory.empty(BACKEND, DType.FLOAT64, Shape.of(count));

        BACKEND.random(key.key(), key.stream(), integers);
        BACKEND.random(key.key(), key.stream(), reals);

        long[] bits = Memory.longs(BACKEND, integers);
        double[] uniform = Memory.doubles(BACKEND, reals);
        for (int i = 0; i < count; i += 1009) {
            assertEquals(key.bits(i), bits[i]);
            assertEquals(key.uniform(i), uniform[i]);
        }
    }

    @Test
    void aShorterTensorHasTheFirstNumbersOfALongerOne() {
        Operand few = Memory.empty(BACKEND, DType.FLOAT32, Shape.of(7));
        Operand many = Memory.empty(BACKEND, DType.FLOAT32, Shape.of(50_000));

        BACKEND.random(1, 2, few);
        BACKEND.random(1, 2, many);

        float[] first = Arrays.copyOf(Memory.floats(BACKEND, many), 7);
        assertArrayEquals(first, Memory.floats(BACKEND, few));
    }

    @Test
    void thereAreNoRandomBools() {
        Operand out = Memory.empty(BACKEND, DType.BOOL, Shape.of(3));

        var error = assertThrows(IllegalArgumentException.class, () -> BACKEND.random(1, 2, out));

        assertEquals("random: not defined on bool; cast afterwards", error.getMessage());
    }

    private static long bits(String hexadecimal) {
        return Long.parseUnsignedLong(hexadecimal, 16);
    }
}
