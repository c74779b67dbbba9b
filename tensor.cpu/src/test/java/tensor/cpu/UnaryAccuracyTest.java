package tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.spi.Operand;
import tensor.spi.UnaryOp;

/// The accuracy that the head comments of the polynomial kernels promise, against [StrictMath] in float64.
class UnaryAccuracyTest {
    private static final CpuBackend BACKEND = new CpuBackend(1, false);

    /// [StrictMath] is within 1 ulp of the truth, which counts on float64.
    private static final double ERROR_OF_ORACLE = 1;

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NEG", "SQRT"})
    void float32IsAsExactAsItsHeadCommentSays(UnaryOp op) {
        float[] x = new float[1 << 17];
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < x.length; i++) {
            // every bit pattern alike, and the ranges in which functions do something
            x[i] =
                    switch (i % 3) {
                        case 0 -> Float.intBitsToFloat(random.nextInt());
                        case 1 -> (float) random.nextDouble(-110, 110);
                        default -> (float) random.nextDouble(-6, 6);
                    };
        }

        float[] y = floats(op, x);

        for (int i = 0; i < x.length; i++) {
            double exact = oracle(op).applyAsDouble(x[i]);
            double error = Math.abs(y[i] - exact) / Math.ulp((float) exact);
            boolean same = Float.compare(y[i], (float) exact) == 0;
            assertTrue(same || error <= promised(op), op + "(" + x[i] + ") = " + y[i]);
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NEG", "SQRT"})
    void float64IsAsExactAsItsHeadCommentSays(UnaryOp op) {
        double[] x = new double[1 << 17];
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < x.length; i++) {
            x[i] =
                    switch (i % 3) {
                        case 0 -> Double.longBitsToDouble(random.nextLong());
                        case 1 -> random.nextDouble(-750, 750);
                        default -> random.nextDouble(-6, 6);
                    };
        }

        double[] y = doubles(op, x);

        for (int i = 0; i < x.length; i++) {
            double expected = oracle(op).applyAsDouble(x[i]);
            double error = Math.abs(y[i] - expected) / Math.ulp(expected);
            boolean same = Double.compare(y[i], expected) == 0;
            assertTrue(
                    same || error <= promised(op) + ERROR_OF_ORACLE,
                    op + "(" + x[i] + ") = " + y[i]);
        }
    }

    @Test
    void theSineIsRightNextToMultiplesOfHalfPi() {
        double[] x = new double[4096];
        for (int i = 0; i < x.length; i++) {
            double multiple = i * 150 * (Math.PI / 2);
            x[i] = i % 2 == 0 ? multiple : Math.nextUp(multiple);
        }

        double[] sines = doubles(UnaryOp.SIN, x);
        double[] cosines = doubles(UnaryOp.COS, x);

        for (int i = 0; i < x.length; i++) {
            double sine = StrictMath.sin(x[i]);
            double cosine = StrictMath.cos(x[i]);
            assertEquals(sine, sines[i], 2 * Math.ulp(sine), "sin " + x[i]);
            assertEquals(cosine, cosines[i], 2 * Math.ulp(cosine), "cos " + x[i]);
        }
    }

    /// The famous hard cases of argument reduction (Ng, "Good to the last bit").
    @Test
    void theSineOfHugeArgumentsIsRight() {
        assertEquals(-0.8522008497671888, doubles(UnaryOp.SIN, 1e22)[0], 0x1p-53);
        assertEquals(0.5232147853951389, doubles(UnaryOp.COS, 1e22)[0], 0x1p-53);
        assertEquals((float) StrictMath.sin(1e22f), floats(UnaryOp.SIN, 1e22f)[0]);
    }

    @Test
    void anElementDoesNotDependOnItsNeighbours() {
        float[] alone = floats(UnaryOp.SIN, 3.25f);

        float[] besideHuge =
                floats(UnaryOp.SIN, Float.MAX_VALUE, Float.NaN, 3.25f, Float.NEGATIVE_INFINITY);

        assertEquals(alone[0], besideHuge[2]);
        assertArrayEquals(
                new float[] {
                    (float) StrictMath.sin(Float.MAX_VALUE), Float.NaN, alone[0], Float.NaN
                },
                besideHuge);
    }

    private static DoubleUnaryOperator oracle(UnaryOp op) {
        return switch (op) {
            case EXP -> StrictMath::exp;
            case LOG -> StrictMath::log;
            case SIN -> StrictMath::sin;
            case COS -> StrictMath::cos;
            case TANH -> StrictMath::tanh;
            case EXPM1 -> StrictMath::expm1;
            case LOG1P -> StrictMath::log1p;
            case ERF -> ExactErf::of;
            case NEG, SQRT -> throw new AssertionError(op + " is exact");
        };
    }

    /// In ulp.
    private static double promised(UnaryOp op) {
        return switch (op) {
            case EXP, LOG -> 0.9;
            default -> 2;
        };
    }

    private static float[] floats(UnaryOp op, float... x) {
        Shape shape = Shape.of(x.length);
        Operand out = Memory.empty(BACKEND, DType.FLOAT32, shape);
        BACKEND.unary(op, Memory.of(BACKEND, shape, x), out);
        return Memory.floats(BACKEND, out);
    }

    private static double[] doubles(UnaryOp op, double... x) {
        Shape shape = Shape.of(x.length);
        Operand out = Memory.empty(BACKEND, DType.FLOAT64, shape);
        BACKEND.unary(op, Memory.of(BACKEND, shape, x), out);
        return Memory.doubles(BACKEND, out);
    }
}
