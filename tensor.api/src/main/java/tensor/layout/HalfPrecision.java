package tensor.layout;

/// Numbers as elements of two bytes: rounded once, to nearest, ties to even. Every NaN becomes the same one.
///
/// Java rounds float32 to float16. A double that went there by way of float32 would be rounded twice, so it is first cut
/// to 14 significant bits, of which the last is set if anything was cut off: enough to round to 11 bits or fewer, and
/// float32 holds it exactly.
final class HalfPrecision {
    private static final long CUT = (1L << 39) - 1;

    private HalfPrecision() {}

    static int float16(double value) {
        return Double.isNaN(value)
                ? 0x7E00
                : Short.toUnsignedInt(Float.floatToFloat16(shortened(value)));
    }

    static int bfloat16(double value) {
        int bits = Float.floatToRawIntBits(shortened(value));
        return Double.isNaN(value) ? 0x7FC0 : (bits + 0x7FFF + (bits >>> 16 & 1)) >>> 16;
    }

    /// {@return a whole number as a double that rounds further as the number itself would}
    static double shortened(long value) {
        boolean exact = value == (value << 10 >> 10); // 54 bits with the sign
        return exact ? value : (value | ((value & 0x7FF) + 0x7FF)) & ~0x7FFL;
    }

    private static float shortened(double value) {
        long bits = Double.doubleToRawLongBits(value);
        return (float) Double.longBitsToDouble((bits | ((bits & CUT) + CUT)) & ~CUT);
    }
}
