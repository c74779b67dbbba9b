package tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.spi.Operand;

/// Matrix products against their definition, in float64 within rounding, and bit for bit against blocks of fma chains.
class MatMulKernelTest {
    private static final CpuBackend BACKEND = new CpuBackend(2, true);
    private static final int DEPTH = 256;

    private final SplittableRandom random = new SplittableRandom(3);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void everySmallShapeIsExact(int m) {
        for (int k = 1; k <= 20; k++) {
            for (int n = 1; n <= 20; n++) {
                check32(m, k, n, false, false);
                check32(m, k, n, false, true);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "31, 33, 35",
        "63, 65, 67",
        "64, 64, 64",
        "65, 1, 65",
        "1, 300, 1",
        "1, 299, 77",
        "97, 101, 103",
        "127, 129, 131",
        "129, 257, 33",
        "200, 300, 100",
        "299, 283, 301",
        "8, 513, 520",
        "7, 1031, 530",
        "130, 5, 1031",
        "11, 255, 31",
        "12, 256, 32",
        "13, 257, 33",
        "24, 513, 1",
        "1, 513, 24",
        "533, 3, 70",
        "1060, 2, 17"
    })
    void oddSizesAreExactInEveryOrientation(int m, int k, int n) {
        for (boolean left : new boolean[] {false, true}) {
            for (boolean right : new boolean[] {false, true}) {
                check32(m, k, n, left, right);
                check64(m, k, n, left, right);
            }
        }
    }

    private void check32(int m, int k, int n, boolean transposedA, boolean transposedB) {
        float[] a = floats(m * k);
        float[] b = floats(k * n);
        Operand x = operand(a, m, k, transposedA);
        Operand y = operand(b, k, n, transposedB);
        Operand out = Memory.empty(BACKEND, DType.FLOAT32, Shape.of(m, n));

        BACKEND.matMul(x, y, out);

        String sizes = m + " × " + k + " × " + n;
        float[] product = Memory.floats(BACKEND, out);
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                float sum = 0;
                double exact = 0;
                double size = 0;
                for (int block = 0; block < k; block += DEPTH) {
                    float chain = 0;
                    for (int p = block; p < Math.min(k, block + DEPTH); p++) {
                        chain = Math.fma(a[i * k + p], b[p * n + j], chain);
                        exact += (double) a[i * k + p] * b[p * n + j];
                        size += Math.abs((double) a[i * k + p] * b[p * n + j]);
                    }
                    sum = block == 0 ? chain : sum + chain;
                }
                assertEquals(sum, product[i * n + j], sizes);
                assertEquals(exact, product[i * n + j], k * size * 0x1p-24, sizes);
            }
        }
        release(x, y, out);
    }

    private void check64(int m, int k, int n, boolean transposedA, boolean transposedB) {
        double[] a = doubles(m * k);
        double[] b = doubles(k * n);
        Operand x = operand(a, m, k, transposedA);
        Operand y = operand(b, k, n, transposedB);
        Operand out = Memory.empty(BACKEND, DType.FLOAT64, Shape.of(m, n));

        BACKEND.matMul(x, y, out);

        double[] product = Memory.doubles(BACKEND, out);
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                for (int block = 0; block < k; block += DEPTH) {
                    double chain = 0;
                    for (int p = block; p < Math.min(k, block + DEPTH); p++) {
                        chain = Math.fma(a[i * k + p], b[p * n + j], chain);
                    }
                    sum = block == 0 ? chain : sum + chain;
                }
                assertEquals(sum, product[i * n + j], m + " × " + k + " × " + n);
            }
        }
        release(x, y, out);
    }

    /// Beyond a block in each direction, where a sum over all numbers would take long: rows that are few go another way.
    @ParameterizedTest
    @CsvSource({"265, 1030, 530", "301, 1300, 2070"})
    void aTallProductIsThatOfItsRows(int m, int k, int n) {
        for (boolean left : new boolean[] {false, true}) {
            for (boolean right : new boolean[] {false, true}) {
                rowByRow(
                        operand(floats(m * k), m, k, left),
                        operand(floats(k * n), k, n, right),
                        DType.FLOAT32);
                rowByRow(
                        operand(doubles(m * k), m, k, left),
                        operand(doubles(k * n), k, n, right),
                        DType.FLOAT64);
            }
        }
    }

    private static void rowByRow(Operand x, Operand y, DType dtype) {
        int m = x.shape().size(0);
        int n = y.shape().size(1);
        Operand whole = Memory.empty(BACKEND, dtype, Shape.of(m, n));
        Operand parts = Memory.empty(BACKEND, dtype, Shape.of(m, n));

        BACKEND.matMul(x, y, whole);
        for (int row = 0; row < m; row += 50) {
            int end = Math.min(m, row + 50);
            Operand some = Memory.view(x, x.layout().slice(0, row, end, 1));
            BACKEND.matMul(some, y, Memory.view(parts, parts.layout().slice(0, row, end, 1)));
        }

        if (dtype == DType.FLOAT32) {
            assertArrayEquals(Memory.floats(BACKEND, parts), Memory.floats(BACKEND, whole));
        } else {
            assertArrayEquals(Memory.doubles(BACKEND, parts), Memory.doubles(BACKEND, whole));
        }
        release(x, y, whole, parts);
    }

    @ParameterizedTest
    @CsvSource({"3, 5, 7, 9", "4, 70, 30, 40", "17, 12, 9, 33"})
    void aBatchIsItsProductsOneByOne(int batch, int m, int k, int n) {
        float[] a = floats(batch * m * k);
        float[] b = floats(batch * k * n);
        Operand x = Memory.of(BACKEND, Shape.of(batch, m, k), a);
        Operand y = Memory.of(BACKEND, Shape.of(batch, k, n), b);
        Operand out = Memory.empty(BACKEND, DType.FLOAT32, Shape.of(batch, m, n));

        BACKEND.matMul(x, y, out);

        float[] products = Memory.floats(BACKEND, out);
        for (int i = 0; i < batch; i++) {
            Operand one = Memory.empty(BACKEND, DType.FLOAT32, Shape.of(m, n));
            Layout left = Layout.of(Shape.of(m, k), new long[] {k, 1}, (long) i * m * k);
            Layout right = Layout.of(Shape.of(k, n), new long[] {n, 1}, (long) i * k * n);
            BACKEND.matMul(Memory.view(x, left), Memory.view(y, right), one);
            float[] part = Arrays.copyOfRange(products, i * m * n, (i + 1) * m * n);
            assertArrayEquals(Memory.floats(BACKEND, one), part);
        }
    }

    @Test
    void anExpandedBatchGivesTheBitsOfItsCopy() {
        Shape batched = Shape.of(6, 4, 33, 20);
        Operand x = Memory.of(BACKEND, Shape.of(6, 4, 10, 33), floats(6 * 4 * 10 * 33));
        Operand y = Memory.of(BACKEND, Shape.of(33, 20), floats(33 * 20));
        Operand expanded = Memory.view(y, y.layout().expand(batched));
        Operand copy = Memory.empty(BACKEND, DType.FLOAT32, batched);
        BACKEND.copy(expanded, copy);
        Operand first = Memory.empty(BACKEND, DType.FLOAT32, Shape.of(6, 4, 10, 20));
        Operand second = Memory.empty(BACKEND, DType.FLOAT32, Shape.of(6, 4, 10, 20));

        BACKEND.matMul(x, expanded, first);
        BACKEND.matMul(x, copy, second);

        assertArrayEquals(Memory.floats(BACKEND, second), Memory.floats(BACKEND, first));
    }

    @Test
    void aSingleMatrixTimesABatchIsExpandedToo() {
        Operand x = Memory.of(BACKEND, Shape.of(5, 7), floats(35));
        Operand expanded = Memory.view(x, x.layout().expand(Shape.of(3, 5, 7)));
        Operand y = Memory.of(BACKEND, Shape.of(3, 7, 4), floats(3 * 7 * 4));
        Operand copy = Memory.empty(BACKEND, DType.FLOAT32, Shape.of(3, 5, 7));
        BACKEND.copy(expanded, copy);
        Operand first = Memory.empty(BACKEND, DType.FLOAT32, Shape.of(3, 5, 4));
        Operand second = Memory.empty(BACKEND, DType.FLOAT32, Shape.of(3, 5, 4));

        BACKEND.matMul(expanded, y, first);
        BACKEND.matMul(copy, y, second);

        assertArrayEquals(Memory.floats(BACKEND, second), Memory.floats(BACKEND, first));
    }

    @Test
    void matricesWithoutNeighboursGiveTheBitsOfTheirCopies() {
        Operand x = Memory.of(BACKEND, Shape.of(60, 600), floats(60 * 600));
        Operand left = Memory.view(x, Layout.of(Shape.of(29, 290), new long[] {1200, 2}, 3));
        Operand right = Memory.view(x, Layout.of(Shape.of(290, 29), new long[] {2, 1200}, 5));

        sameBitsAsCopies(left, right);
        sameBitsAsCopies(right, left);
    }

    @Test
    void aBatchOfTransposedMatricesGivesTheBitsOfItsCopy() {
        Operand x = Memory.of(BACKEND, Shape.of(3, 40, 50), floats(3 * 40 * 50));
        Operand y = Memory.of(BACKEND, Shape.of(3, 70, 40), floats(3 * 70 * 40));
        Operand one = Memory.of(BACKEND, Shape.of(70, 40), floats(70 * 40));
        Operand left = Memory.view(x, x.layout().permute(0, 2, 1));
        Operand right = Memory.view(y, y.layout().permute(0, 2, 1));
        Layout shared = one.layout().permute(1, 0).expand(Shape.of(3, 40, 70));

        sameBitsAsCopies(left, right);
        sameBitsAsCopies(left, Memory.view(one, shared));
    }

    private static void sameBitsAsCopies(Operand left, Operand right) {
        int[] sizes = left.shape().sizes();
        sizes[sizes.length - 1] = right.shape().size(-1);
        Operand first = Memory.empty(BACKEND, DType.FLOAT32, Shape.of(sizes));
        Operand second = Memory.empty(BACKEND, DType.FLOAT32, Shape.of(sizes));

        BACKEND.matMul(left, right, first);
        BACKEND.matMul(copy(left), copy(right), second);

        assertArrayEquals(Memory.floats(BACKEND, second), Memory.floats(BACKEND, first));
    }

    private static Operand copy(Operand x) {
        Operand copy = Memory.empty(BACKEND, DType.FLOAT32, x.shape());
        BACKEND.copy(x, copy);
        return copy;
    }

    private static Operand operand(float[] values, int rows, int columns, boolean transposed) {
        Operand dense = Memory.of(BACKEND, Shape.of(rows, columns), values);
        return transposed ? flipped(dense, DType.FLOAT32) : dense;
    }

    private static Operand operand(double[] values, int rows, int columns, boolean transposed) {
        Operand dense = Memory.of(BACKEND, Shape.of(rows, columns), values);
        return transposed ? flipped(dense, DType.FLOAT64) : dense;
    }

    /// The same matrix with contiguous columns.
    private static Operand flipped(Operand dense, DType dtype) {
        Layout layout = dense.layout().permute(1, 0);
        Operand copy = Memory.empty(BACKEND, dtype, layout.shape());
        BACKEND.copy(Memory.view(dense, layout), copy);
        dense.storage().release("the test");
        return Memory.view(copy, copy.layout().permute(1, 0));
    }

    private static void release(Operand... operands) {
        for (Operand operand : operands) {
            operand.storage().release("the test");
        }
    }

    private float[] floats(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        return values;
    }

    private double[] doubles(int count) {
        return random.doubles(count, -1, 1).toArray();
    }
}
