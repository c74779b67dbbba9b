package tensor.spi;

/// The primitives that find a position along one axis. Defined on float32, float64 and integers.
public enum PositionOp {
    /// The first position of the greatest element; of the first NaN, if there is one.
    MAX,
    /// The first position of the least element; of the first NaN, if there is one.
    MIN
}
