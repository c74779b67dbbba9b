package tensor.testkit;

import tensor.spi.BinaryOp;
import tensor.spi.ReduceOp;
import tensor.spi.UnaryOp;

/// How far a backend may be from the correctly rounded result: the one table, in units in the last
/// place.
///
/// For sums the unit is that of the sum of the absolute values, because that is what rounding
/// errors grow with. A new operator does not compile before it stands here.
final class Tolerance {
    /// A product of matrices, inner sizes up to 1,031.
    static final double MAT_MUL = 32;

    /// Elements added to one place, up to a dozen.
    static final double SCATTER_ADD = 4;

    private Tolerance() {}

    static double of(UnaryOp op) {
        return switch (op) {
            case NEG, SQRT -> 0;
            case EXP, LOG -> 2;
            case SIN, COS, TANH, EXPM1, LOG1P, ERF -> 4;
        };
    }

    static double of(BinaryOp op) {
        return switch (op) {
            case ADD, SUB, MUL, DIV, MAX, LESS, EQUAL -> 0;
            case POW -> 2;
        };
    }

    static double of(ReduceOp op) {
        return switch (op) {
            case SUM -> 16;
            case MAX -> 0;
        };
    }
}
