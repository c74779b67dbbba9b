package tensor.spi;

import tensor.layout.DType;

/// The primitives of two operands, element by element.
///
/// Defined on float32, float64 and integers, which wrap around; [#EQUAL] on bool too, [#POW] on
/// floating point only, none on float16 and bfloat16. [#LESS] and [#EQUAL] give bool. Elements of uint8
/// have no sign.
public enum BinaryOp {
    /// `a + b`.
    ADD,
    /// `a − b`.
    SUB,
    /// `a · b`.
    MUL,
    /// `a / b`; integers truncate towards zero, and dividing one by zero is an
    /// [ArithmeticException].
    DIV,
    /// The greater one as [Math#max(double, double)] says: NaN if either is NaN, and `+0` is above
    /// `−0`.
    MAX,
    /// `aᵇ`, as C's `pow` says: 1 for `b = 0` and for `a = 1`, NaN or not; NaN below 0 unless `b` is whole.
    POW,
    /// `a < b`; false if either is NaN.
    LESS,
    /// `a = b`; false if either is NaN, true for `−0` and `+0`.
    EQUAL;

    /// {@return whether it works on elements of a type}
    ///
    /// @param dtype of both operands
    public boolean isDefinedOn(DType dtype) {
        return switch (dtype) {
            case FLOAT32, FLOAT64 -> true;
            case FLOAT16, BFLOAT16 -> false;
            case INT64, INT32, UINT8 -> this != POW;
            case BOOL -> this == EQUAL;
        };
    }

    /// {@return whether the result is bool}
    public boolean isComparison() {
        return this == LESS || this == EQUAL;
    }
}
