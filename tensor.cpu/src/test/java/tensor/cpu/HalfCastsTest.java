package tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.spi.Operand;

/// The loops between float32 and the types of two bytes, against Java's own conversions.
class HalfCastsTest {
    private static final CpuBackend BACKEND = new CpuBackend(1, false);
    private static final int ALL = 1 << 16;

    @Test
    void everyFloat16BecomesTheFloatThatJavaReads() {
        float[] floats = read(DType.FLOAT16);

        each(bits -> Float.float16ToFloat((short) bits), floats);
    }

    @Test
    void everyBfloat16IsTheUpperHalfOfAFloat() {
        float[] floats = read(DType.BFLOAT16);

        each(bits -> Float.intBitsToFloat(bits << 16), floats);
    }

    @Test
    void floatsBecomeTheFloat16ThatJavaWrites() {
        float[] given = floats();

        short[] halves = written(given, DType.FLOAT16);

        for (int i = 0; i < given.length; i++) {
            int expected = Float.isNaN(given[i]) ? 0x7E00 : Float.floatToFloat16(given[i]);
            assertEquals((short) expected, halves[i], Float.toHexString(given[i]));
        }
    }

    @Test
    void floatsBecomeTheNearestBfloat16() {
        float[] given = floats();

        short[] halves = written(given, DType.BFLOAT16);

        for (int i = 0; i < given.length; i++) {
            assertEquals(plainBfloat16(given[i]), halves[i], Float.toHexString(given[i]));
        }
    }

    /// Of the two neighbours the nearer one; of two equally near the even one.
    private static short plainBfloat16(float value) {
        if (Float.isNaN(value)) {
            return 0x7FC0;
        }
        int below = Float.floatToRawIntBits(value) >>> 16;
        double toBelow = Math.abs((double) value - number(below));
        double toAbove = Math.abs(number(below + 1) - (double) value);
        boolean up = toAbove < toBelow || (toAbove == toBelow && below % 2 == 1);
        return (short) (Float.isInfinite(value) || !up ? below : below + 1);
    }

    /// Infinity counts as the next number after the greatest.
    private static double number(int bits) {
        float number = Float.intBitsToFloat(bits << 16);
        return Float.isInfinite(number) ? Math.copySign(0x1p128, number) : number;
    }

    /// Each number of both types, what lies halfway between it and the next, and neighbours of both; others at random.
    private static float[] floats() {
        SplittableRandom random = new SplittableRandom(3);
        float[] floats = new float[10 * ALL];
        for (int bits = 0; bits < ALL; bits++) {
            int brain = bits << 16;
            int half = Float.floatToRawIntBits(Float.float16ToFloat((short) bits));
            int[] around = {
                brain,
                brain + 1,
                brain + 0x7FFF,
                brain + 0x8000,
                brain + 0x8001,
                half,
                half + 0xFFF,
                half + 0x1000,
                half + 0x1001,
                random.nextInt()
            };
            for (int i = 0; i < around.length; i++) {
                floats[10 * bits + i] = Float.intBitsToFloat(around[i]);
            }
        }
        return floats;
    }

    private static float[] read(DType dtype) {
        short[] bits = new short[ALL];
        for (int i = 0; i < ALL; i++) {
            bits[i] = (short) i;
        }
        Operand halves = Memory.empty(BACKEND, dtype, Shape.of(ALL));
        BACKEND.upload(MemorySegment.ofArray(bits), halves.storage());
        Operand floats = Memory.empty(BACKEND, DType.FLOAT32, Shape.of(ALL));
        BACKEND.cast(halves, floats);
        return Memory.floats(BACKEND, floats);
    }

    private static short[] written(float[] values, DType dtype) {
        Operand floats = Memory.empty(BACKEND, DType.FLOAT32, Shape.of(values.length));
        BACKEND.upload(MemorySegment.ofArray(values), floats.storage());
        Operand halves = Memory.empty(BACKEND, dtype, Shape.of(values.length));
        BACKEND.cast(floats, halves);
        short[] bits = new short[values.length];
        BACKEND.download(halves.storage(), MemorySegment.ofArray(bits));
        return bits;
    }

    private static void each(IntFunction<Float> expected, float[] actual) {
        for (int bits = 0; bits < ALL; bits++) {
            assertEquals(expected.apply(bits), actual[bits], Integer.toHexString(bits));
        }
    }
}
