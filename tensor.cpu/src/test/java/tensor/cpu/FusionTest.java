package tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tensor.api.Axes;
import tensor.api.Fusion;
import tensor.api.Gradients;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.layout.ShapeException;

/// Fusions have the bits of their definitions: results and gradients; gradients of gradients but for the order of sums.
class FusionTest {
    private static final RandomKey KEY = RandomKey.of(7);

    @TestFactory
    List<DynamicTest> aFusionHasTheBitsOfItsDefinition() {
        List<DynamicTest> tests = new ArrayList<>();
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
            for (Shape shape : SHAPES) {
                for (Case one : CASES) {
                    String name = "%s of %s %s".formatted(one.name, shape, dtype);
                    tests.add(DynamicTest.dynamicTest(name, () -> check(one, shape, dtype)));
                }
            }
        }
        return tests;
    }

    private static final List<Shape> SHAPES =
            List.of(
                    Shape.of(1),
                    Shape.of(3, 10),
                    Shape.of(2, 5, 64),
                    Shape.of(1, 2049),
                    Shape.of(70, 81),
                    Shape.of(33, 1),
                    Shape.of(3, 8191),
                    Shape.of(72, 1000));

    private record Case(String name, int inputs, Function<List<Tensor>, Tensor> definition) {}

    private static final List<Case> CASES =
            List.of(
                    new Case("same", 1, in -> in.get(0)),
                    new Case("constant", 1, in -> in.get(0).mul(0).add(3)),
                    new Case("product", 2, in -> in.get(0).mul(in.get(1))),
                    new Case("relu", 1, in -> in.get(0).relu()),
                    new Case("sigmoid", 1, in -> in.get(0).sigmoid()),
                    new Case(
                            "gelu",
                            1,
                            in -> in.get(0).mul(in.get(0).mul(0.7).erf().add(1)).mul(0.5)),
                    new Case(
                            "gate",
                            3,
                            in ->
                                    Tensor.where(
                                            in.get(0).less(in.get(1)),
                                            in.get(1).tanh().mul(in.get(2)),
                                            in.get(0)
                                                    .exp()
                                                    .cast(DType.FLOAT32)
                                                    .cast(in.get(0).dtype()))),
                    new Case("mean", 1, in -> in.get(0).mean(Axes.of(-1).keep())),
                    new Case(
                            "softmax",
                            1,
                            in -> {
                                Tensor x = in.get(0);
                                Tensor e = x.sub(x.detach().max(Axes.of(-1).keep())).exp();
                                return e.div(e.sum(Axes.of(-1).keep()));
                            }),
                    new Case(
                            "normalized",
                            3,
                            in -> {
                                Tensor x = in.get(0);
                                Tensor centred = x.sub(x.mean(Axes.of(-1).keep()));
                                Tensor v = centred.square().mean(Axes.of(-1).keep());
                                return centred.div(v.add(1e-5).sqrt())
                                        .mul(in.get(1))
                                        .add(in.get(2));
                            }));

    private static void check(Case one, Shape shape, DType dtype) {
        for (Arrangement arrangement : Arrangement.values()) {
            List<Tensor> plain = new ArrayList<>();
            List<Tensor> fused = new ArrayList<>();
            for (int i = 0; i < one.inputs; i++) {
                Tensor x = arrangement.of(KEY.fold(i), shape, dtype, i);
                plain.add(x.requireGradient());
                fused.add(x.requireGradient());
            }
            Fusion fusion = Fusion.of(one.name, one.definition);
            Tensor weight = Tensor.normal(KEY.fold(9), shape, dtype);
            List<Tensor> domain = plain.stream().map(x -> seen(x, shape)).toList();
            Tensor y = one.definition.apply(domain);
            Tensor z = fusion.apply(fused.toArray(Tensor[]::new));
            same("result", y, z);
            Tensor w = weight.slice(-1, 0, y.size(-1)).requireGradient();
            same("first", Gradients.of(y, w.detach(), plain), Gradients.of(z, w.detach(), fused));
            List<Tensor> gy = Gradients.differentiable(y, w, plain);
            List<Tensor> gz = Gradients.differentiable(z, w, fused);
            same("recorded", gy, gz);
            near(second(gy, plain, w), second(gz, fused, w));
        }
    }

    @Test
    void stackedResultsAreThoseThatStandAlone() {
        Fusion fusion =
                Fusion.several(
                        "both", in -> List.of(in.get(0).add(in.get(1)), in.get(0).mul(in.get(1))));
        Fusion folds =
                Fusion.several(
                        "folds",
                        in ->
                                List.of(
                                        in.getFirst().sum(Axes.of(-1).keep()),
                                        in.getFirst().max(Axes.of(-1).keep())));
        for (Shape shape : SHAPES) {
            Tensor a = Tensor.normal(KEY.fold(1), shape);
            Tensor b = Tensor.normal(KEY.fold(2), Shape.of(shape.size(-1)));
            Tensor tracked = b.requireGradient();
            for (int axis = -shape.rank() - 1; axis <= shape.rank(); axis++) {
                Tensor expected = Tensor.stack(axis, a.add(b), a.mul(b));
                same("stacked", expected, fusion.stacked(axis, a, b));
                Tensor stacked = fusion.stacked(axis, a, tracked);
                same("tracked", expected, stacked);
                Tensor[] alone = fusion.all(a, tracked).toArray(Tensor[]::new);
                Tensor plain = Tensor.stack(axis, alone);
                Tensor g = Tensor.normal(KEY.fold(3), expected.shape());
                same(
                        "gradient",
                        Gradients.of(plain, g, List.of(tracked)),
                        Gradients.of(stacked, g, List.of(tracked)));
                same(
                        "folds",
                        Tensor.stack(axis, a.sum(Axes.of(-1).keep()), a.max(Axes.of(-1).keep())),
                        folds.stacked(axis, a));
            }
        }
    }

    @Test
    void resultsOfOneShapeAndTypeCanBeStacked() {
        Fusion shapes =
                Fusion.several(
                        "shapes",
                        in -> List.of(in.getFirst(), in.getFirst().sum(Axes.of(-1).keep())));
        Fusion types =
                Fusion.several(
                        "types", in -> List.of(in.getFirst(), in.getFirst().cast(DType.INT32)));
        Tensor x = Tensor.ones(Shape.of(2, 3));

        assertThrows(ShapeException.class, () -> shapes.stacked(0, x));
        assertThrows(IllegalArgumentException.class, () -> types.stacked(0, x));
        assertThrows(ShapeException.class, () -> types.stacked(4, x));
    }

    private static List<Tensor> second(List<Tensor> gradients, List<Tensor> inputs, Tensor w) {
        Tensor sum = Tensor.scalar(0f).cast(w.dtype());
        for (Tensor g : gradients) {
            sum = sum.add(g.square().sum());
        }
        List<Tensor> all = new ArrayList<>(inputs);
        all.add(w);
        return sum.tracked() ? Gradients.of(sum, all) : List.of();
    }

    private static Tensor seen(Tensor x, Shape domain) {
        return x.rank() > 0 && x.size(-1) == 1
                ? x.expand(domain.with(domain.rank() - 1, 1))
                : x.expand(domain);
    }

    private static void same(String what, List<Tensor> a, List<Tensor> b) {
        assertEquals(a.size(), b.size());
        for (int i = 0; i < a.size(); i++) {
            same(what + " " + i, a.get(i), b.get(i));
        }
    }

    /// Sums of several shares may be added in another order.
    private static void near(List<Tensor> a, List<Tensor> b) {
        for (int i = 0; i < a.size(); i++) {
            double[] x = a.get(i).toDoubles();
            double[] y = b.get(i).toDoubles();
            double most = Arrays.stream(x).map(Math::abs).max().orElse(0);
            double ulp = a.get(i).dtype() == DType.FLOAT32 ? Math.ulp(1f) : Math.ulp(1.0);
            assertArrayEquals(x, y, 64 * ulp * (1 + most), "second " + i);
        }
    }

    private static void same(String what, Tensor a, Tensor b) {
        assertEquals(a.shape(), b.shape(), what);
        if (a.dtype() == DType.FLOAT32) {
            assertArrayEquals(a.toFloats(), b.toFloats(), what);
        } else {
            assertArrayEquals(a.toDoubles(), b.toDoubles(), what);
        }
    }

    private enum Arrangement {
        DENSE,
        BROADCAST,
        STRIDED;

        Tensor of(RandomKey key, Shape shape, DType dtype, int input) {
            return switch (this) {
                case DENSE -> Tensor.normal(key, shape, dtype);
                case BROADCAST ->
                        input == 0
                                ? Tensor.normal(key, shape, dtype)
                                : input == 1
                                        ? Tensor.normal(key, Shape.of(shape.size(-1)), dtype)
                                        : Tensor.normal(key, Shape.scalar(), dtype);
                case STRIDED -> {
                    Shape wide = shape.with(shape.rank() - 1, 2 * shape.size(-1));
                    yield Tensor.normal(key, wide, dtype).slice(-1, 0, wide.size(-1), 2);
                }
            };
        }
    }
}
