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
    TANH
}
