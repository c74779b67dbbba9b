package tensor.testkit;

import java.math.BigDecimal;
import tensor.layout.DType;

/// Floating point in two bytes, by its definition: a sign, an exponent, a fraction; and of two neighbours the nearer one.
///
/// Without the sign, the patterns of bits have the order of the numbers.
enum HalfFormat {
    FLOAT16(5, 10),
    BFLOAT16(8, 7);

    private final int exponentBits;
    private final int fractionBits;

    /// A number without its sign, which may be more exact than a double.
    private interface Size {
        int compareTo(double other);
    }

    HalfFormat(int exponentBits, int fractionBits) {
        this.exponentBits = exponentBits;
        this.fractionBits = fractionBits;
    }

    /// {@return the format of float16 or bfloat16}
    static HalfFormat of(DType dtype) {
        return valueOf(dtype.name());
    }

    /// {@return the number that bits stand for}
    double value(long bits) {
        int size = (int) bits & 0x7FFF;
        double value = size < infinity() ? finite(size) : size == infinity() ? 1 / 0.0 : 0 / 0.0;
        return (bits & 0x8000) == 0 ? value : -value;
    }

    /// {@return the bits of the nearest number; of two equally near the even ones}
    int bits(double value) {
        if (Double.isNaN(value)) {
            return infinity() + (1 << (fractionBits - 1));
        }
        int sign = Math.copySign(1, value) < 0 ? 0x8000 : 0;
        double size = Math.abs(value);
        return sign
                | (Double.isInfinite(size) ? infinity() : nearest(o -> Double.compare(size, o)));
    }

    /// {@return the bits of the nearest number; of two equally near the even ones}
    int bits(long value) {
        BigDecimal size = new BigDecimal(value).abs();
        return (value < 0 ? 0x8000 : 0) | nearest(o -> size.compareTo(new BigDecimal(o)));
    }

    private int nearest(Size size) {
        int below = 0;
        for (int step = 0x4000; step > 0; step /= 2) {
            boolean fits = below + step < infinity() && size.compareTo(finite(below + step)) >= 0;
            below += fits ? step : 0;
        }
        int order = size.compareTo((finite(below) + finite(below + 1)) / 2);
        return order > 0 || (order == 0 && below % 2 == 1) ? below + 1 : below;
    }

    private int infinity() {
        return ((1 << exponentBits) - 1) << fractionBits;
    }

    /// Infinity counts as the next number after the greatest, as it does in rounding.
    private double finite(int size) {
        int bias = (1 << (exponentBits - 1)) - 1;
        int exponent = size >> fractionBits;
        int fraction = size & ((1 << fractionBits) - 1);
        return exponent == 0
                ? Math.scalb((double) fraction, 1 - bias - fractionBits)
                : Math.scalb(
                        (double) (fraction + (1 << fractionBits)), exponent - bias - fractionBits);
    }
}
