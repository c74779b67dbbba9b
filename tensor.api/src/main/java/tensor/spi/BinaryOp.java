package tensor.spi;

/// The primitives of two operands, element by element.
///
/// Defined on float32, float64 and int64, where integers wrap around; [#EQUAL] on bool too. [#LESS]
/// and [#EQUAL] give bool.
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
    /// `a < b`; false if either is NaN.
    LESS,
    /// `a = b`; false if either is NaN, true for `−0` and `+0`.
    EQUAL;

    /// {@return whether the result is bool}
    public boolean isComparison() {
        return this == LESS || this == EQUAL;
    }
}
