package tensor.spi;

import tensor.layout.DType;

/// The primitives that fold axes away.
public enum ReduceOp {
    /// The sum; 0 of nothing. On float32, float64 and int64, which wraps around.
    SUM,
    /// The greatest element as [Math#max(double, double)] says: NaN if any is NaN. Never asked of
    /// nothing. On float32, float64 and integers.
    MAX;

    /// {@return the operator that folds two elements}
    public BinaryOp pairwise() {
        return switch (this) {
            case SUM -> BinaryOp.ADD;
            case MAX -> BinaryOp.MAX;
        };
    }

    /// {@return whether it works on elements of a type}
    ///
    /// @param dtype of the operand
    public boolean isDefinedOn(DType dtype) {
        return switch (dtype) {
            case FLOAT32, FLOAT64, INT64 -> true;
            case INT32, UINT8 -> this == MAX;
            case FLOAT16, BFLOAT16, BOOL -> false;
        };
    }
}
