package tensor.layout;

import java.util.Locale;

/// The type of a tensor's elements.
///
/// | type | computed with | gradients |
/// |---|---|---|
/// | float32, float64 | yes | yes |
/// | int64, int32, uint8 | yes, wrapping around; functions such as `exp` need floating point | no |
/// | bool | compared, combined by `and`, `or`, `xor`, `not`, counted | no |
/// | float16, bfloat16 | no: stored, moved and cast | no |
///
/// Its text form is the lower-case name, as it stands in messages: `float32`.
public enum DType {
    /// IEEE 754 binary32, the usual type of models.
    FLOAT32(4),
    /// IEEE 754 binary64.
    FLOAT64(8),
    /// IEEE 754 binary16: 11 significant bits, up to 65,504. For storage.
    FLOAT16(2),
    /// The upper half of binary32: its range with 8 significant bits. For storage.
    BFLOAT16(2),
    /// 64-bit two's complement integers: indices, class labels, counts.
    INT64(8),
    /// 32-bit two's complement integers.
    INT32(4),
    /// Unsigned bytes, 0 to 255: pictures, text.
    UINT8(1),
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

    /// {@return whether elements are computed with as floating-point numbers: float32 and float64; only those have
    /// gradients}
    public boolean isFloating() {
        return this == FLOAT32 || this == FLOAT64;
    }

    /// {@return whether elements are whole numbers: int64, int32 and uint8}
    public boolean isInteger() {
        return this == INT64 || this == INT32 || this == UINT8;
    }

    /// {@return whether elements are stored, moved and cast, but not computed with: float16 and bfloat16}
    public boolean isStorageOnly() {
        return this == FLOAT16 || this == BFLOAT16;
    }

    /// {@return the bit pattern of `value` as one element of this type, in the low [#byteSize] bytes; the others are 0}
    ///
    /// Floating point is rounded to nearest, ties to even. Integers are truncated towards zero and saturated, and NaN
    /// gives 0. For [#BOOL] everything but zero is 1.
    ///
    /// @param value the number to write
    public long bits(double value) {
        return switch (this) {
            case FLOAT32 -> Float.floatToRawIntBits((float) value) & 0xFFFF_FFFFL;
            case FLOAT64 -> Double.doubleToRawLongBits(value);
            case FLOAT16 -> HalfPrecision.float16(value);
            case BFLOAT16 -> HalfPrecision.bfloat16(value);
            case INT64 -> (long) value;
            case INT32 -> (int) value & 0xFFFF_FFFFL;
            case UINT8 -> Math.clamp((long) value, 0, 255);
            case BOOL -> value == 0 ? 0 : 1;
        };
    }

    /// {@return the bit pattern of `value` as one element of this type, in the low [#byteSize] bytes; the others are 0}
    ///
    /// Floating point is rounded to nearest, ties to even. Integers keep the low bits. For [#BOOL] everything but zero
    /// is 1.
    ///
    /// @param value the number to write
    public long bits(long value) {
        return switch (this) {
            case FLOAT32 -> Float.floatToRawIntBits((float) value) & 0xFFFF_FFFFL;
            case FLOAT16, BFLOAT16 -> bits(HalfPrecision.shortened(value));
            case INT64 -> value;
            case INT32 -> value & 0xFFFF_FFFFL;
            case UINT8 -> value & 0xFF;
            case FLOAT64, BOOL -> bits((double) value);
        };
    }

    /// {@return the number that an element is} Exact but for an [#INT64] of more than 53 bits.
    ///
    /// @param bits the element in the low [#byteSize] bytes
    public double value(long bits) {
        return switch (this) {
            case FLOAT32 -> Float.intBitsToFloat((int) bits);
            case FLOAT64 -> Double.longBitsToDouble(bits);
            case FLOAT16 -> Float.float16ToFloat((short) bits);
            case BFLOAT16 -> Float.intBitsToFloat((int) bits << 16);
            case INT64 -> bits;
            case INT32 -> (int) bits;
            case UINT8, BOOL -> bits & 0xFF;
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
