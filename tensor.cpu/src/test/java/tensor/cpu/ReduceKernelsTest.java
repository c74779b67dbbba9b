package tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.spi.Operand;
import tensor.spi.ReduceOp;

class ReduceKernelsTest {
    private static final CpuBackend BACKEND = new CpuBackend(2, true);

    @Test
    void aLongSumIsRightToTheLastDigits() {
        float[] tenths = new float[10_000_000];
        Arrays.fill(tenths, 0.1f);
        Operand x = Memory.of(BACKEND, Shape.of(tenths.length), tenths);

        float sum = sum(x, 0)[0];

        double exact = 1e7 * (double) 0.1f;
        assertEquals(exact, sum, Math.ulp((float) exact));
        x.storage().release("the test");
    }

    @Test
    void longColumnsAreRightToTheLastDigits() {
        int rows = 1_000_000;
        float[] values = new float[3 * rows];
        for (int i = 0; i < values.length; i++) {
            values[i] = 0.1f * (1 + i % 3);
        }
        Operand x = Memory.of(BACKEND, Shape.of(rows, 3), values);

        float[] sums = sum(x, 0);

        for (int column = 0; column < 3; column++) {
            double exact = rows * (double) (0.1f * (1 + column));
            assertEquals(exact, sums[column], 2 * Math.ulp((float) exact));
        }
    }

    @Test
    void aSumOfNegativeZerosIsNegativeZeroAndThatOfNothingIsZero() {
        Operand zeros = Memory.of(BACKEND, Shape.of(2, 3), -0f, -0f, -0f, -0f, -0f, -0f);
        Operand nothing = Memory.of(BACKEND, Shape.of(0, 2), new float[0]);

        float[] rows = sum(zeros, 1);
        float[] columns = sum(zeros, 0);
        float[] empty = sum(nothing, 0);

        assertArrayEquals(new float[] {-0f, -0f}, rows);
        assertArrayEquals(new float[] {-0f, -0f, -0f}, columns);
        assertArrayEquals(new float[] {0f, 0f}, empty);
    }

    @Test
    void oneNaNDecidesAMaximumWhereverItIs() {
        for (int at : new int[] {0, 31, 64, 2047, 2048, 4999}) {
            double[] values = new double[5000];
            values[at] = Double.NaN;
            Operand x = Memory.of(BACKEND, Shape.of(5000), values);
            Operand out = Memory.empty(BACKEND, DType.FLOAT64, Shape.of(1));

            BACKEND.reduce(ReduceOp.MAX, x, new int[] {0}, out);

            assertEquals(Double.NaN, Memory.doubles(BACKEND, out)[0], "at " + at);
        }
    }

    @Test
    void axesThatAreNotNeighboursAreFolded() {
        long[] values = new long[2 * 3 * 4 * 5];
        long[] expected = new long[3 * 5];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
            expected[i / 20 % 3 * 5 + i % 5] += i;
        }
        Operand x = Memory.of(BACKEND, Shape.of(2, 3, 4, 5), values);
        Operand out = Memory.empty(BACKEND, DType.INT64, Shape.of(1, 3, 1, 5));

        BACKEND.reduce(ReduceOp.SUM, x, new int[] {0, 2}, out);

        assertArrayEquals(expected, Memory.longs(BACKEND, out));
    }

    private static float[] sum(Operand x, int axis) {
        Operand out = Memory.empty(BACKEND, DType.FLOAT32, x.shape().with(axis, 1));
        BACKEND.reduce(ReduceOp.SUM, x, new int[] {axis}, out);
        return Memory.floats(BACKEND, out);
    }
}
