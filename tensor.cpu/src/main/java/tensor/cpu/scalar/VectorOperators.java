package tensor.cpu.scalar;

import java.util.function.DoubleBinaryOperator;
import java.util.function.IntBinaryOperator;
import java.util.function.LongBinaryOperator;

/// What is computed in a lane.
public abstract class VectorOperators {
    public static final Unary NEG = new One(x -> -x, x -> -x);
    public static final Unary SQRT = new One(x -> (float) Math.sqrt(x), Math::sqrt);

    public static final Associative ADD = new Two(Float::sum, Double::sum, Long::sum, Integer::sum);
    public static final Binary SUB =
            new Two((a, b) -> a - b, (a, b) -> a - b, (a, b) -> a - b, (a, b) -> a - b);
    public static final Associative MUL =
            new Two((a, b) -> a * b, (a, b) -> a * b, (a, b) -> a * b, (a, b) -> a * b);
    public static final Binary DIV =
            new Two((a, b) -> a / b, (a, b) -> a / b, (a, b) -> a / b, (a, b) -> a / b);
    public static final Associative MAX = new Two(Math::max, Math::max, Math::max, Math::max);
    public static final Associative UMAX =
            whole(
                    (a, b) -> Long.compareUnsigned(a, b) < 0 ? b : a,
                    (a, b) -> Integer.compareUnsigned(a, b) < 0 ? b : a);
    public static final Associative XOR = whole((a, b) -> a ^ b, (a, b) -> a ^ b);
    public static final Binary LSHL = whole((a, b) -> a << b, (a, b) -> a << b);
    public static final Binary LSHR = whole((a, b) -> a >>> b, (a, b) -> a >>> b);
    public static final Binary ASHR = whole((a, b) -> a >> b, (a, b) -> a >> b);

    public static final Comparison EQ =
            new Test((a, b) -> a == b, (a, b) -> a == b, (a, b) -> a == b);
    public static final Comparison NE =
            new Test((a, b) -> a != b, (a, b) -> a != b, (a, b) -> a != b);
    public static final Comparison LT = new Test((a, b) -> a < b, (a, b) -> a < b, (a, b) -> a < b);
    public static final Comparison LE =
            new Test((a, b) -> a <= b, (a, b) -> a <= b, (a, b) -> a <= b);
    public static final Comparison GT = new Test((a, b) -> a > b, (a, b) -> a > b, (a, b) -> a > b);
    public static final Comparison GE =
            new Test((a, b) -> a >= b, (a, b) -> a >= b, (a, b) -> a >= b);
    public static final Comparison ULT =
            new Test(
                    (_, _) -> {
                        throw unsupported();
                    },
                    (_, _) -> {
                        throw unsupported();
                    },
                    (a, b) -> Long.compareUnsigned(a, b) < 0);

    public static final Conversion<Float, Double> F2D = new Cast<>(false);
    public static final Conversion<Integer, Short> I2S = new Cast<>(false);
    public static final Conversion<Short, Byte> S2B = new Cast<>(false);
    public static final Conversion<Short, Integer> S2I = new Cast<>(false);
    public static final Conversion<Byte, Short> ZERO_EXTEND_B2S = new Cast<>(true);
    public static final Conversion<Short, Integer> ZERO_EXTEND_S2I = new Cast<>(true);

    private VectorOperators() {}

    private static Associative whole(LongBinaryOperator longs, IntBinaryOperator ints) {
        return new Two(
                (_, _) -> {
                    throw unsupported();
                },
                (_, _) -> {
                    throw unsupported();
                },
                longs,
                ints);
    }

    private static UnsupportedOperationException unsupported() {
        return new UnsupportedOperationException("not defined on floating-point numbers");
    }

    /// Of one number.
    public interface Unary {
        float of(float x);

        double of(double x);
    }

    /// Of two numbers. Shorter integers are computed as `int`, with their sign.
    public interface Binary {
        float of(float a, float b);

        double of(double a, double b);

        long of(long a, long b);

        int of(int a, int b);
    }

    /// The same for all orders of many numbers.
    public interface Associative extends Binary {}

    /// Of two numbers, true or false. Shorter integers are compared as `long`, with their sign.
    public interface Comparison {
        boolean of(float a, float b);

        boolean of(double a, double b);

        boolean of(long a, long b);
    }

    /// From one type to another.
    ///
    /// @param <E> the type of the number, boxed
    /// @param <F> the type it becomes, boxed
    @SuppressWarnings("UnusedTypeParameter") // for those who use it
    public interface Conversion<E, F> {
        boolean isUnsigned();

        static <E, F> Conversion<E, F> ofCast(Class<E> from, Class<F> to) {
            return new Cast<>(false);
        }
    }

    private record Cast<E, F>(boolean isUnsigned) implements Conversion<E, F> {}

    private record One(FloatOperator floats, DoubleOperator doubles) implements Unary {
        @Override
        public float of(float x) {
            return floats.of(x);
        }

        @Override
        public double of(double x) {
            return doubles.of(x);
        }
    }

    private record Two(
            FloatPair floats,
            DoubleBinaryOperator doubles,
            LongBinaryOperator longs,
            IntBinaryOperator ints)
            implements Associative {
        @Override
        public float of(float a, float b) {
            return floats.of(a, b);
        }

        @Override
        public double of(double a, double b) {
            return doubles.applyAsDouble(a, b);
        }

        @Override
        public long of(long a, long b) {
            return longs.applyAsLong(a, b);
        }

        @Override
        public int of(int a, int b) {
            return ints.applyAsInt(a, b);
        }
    }

    private record Test(FloatTest floats, DoubleTest doubles, LongTest longs)
            implements Comparison {
        @Override
        public boolean of(float a, float b) {
            return floats.of(a, b);
        }

        @Override
        public boolean of(double a, double b) {
            return doubles.of(a, b);
        }

        @Override
        public boolean of(long a, long b) {
            return longs.of(a, b);
        }
    }

    private interface FloatOperator {
        float of(float x);
    }

    private interface DoubleOperator {
        double of(double x);
    }

    private interface FloatPair {
        float of(float a, float b);
    }

    private interface FloatTest {
        boolean of(float a, float b);
    }

    private interface DoubleTest {
        boolean of(double a, double b);
    }

    private interface LongTest {
        boolean of(long a, long b);
    }
}
