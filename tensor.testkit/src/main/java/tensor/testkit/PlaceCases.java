package tensor.testkit;

import java.util.ArrayList;
import java.util.List;
import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.spi.Operand;

/// Cases of the primitives that say where elements go: by index, by copy, into views, out of
/// nothing.
final class PlaceCases {
    private static final double[] FILLINGS = {
        0, -0.0, 1, -2.5, Double.NaN, Double.NEGATIVE_INFINITY, 1e-310
    };

    private PlaceCases() {}

    static List<OpCase> gather(DType dtype, Arrangement arrangement) {
        List<OpCase> cases = new ArrayList<>();
        for (Positions at : Positions.CASES) {
            Given x = Given.of(Values.MIXED, dtype, at.shape(), arrangement, 1);
            for (Given index : at.indices()) {
                Shape picked = index.layout().shape();
                cases.add(
                        OpCase.of("gather along " + at.axis(), picked, dtype, x, index)
                                .by((backend, in, out) ->
                                        backend.gather(in.get(0), in.get(1), at.axis(), out)));
            }
        }
        return cases;
    }

    static List<OpCase> scatterAdd(DType dtype, Arrangement arrangement) {
        List<OpCase> cases = new ArrayList<>();
        for (Positions at : Positions.CASES) {
            Given start = Given.of(Values.ORDINARY, dtype, at.shape(), Arrangement.CONTIGUOUS, 2);
            for (Given index : at.indices()) {
                Given source =
                        Given.of(Values.ORDINARY, dtype, index.layout().shape(), arrangement, 3);
                OpCase.Kernel kernel =
                        (backend, in, out) -> {
                            backend.copy(in.get(0), out);
                            backend.scatterAdd(in.get(1), in.get(2), at.axis(), out);
                        };
                cases.add(
                        OpCase.of(
                                        "scatterAdd along " + at.axis(),
                                        at.shape(),
                                        dtype,
                                        start,
                                        index,
                                        source)
                                .within(Tolerance.SCATTER_ADD)
                                .judgedAsSum()
                                .by(kernel));
            }
        }
        return cases;
    }

    static List<OpCase> copy(DType dtype, Arrangement arrangement) {
        List<OpCase> cases = new ArrayList<>();
        for (Shape shape : Sizes.AROUND_LANES) {
            Given x = Given.of(Values.MIXED, dtype, shape, arrangement, 4);
            OpCase.Kernel copy = (backend, in, out) -> backend.copy(in.getFirst(), out);
            cases.add(OpCase.of("copy", shape, dtype, x).by(copy));
            for (Arrangement view : Arrangement.WRITABLE) {
                cases.add(
                        into(
                                view.of(shape),
                                OpCase.of("copy into " + view, shape, dtype, x).by(copy)));
            }
        }
        return cases;
    }

    static List<OpCase> fill(DType dtype, Arrangement view) {
        List<OpCase> cases = new ArrayList<>();
        for (Shape shape : Sizes.AROUND_LANES) {
            for (double value : FILLINGS) {
                OpCase fill =
                        OpCase.of("fill with " + value, shape, dtype)
                                .by((backend, _, out) -> backend.fill(out, dtype.bits(value)));
                cases.add(into(view.of(shape), fill));
            }
        }
        return cases;
    }

    static List<OpCase> random(DType dtype, long[] key) {
        List<OpCase> cases = new ArrayList<>();
        for (Shape shape : Sizes.AROUND_LANES) {
            cases.add(
                    OpCase.of("random", shape, dtype)
                            .by((backend, _, out) -> backend.random(key[0], key[1], out)));
        }
        return cases;
    }

    /// A case whose result goes into a view. The whole storage is compared: what lies between the
    /// elements of the view must stay as it was.
    private static OpCase into(Layout view, OpCase dense) {
        Shape whole = Shape.of(Math.toIntExact(Arrangement.storageSize(view)));
        OpCase.Kernel kernel =
                (backend, in, out) -> {
                    backend.fill(out, dense.dtype().bits(1));
                    dense.kernel().run(backend, in, new Operand(out.storage(), view));
                };
        return OpCase.of(dense.name(), whole, dense.dtype(), dense.inputs().toArray(new Given[0]))
                .by(kernel);
    }
}
