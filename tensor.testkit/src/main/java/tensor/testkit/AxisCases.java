package tensor.testkit;

import java.util.ArrayList;
import java.util.List;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.spi.PositionOp;
import tensor.spi.SortOrder;

/// Cases of the primitives that go along one axis in order: every shape, axis and arrangement, with special values.
final class AxisCases {
    /// Long enough for every way to sort, and with more equal elements than different ones.
    private static final Shape MANY = Shape.of(3, 700);

    private AxisCases() {}

    static List<OpCase> cumSum(DType dtype, Arrangement arrangement) {
        List<OpCase> cases = new ArrayList<>();
        for (Along along : everyAxis()) {
            Given x = Given.of(Values.SUMMANDS, dtype, along.shape, arrangement, 1);
            cases.add(
                    OpCase.of("cumSum along " + along.axis, along.shape, dtype, x)
                            .by((backend, in, out) ->
                                    backend.cumSum(in.getFirst(), along.axis, out)));
        }
        return cases;
    }

    static List<OpCase> position(DType dtype, PositionOp op) {
        List<OpCase> cases = new ArrayList<>();
        for (Along along : everyAxis()) {
            if (along.shape.size(along.axis) == 0) {
                continue; // never asked
            }
            for (Given x : given(dtype, along.shape)) {
                Shape folded = along.shape.with(along.axis, 1);
                cases.add(
                        OpCase.of(op + " along " + along.axis, folded, DType.INT64, x)
                                .by((backend, in, out) ->
                                        backend.position(op, in.getFirst(), along.axis, out)));
            }
        }
        return cases;
    }

    static List<OpCase> argSort(DType dtype, SortOrder order) {
        List<OpCase> cases = new ArrayList<>();
        for (Along along : everyAxis()) {
            for (Given x : given(dtype, along.shape)) {
                cases.add(
                        OpCase.of(order + " along " + along.axis, along.shape, DType.INT64, x)
                                .by((backend, in, out) ->
                                        backend.argSort(order, in.getFirst(), along.axis, out)));
            }
        }
        return cases;
    }

    private static List<Given> given(DType dtype, Shape shape) {
        List<Given> all = new ArrayList<>();
        for (Arrangement arrangement : Arrangement.values()) {
            all.add(Given.of(Values.MIXED, dtype, shape, arrangement, 2));
        }
        all.add(Given.of(Values.ORDINARY, dtype, shape, Arrangement.CONTIGUOUS, 3));
        return all;
    }

    /// A shape and one of its axes.
    private record Along(Shape shape, int axis) {}

    private static List<Along> everyAxis() {
        List<Shape> shapes = new ArrayList<>(Sizes.AROUND_LANES);
        shapes.add(MANY);
        List<Along> all = new ArrayList<>();
        for (Shape shape : shapes) {
            for (int axis = 0; axis < shape.rank(); axis++) {
                all.add(new Along(shape, axis));
            }
        }
        return all;
    }
}
