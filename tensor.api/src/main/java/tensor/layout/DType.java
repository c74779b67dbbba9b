package tensor.layout;

import java.util.Locale;

/// The type of a tensor's elements.
///
/// Its text form is the lower-case name, as it stands in messages: `float32`.
public enum DType {
    /// IEEE 754 binary32, the usual type of models.
    FLOAT32(4),
    /// IEEE 754 binary64.
    FLOAT64(8),
    /// 64-bit two's complement integers: indices, class labels, counts.
    INT64(8),
    /// One byte an element, 0 or 1.
    BOOL(1);

    private final int byteSize;

    DType(int byteSize) {
        this.byteSize = byteSize;
    }

    /// {@return the size of one element in bytes}
    public int byteSize() {
        return byteSize;
    }

    /// {@return whether elements are floating-point numbers; only those have gradients}
    public boolean isFloating() {
        return this == FLOAT32 || this == FLOAT64;
    }

    /// {@return the bit pattern of `value` as one element of this type, in the low [#byteSize]
    /// bytes}
    ///
    /// Rounds to nearest for [#FLOAT32], truncates towards zero and saturates for [#INT64] (NaN
    /// gives 0); for [#BOOL] everything but zero is 1.
    ///
    /// @param value the number to write
    public long bits(double value) {
        return switch (this) {
            case FLOAT32 -> Float.floatToRawIntBits((float) value) & 0xFFFF_FFFFL;
            case FLOAT64 -> Double.doubleToRawLongBits(value);
            case INT64 -> (long) value;
            case BOOL -> value == 0 ? 0 : 1;
        };
    }

    /// {@return the bit pattern of `value` as one element of this type} Exact for [#INT64].
    ///
    /// @param value the number to write
    public long bits(long value) {
        return this == INT64 ? value : bits((double) value);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
