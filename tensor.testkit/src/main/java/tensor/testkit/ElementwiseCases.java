package tensor.testkit;

import java.util.ArrayList;
import java.util.List;
import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.spi.BinaryOp;
import tensor.spi.UnaryOp;

/// Cases of the primitives that work element by element: every shape, arrangement and special
/// value.
final class ElementwiseCases {
    private ElementwiseCases() {}

    static List<OpCase> unary(DType dtype, UnaryOp op) {
        List<OpCase> cases = new ArrayList<>();
        for (Shape shape : Sizes.AROUND_LANES) {
            for (Arrangement arrangement : Arrangement.values()) {
                cases.add(unary(op, Given.of(Values.MIXED, dtype, shape, arrangement, 1)));
            }
        }
        Layout specials = Layout.contiguous(Shape.of(Values.specialCount(dtype)));
        cases.add(unary(op, new Given(dtype, Values.MIXED.specials(dtype, 1, 1), specials)));
        Shape many = Shape.of(20_000);
        cases.add(unary(op, Given.of(Values.ORDINARY, dtype, many, Arrangement.CONTIGUOUS, 2)));
        return cases;
    }

    private static OpCase unary(UnaryOp op, Given x) {
        return OpCase.of(op.name(), x.layout().shape(), x.dtype(), x)
                .within(Tolerance.of(op))
                .by((backend, in, out) -> backend.unary(op, in.getFirst(), out));
    }

    static List<OpCase> binary(DType dtype, BinaryOp op) {
        Values divisors = op == BinaryOp.DIV ? Values.DIVISORS : Values.MIXED;
        List<OpCase> cases = new ArrayList<>();
        for (Shape shape : Sizes.AROUND_LANES) {
            for (Arrangement arrangement : Arrangement.values()) {
                Arrangement other = arrangement.later(shape.hashCode());
                Given a = Given.of(Values.MIXED, dtype, shape, arrangement, 3);
                cases.add(binary(op, a, Given.of(divisors, dtype, shape, other, 4)));
            }
        }
        int kinds = Values.specialCount(dtype);
        Layout square = Layout.contiguous(Shape.of(kinds, kinds));
        Given rows = new Given(dtype, Values.MIXED.specials(dtype, kinds, 1), square);
        cases.add(binary(op, rows, new Given(dtype, divisors.specials(dtype, 1, kinds), square)));
        return cases;
    }

    private static OpCase binary(BinaryOp op, Given a, Given b) {
        DType result = op.isComparison() ? DType.BOOL : a.dtype();
        return OpCase.of(op.name(), a.layout().shape(), result, a, b)
                .within(Tolerance.of(op))
                .by((backend, in, out) -> backend.binary(op, in.get(0), in.get(1), out));
    }

    static List<OpCase> where(DType dtype) {
        List<OpCase> cases = new ArrayList<>();
        for (Shape shape : Sizes.AROUND_LANES) {
            for (Arrangement arrangement : Arrangement.values()) {
                Arrangement second = arrangement.later(2);
                Arrangement third = arrangement.later(shape.hashCode());
                Given condition = Given.of(Values.MIXED, DType.BOOL, shape, arrangement, 5);
                Given a = Given.of(Values.MIXED, dtype, shape, second, 6);
                Given b = Given.of(Values.MIXED, dtype, shape, third, 7);
                cases.add(
                        OpCase.of("where", shape, dtype, condition, a, b)
                                .by((backend, in, out) ->
                                        backend.where(in.get(0), in.get(1), in.get(2), out)));
            }
        }
        return cases;
    }

    static List<OpCase> cast(DType from, DType to) {
        List<Given> inputs = new ArrayList<>();
        for (Shape shape : Sizes.AROUND_LANES) {
            for (Arrangement arrangement : Arrangement.values()) {
                inputs.add(Given.of(Values.MIXED, from, shape, arrangement, 8));
            }
        }
        Layout specials = Layout.contiguous(Shape.of(Values.specialCount(from)));
        inputs.add(new Given(from, Values.MIXED.specials(from, 1, 1), specials));
        List<OpCase> cases = new ArrayList<>();
        for (Given x : inputs) {
            cases.add(
                    OpCase.of("cast to " + to, x.layout().shape(), to, x)
                            .by((backend, in, out) -> backend.cast(in.getFirst(), out)));
        }
        return cases;
    }
}
