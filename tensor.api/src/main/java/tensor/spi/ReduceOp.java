package tensor.spi;

/// The primitives that fold axes away. Defined on float32, float64 and int64.
public enum ReduceOp {
    /// The sum; 0 of nothing. Integers wrap around.
    SUM,
    /// The greatest element as [Math#max(double, double)] says: NaN if any is NaN. Never asked of
    /// nothing.
    MAX
}
