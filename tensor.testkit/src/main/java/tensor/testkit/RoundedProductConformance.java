package tensor.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.spi.Backend;
import tensor.spi.Operand;

/// Products of float32 matrices by a backend that rounds their factors: they are compared with those of the rounded factors
/// in float64, whatever the sizes and wherever the matrices lie.
public abstract class RoundedProductConformance {
    private static final int DIGITS_OF_TF32 = 10;

    /// For subclasses.
    protected RoundedProductConformance() {}

    /// {@return the backend under test}
    protected abstract Backend backend();

    /// {@return how many binary digits behind the point are left of a factor: 10 are TF32, ties away from zero; 7 are
    /// bfloat16, ties to even; 23 are all}
    protected abstract int digits();

    @Test
    void eachFactorIsRoundedOnce() {
        float[] numbers = {
            1,
            -1,
            0,
            Float.NaN,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            0x1.002p0f, // halfway between two of TF32
            -0x1.006p0f,
            0x1.003ffep0f,
            0x1.ffep3f,
            0x1.01p0f, // halfway between two of bfloat16
            -0x1.03p0f,
            0x1.00ffffp-20f,
            0x1.ffp100f,
            0x1.921fb6p1f,
            -1e-20f
        };
        Shape column = Shape.of(numbers.length, 1);
        Operand one = on(new float[] {1}, Shape.of(1, 1));

        float[] left = product(on(numbers, column), one, column);
        Shape row = Shape.of(1, numbers.length);
        float[] right = product(one, on(numbers, row), row);

        for (int i = 0; i < numbers.length; i++) {
            assertEquals(rounded(numbers[i]), left[i], 0, "" + numbers[i]);
            assertEquals(rounded(numbers[i]), right[i], 0, "" + numbers[i]);
        }
    }

    @TestFactory
    Stream<DynamicTest> productsOfMatricesThatLieAnywhere() {
        int[][] sizes = {{1, 1, 1}, {16, 8, 8}, {64, 32, 64}, {63, 37, 66}, {68, 20, 132}};
        List<DynamicTest> tests = new ArrayList<>();
        for (int[] size : sizes) {
            for (int later = 0; later < 2; later++) {
                for (Arrangement of : Arrangement.values()) {
                    Shape a = Shape.of(size[0], size[1]);
                    Shape b = Shape.of(size[1], size[2]);
                    Arrangement other = of.later(later * 2);
                    tests.add(
                            dynamicTest(
                                    "%s %s times %s %s".formatted(of, a, other, b),
                                    () -> check(a, of, b, other)));
                }
            }
        }
        return tests.stream();
    }

    @TestFactory
    Stream<DynamicTest> productsOfBatches() {
        return Stream.of(Arrangement.values())
                .map(of ->
                        dynamicTest(
                                of.name(),
                                () ->
                                        check(
                                                Shape.of(3, 17, 12),
                                                of,
                                                Shape.of(3, 12, 20),
                                                of.later(1))));
    }

    /// So many that a group of threads makes a larger part.
    @Test
    void productsOfManyLargeMatrices() {
        Arrangement dense = Arrangement.CONTIGUOUS;
        compare(Shape.of(32, 132, 20), dense, Shape.of(32, 20, 136), dense, false);
        Arrangement sliced = Arrangement.SLICED;
        compare(Shape.of(32, 130, 7), sliced, Shape.of(32, 7, 131), sliced, true);
    }

    @Test
    void nothingIsTheSumOfNoTerms() {
        Shape shape = Shape.of(3, 5);

        float[] y =
                product(on(new float[0], Shape.of(3, 0)), on(new float[0], Shape.of(0, 5)), shape);

        assertEquals(-1, MemorySegment.ofArray(y).mismatch(MemorySegment.ofArray(new float[15])));
    }

    /// Whole numbers, whose products are exact; then others.
    private void check(Shape a, Arrangement ofA, Shape b, Arrangement ofB) {
        compare(a, ofA, b, ofB, true);
        compare(a, ofA, b, ofB, false);
    }

    private void compare(Shape a, Arrangement ofA, Shape b, Arrangement ofB, boolean whole) {
        Given left = given(a, ofA, whole, 1);
        Given right = given(b, ofB, whole, 2);
        int rows = a.size(-2);
        int inner = a.size(-1);
        int columns = b.size(-1);
        int count = a.rank() == 2 ? 1 : a.size(0);
        Shape shape = a.rank() == 2 ? Shape.of(rows, columns) : Shape.of(count, rows, columns);

        float[] y = product(left.on(backend()), right.on(backend()), shape);

        double[] x = dense(left);
        double[] w = dense(right);
        for (int at = 0; at < y.length; at++) {
            int matrix = at / (rows * columns);
            int row = at / columns % rows;
            int column = at % columns;
            double sum = 0;
            double magnitude = 0;
            for (int k = 0; k < inner; k++) {
                double term =
                        x[(matrix * rows + row) * inner + k]
                                * w[(matrix * inner + k) * columns + column];
                sum += term;
                magnitude += Math.abs(term);
            }
            double tolerance = whole ? 0 : magnitude * (inner + 2) * 0x1p-22;
            assertEquals(
                    sum, y[at], tolerance, "matrix %d at %d, %d".formatted(matrix, row, column));
        }
    }

    private static Given given(Shape shape, Arrangement arrangement, boolean whole, long seed) {
        Given given = Given.of(Values.ORDINARY, DType.FLOAT32, shape, arrangement, seed);
        if (whole) {
            MemorySegment host = given.host();
            for (long i = 0; i < host.byteSize() / Float.BYTES; i++) {
                host.setAtIndex(ValueLayout.JAVA_FLOAT, i, (int) ((i * 7 + seed) * 5 % 17) - 8);
            }
        }
        return given;
    }

    /// {@return the elements in row-major order, rounded}
    private double[] dense(Given given) {
        Shape shape = given.layout().shape();
        double[] all = new double[(int) shape.elementCount()];
        for (int i = 0; i < all.length; i++) {
            long at = given.layout().offset();
            int rest = i;
            for (int axis = shape.rank() - 1; axis >= 0; axis--) {
                at += rest % shape.size(axis) * given.layout().stride(axis);
                rest /= shape.size(axis);
            }
            all[i] = rounded(given.host().getAtIndex(ValueLayout.JAVA_FLOAT, at));
        }
        return all;
    }

    private double rounded(float x) {
        if (x == 0 || !Float.isFinite(x)) {
            return x;
        }
        double unit = Math.scalb(1.0, Math.getExponent(x) - digits());
        double units = x / unit;
        return unit
                * (digits() == DIGITS_OF_TF32
                        ? Math.copySign(Math.floor(Math.abs(units) + 0.5), units)
                        : Math.rint(units));
    }

    private Operand on(float[] numbers, Shape shape) {
        var x =
                new Operand(
                        backend().allocate(DType.FLOAT32, numbers.length),
                        Layout.contiguous(shape));
        backend().upload(MemorySegment.ofArray(numbers), x.storage());
        return x;
    }

    private float[] product(Operand a, Operand b, Shape shape) {
        float[] y = new float[(int) shape.elementCount()];
        var out =
                new Operand(backend().allocate(DType.FLOAT32, y.length), Layout.contiguous(shape));
        backend().matMul(a, b, out);
        backend().download(out.storage(), MemorySegment.ofArray(y));
        return y;
    }
}
