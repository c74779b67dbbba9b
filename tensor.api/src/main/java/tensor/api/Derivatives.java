package tensor.api;

import java.util.List;
import java.util.Objects;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.spi.BinaryOp;
import tensor.spi.Contraction;
import tensor.spi.ReduceOp;
import tensor.spi.UnaryOp;

/// The derivative table: one row per primitive, written with tensors, so that every derivative has
/// a derivative.
final class Derivatives {
    private Derivatives() {}

    /// {@return the cotangent of input `i`} Asked only of inputs that lead to a wanted tensor; such
    /// are floating point.
    ///
    /// @param op the operation
    /// @param i which input, from 0
    /// @param in its inputs
    /// @param y its output
    /// @param g the cotangent of `y`
    static Tensor vjp(Op op, int i, Tensor[] in, Tensor y, Tensor g) {
        Tensor x = in[i];
        return switch (op) {
            case Op.Map1(UnaryOp f) ->
                    switch (f) {
                        case NEG -> g.neg();
                        case EXP -> g.mul(y);
                        case LOG -> g.div(x);
                        case SIN -> g.mul(x.cos());
                        case COS -> g.mul(x.sin()).neg();
                        case SQRT -> g.div(y.mul(2));
                        case TANH -> g.sub(g.mul(y).mul(y));
                        case EXPM1 -> g.mul(x.exp());
                        case LOG1P -> g.div(x.add(1));
                        case ERF -> g.mul(x.square().neg().exp()).mul(2 / Math.sqrt(Math.PI));
                    };
            case Op.Map2(BinaryOp f) -> {
                Tensor other = in[1 - i];
                yield switch (f) {
                    case ADD -> g;
                    case SUB -> i == 0 ? g : g.neg();
                    case MUL -> g.mul(other);
                    case DIV -> i == 0 ? g.div(other) : g.mul(y).div(x).neg();
                    case MAX -> greaterShare(x, other, g);
                    case POW -> i == 0 ? ofBase(x, other, g) : ofExponent(other, x, y, g);
                    case LESS, EQUAL ->
                            throw new AssertionError(f + " gives bool, which is never tracked");
                };
            }
            case Op.Where() -> {
                Tensor zero = Sources.constant("where", g, 0);
                yield i == 1 ? Tensor.where(in[0], g, zero) : Tensor.where(in[0], zero, g);
            }
            case Op.Reduce(ReduceOp f, Axes axes) ->
                    switch (f) {
                        case SUM -> g.expand(x.shape());
                        case MAX -> equalShares(x, axes, y, g);
                    };
            case Op.CumSum(int axis) ->
                    Dispatch.apply(new Op.CumSum(axis), g.flip(axis)).flip(axis);
            case Op.Position(_, _), Op.ArgSort(_, _) ->
                    throw new AssertionError(op.label() + " gives int64, which is never tracked");
            case Op.MatMul() -> {
                Tensor other = uncopied(in[1 - i]);
                if (isTransposed(uncopied(x))) { // so is its cotangent then, with the same bits
                    yield i == 0 ? other.matMul(g.t()).t() : g.t().matMul(other).t();
                }
                yield i == 0 ? g.matMul(other.t()) : other.t().matMul(g);
            }
            case Op.Contract(
                            Contraction by) -> // each name stands in two of the three, whichever is
                    // left out
                    i == 0
                            ? Dispatch.apply(
                                    new Op.Contract(
                                            new Contraction(by.out(), by.right(), by.left())),
                                    g,
                                    in[1])
                            : Dispatch.apply(
                                    new Op.Contract(
                                            new Contraction(by.left(), by.out(), by.right())),
                                    in[0],
                                    g);
            case Op.Gather(int axis) -> Sources.zeros(x).scatterAdd(axis, in[1], g);
            case Op.ScatterAdd(int axis) -> i == 0 ? g : g.gather(axis, in[1]);
            case Op.Cast(_) -> g.cast(x.dtype());
            case Op.Copy() -> g;
            case Op.Transfer(_) -> g.to(x.device());
            case Op.Reshape(_) -> g.reshape(x.shape());
            case Op.Permute(Axes axes) -> Dispatch.apply(new Op.Permute(axes.inverse()), g);
            case Op.Expand(_) -> Reductions.sumToShape(g, x.shape());
            case Op.Slice(int axis, long start, _, long step) ->
                    Dispatch.apply(new Op.Pad(x.shape(), axis, start, step, 0), g);
            case Op.Windows(int axis, int size, int step, int dilation) ->
                    overlaid(x.shape(), axis, size, step, dilation, g);
            case Op.Pad(_, int axis, long start, long step, _) ->
                    Dispatch.apply(new Op.Slice(axis, start, start + x.size(axis) * step, step), g);
            case Op.Concat(int axis) -> {
                long start = 0;
                for (int before = 0; before < i; before++) {
                    start += in[before].size(axis);
                }
                yield Dispatch.apply(new Op.Slice(axis, start, start + x.size(axis), 1), g);
            }
            case Op.Ours(_, Vjp vjp) -> vjp.cotangent(i, List.of(in), y, g);
            case Op.Fused(_, _), Op.Whole(_, _) ->
                    throw new AssertionError(
                            "what is computed at once has one sweep for all inputs");
            case Op.Custom custom -> Custom.cotangent(custom, i, in, y, g);
        };
    }

    /// {@return what a matrix is a copy of, if that is transposed} A weight may be laid out anew for its products at every
    /// place of a sequence; their derivatives want it as it was.
    private static Tensor uncopied(Tensor x) {
        Node node = x.node();
        return node != null
                        && node.op instanceof Op.Copy
                        && isTransposed(node.inputs[0])
                        && node.inputs[0].isAlive()
                ? node.inputs[0]
                : x;
    }

    private static boolean isTransposed(Tensor x) {
        Layout layout = x.data().layout();
        return layout.stride(-1) != 1 && layout.stride(-2) == 1;
    }

    /// Nothing where `x` is the smaller one, half of `g` where both are equal, else `g`: also where one is NaN, so that it
    /// shows.
    private static Tensor greaterShare(Tensor x, Tensor other, Tensor g) {
        Tensor zero = Sources.constant("maximum", g, 0);
        return Tensor.where(x.less(other), zero, Tensor.where(x.equalTo(other), g.mul(0.5), g));
    }

    /// `g·b·aᵇ⁻¹`; 0 where `b` is 0, also where the power would be infinite.
    private static Tensor ofBase(Tensor a, Tensor b, Tensor g) {
        Tensor constant = b.equalTo(0);
        Tensor lower = Tensor.where(constant, Sources.constant("pow", b, 1), b.sub(1));
        Tensor slope = g.mul(b).mul(a.pow(lower));
        return Tensor.where(constant, Sources.constant("pow", g, 0), slope);
    }

    /// `g·aᵇ·ln a`; 0 where `a` is 0 and `b` is not negative, also where the logarithm would be infinite.
    private static Tensor ofExponent(Tensor a, Tensor b, Tensor y, Tensor g) {
        Tensor vanishes = a.equalTo(0).and(b.greaterOrEqual(0));
        Tensor base = Tensor.where(vanishes, Sources.constant("pow", a, 1), a);
        return Tensor.where(vanishes, Sources.constant("pow", g, 0), g.mul(y).mul(base.log()));
    }

    /// `g` shared evenly between all elements that equal the maximum `y`; NaN, so that it shows, where the maximum is NaN,
    /// which nothing equals.
    private static Tensor equalShares(Tensor x, Axes axes, Tensor y, Tensor g) {
        Tensor winners = x.equalTo(y);
        Tensor count = winners.cast(x.dtype()).sum(axes.keep());
        Tensor zero = count.sub(count).div(count);
        return Tensor.where(winners, g.div(count), zero.expand(x.shape()));
    }

    /// Windows laid back where they came from, and added where they overlap.
    private static Tensor overlaid(Shape to, int axis, int size, int step, int dilation, Tensor g) {
        Tensor sum = null;
        for (int i = 0; i < size; i++) {
            long start = (long) i * dilation;
            Tensor part = Dispatch.apply(new Op.Pad(to, axis, start, step, 0), g.select(-1, i));
            sum = sum == null ? part : sum.add(part);
        }
        return Objects.requireNonNull(sum, "a window has an element");
    }
}
