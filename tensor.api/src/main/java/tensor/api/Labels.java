package tensor.api;

import tensor.spi.BinaryOp;
import tensor.spi.PositionOp;
import tensor.spi.ReduceOp;
import tensor.spi.UnaryOp;

/// The names of operators in messages: those of the methods of [Tensor].
final class Labels {
    private Labels() {}

    static String of(UnaryOp op) {
        return switch (op) {
            case NEG -> "neg";
            case EXP -> "exp";
            case LOG -> "log";
            case SIN -> "sin";
            case COS -> "cos";
            case SQRT -> "sqrt";
            case TANH -> "tanh";
            case EXPM1 -> "expm1";
            case LOG1P -> "log1p";
            case ERF -> "erf";
        };
    }

    static String of(BinaryOp op) {
        return switch (op) {
            case ADD -> "add";
            case SUB -> "sub";
            case MUL -> "mul";
            case DIV -> "div";
            case MAX -> "maximum";
            case POW -> "pow";
            case LESS -> "less";
            case EQUAL -> "equalTo";
        };
    }

    static String of(PositionOp op) {
        return switch (op) {
            case MAX -> "argMax";
            case MIN -> "argMin";
        };
    }

    static String of(ReduceOp op) {
        return switch (op) {
            case SUM -> "sum";
            case MAX -> "max";
        };
    }
}
