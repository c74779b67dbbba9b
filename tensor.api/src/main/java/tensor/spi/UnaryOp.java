package tensor.spi;

/// The primitives of one floating-point operand, element by element.
public enum UnaryOp {
    /// `−x`.
    NEG,
    /// `eˣ`.
    EXP,
    /// The natural logarithm; `−∞` at ±0, NaN below 0.
    LOG,
    /// The sine of radians; NaN at ±∞.
    SIN,
    /// The cosine of radians; NaN at ±∞.
    COS,
    /// The square root, correctly rounded; `−0` at `−0`, NaN below 0.
    SQRT,
    /// The hyperbolic tangent; keeps the sign of zero.
    TANH,
    /// `eˣ − 1`, exact near 0 too; keeps the sign of zero.
    EXPM1,
    /// `ln(1 + x)`, exact near 0 too; `−∞` at −1, NaN below; keeps the sign of zero.
    LOG1P,
    /// The error function `2/√π · ∫₀ˣ e^(−t²) dt`; ±1 at ±∞, keeps the sign of zero.
    ERF
}
