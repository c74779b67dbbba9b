package tensor.api;

import java.util.List;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.spi.BinaryOp;
import tensor.spi.UnaryOp;

/// Operations element by element: broadcasting, and the composites.
final class Elementwise {
    private static final Fusion RELU = Fusion.of("relu", in -> reluOf(in.getFirst()));
    private static final Fusion SIGMOID = Fusion.of("sigmoid", in -> sigmoidOf(in.getFirst()));

    private Elementwise() {}

    static Tensor map(UnaryOp op, Tensor x) {
        return Dispatch.apply(new Op.Map1(op), x);
    }

    static Tensor map(BinaryOp op, Tensor a, Tensor b) {
        return map(Labels.of(op), op, a, b);
    }

    /// @param where the operation in messages, where a composite stands in front of the primitive
    static Tensor map(String where, BinaryOp op, Tensor a, Tensor b) {
        Checks.sameDType(where, a, b);
        if (!op.isDefinedOn(a.dtype())) {
            Checks.number(where, a, b);
            Checks.floating(where, a);
        }
        Op map = new Op.Map2(op);
        if (a.shape().equals(b.shape())) {
            return Dispatch.apply(map, a, b);
        }
        Shape shape = Shape.broadcast(where, a.shape(), b.shape());
        return Dispatch.apply(map, a.expand(shape), b.expand(shape));
    }

    static Tensor map(String where, BinaryOp op, Tensor a, double b) {
        return map(where, op, a, Sources.constant(where, a, b));
    }

    static Tensor where(Tensor condition, Tensor a, Tensor b) {
        Checks.bool("where", condition);
        Checks.sameDType("where", a, b);
        Shape shape =
                Shape.broadcast(
                        "where", condition.shape(), Shape.broadcast("where", a.shape(), b.shape()));
        return Dispatch.apply(
                new Op.Where(), condition.expand(shape), a.expand(shape), b.expand(shape));
    }

    static Tensor neg(Tensor x) {
        if (x.dtype().isInteger()) {
            return Sources.constant("neg", x, 0).sub(x);
        }
        return map(UnaryOp.NEG, x);
    }

    static Tensor minimum(Tensor a, Tensor b) {
        Checks.sameDType("minimum", a, b);
        Checks.number("minimum", a, b);
        if (a.dtype().isInteger()) {
            return where(a.less(b), a, b); // the negative of the least integer is itself
        }
        return map("minimum", BinaryOp.MAX, a.neg(), b.neg()).neg();
    }

    static Tensor lessOrEqual(String where, Tensor a, Tensor b) {
        return map(where, BinaryOp.LESS, a, b).or(map(where, BinaryOp.EQUAL, a, b));
    }

    static Tensor not(String where, Tensor x) {
        Checks.bool(where, x);
        return map(BinaryOp.EQUAL, x, Sources.fill(x.device(), Shape.scalar(), DType.BOOL, 0));
    }

    static Tensor and(Tensor a, Tensor b) {
        Checks.bool("and", a);
        Checks.bool("and", b);
        return where(a, b, a);
    }

    static Tensor or(Tensor a, Tensor b) {
        Checks.bool("or", a);
        Checks.bool("or", b);
        return where(a, a, b);
    }

    static Tensor xor(Tensor a, Tensor b) {
        Checks.bool("xor", a);
        Checks.bool("xor", b);
        return not("xor", map("xor", BinaryOp.EQUAL, a, b));
    }

    static Tensor relu(Tensor x) {
        Checks.floating("relu", x);
        return RELU.apply(x);
    }

    static Tensor sigmoid(Tensor x) {
        Checks.floating("sigmoid", x);
        return SIGMOID.apply(x);
    }

    /// With a derivative of its own, so that that at 0 is 0. Below the least positive number is one comparison, through
    /// which NaN passes.
    private static Tensor reluOf(Tensor x) {
        double least = x.dtype() == DType.FLOAT32 ? Float.MIN_VALUE : Double.MIN_VALUE;
        Vjp vjp =
                (_, in, _, g) ->
                        where(in.getFirst().less(least), Sources.constant("relu", g, 0), g);
        return Custom.apply(
                new Op.Ours("relu", vjp),
                List.of(x),
                in -> where(in.getFirst().less(0), Sources.constant("relu", x, 0), in.getFirst()));
    }

    /// With a derivative of its own: that of the composite would be ∞ · 0 far left.
    private static Tensor sigmoidOf(Tensor x) {
        Vjp vjp = (_, _, y, g) -> g.mul(y).mul(Sources.constant("sigmoid", y, 1).sub(y));
        return Custom.apply(
                new Op.Ours("sigmoid", vjp),
                List.of(x),
                in -> in.getFirst().neg().exp().add(1).reciprocal());
    }

    static Tensor abs(Tensor x) {
        Checks.number("abs", x);
        return x.dtype() == DType.UINT8 ? x : map("abs", BinaryOp.MAX, x, neg(x));
    }

    static Tensor isNaN(Tensor x) {
        Checks.floating("isNaN", x);
        return not("isNaN", map("isNaN", BinaryOp.EQUAL, x, x));
    }

    /// Where the low end is above the high one, the high one wins.
    static Tensor clamp(Tensor x, double low, double high) {
        Tensor atLeast = Sources.constant("clamp", x, low);
        Tensor atMost = Sources.constant("clamp", x, high);
        Tensor raised = where(x.less(atLeast), atLeast, x);
        return where(atMost.less(raised), atMost, raised);
    }
}
