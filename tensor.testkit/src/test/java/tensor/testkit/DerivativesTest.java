package tensor.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import tensor.api.Axes;
import tensor.api.Gradients;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.api.TensorScope;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.spi.BinaryOp;
import tensor.spi.ReduceOp;
import tensor.spi.UnaryOp;

/// Every row of the derivative table against central differences in float64, first and second
/// order; and the composites, whose derivatives are made of the rows.
@ExtendWith(OnReference.class)
class DerivativesTest {
    private static final Shape MATRIX = Shape.of(3, 4);

    /// A differentiable function at a point.
    ///
    /// @param row the record of the table that it is about, or the method where it is a composite
    private record Row(String row, String name, List<Tensor> at, Function<List<Tensor>, Tensor> f) {
        Tensor[] points() {
            return at.toArray(new Tensor[0]);
        }
    }

    @TestFactory
    Stream<DynamicTest> firstOrder() {
        return rows().stream()
                .map(row ->
                        dynamicTest(row.name(), () -> Gradcheck.gradcheck(row.f(), row.points())));
    }

    @TestFactory
    Stream<DynamicTest> secondOrder() {
        return rows().stream()
                .map(row ->
                        dynamicTest(
                                row.name(), () -> Gradcheck.gradgradcheck(row.f(), row.points())));
    }

    @Test
    void everyPrimitiveHasARowHere() throws ClassNotFoundException {
        Set<String> primitives = new TreeSet<>();
        for (Class<?> primitive : Class.forName("tensor.api.Op").getPermittedSubclasses()) {
            primitives.add(primitive.getSimpleName());
        }

        Set<String> rows = new TreeSet<>();
        rows().forEach(row -> rows.add(row.row()));
        rows.add("Ours"); // relu, sigmoid
        rows.add("Whole"); // CompositeTest
        rows.add("Fused"); // FusionTest of the CPU
        rows.add("Transfer"); // needs two devices: tested where there are two backends
        rows.addAll(List.of("Position", "ArgSort")); // give int64, which has no derivative
        rows.retainAll(primitives);

        assertEquals(primitives, rows);
    }

    @Test
    void theCopyOfATransposedMatrixServesWhenThatIsReleased() {
        Tensor x = random(1, MATRIX).requireGradient();
        Tensor weight = random(2, MATRIX).requireGradient();
        Tensor copy = TensorScope.get("laid out", () -> weight.mul(1).t().copy());

        Tensor gradient = Gradients.of(x.matMul(copy).sum(), List.of(x)).getFirst();

        Tensor columns = weight.detach().sum(0).expand(MATRIX);
        assertEquals(0, gradient.sub(columns).abs().max().item(), 1e-12);
    }

    @Test
    void comparisonsAndIntegersAreNotTracked() {
        Tensor x = Tensor.of(1.0, 2.0).requireGradient();

        assertFalse(x.less(1.5).tracked());
        assertFalse(x.equalTo(1.5).tracked());
        assertFalse(x.cast(DType.INT64).tracked());
        assertFalse(x.argMax(0).tracked());
    }

    private static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (UnaryOp op : UnaryOp.values()) {
            rows.add(
                    row("Map1", op.name(), List.of(pointsFor(op)), in -> apply(op, in.getFirst())));
        }
        for (BinaryOp op : BinaryOp.values()) {
            if (!op.isComparison()) {
                List<Tensor> at = List.of(random(1, MATRIX), random(2, MATRIX).add(3));
                rows.add(row("Map2", op.name(), at, in -> apply(op, in.get(0), in.get(1))));
            }
        }
        rows.add(row("Map2", "MAX both ways", two(MATRIX), in -> in.get(0).maximum(in.get(1))));
        Tensor mask = random(9, MATRIX).less(0);
        rows.add(
                row("Where", "where", two(MATRIX), in -> Tensor.where(mask, in.get(0), in.get(1))));
        for (ReduceOp op : ReduceOp.values()) {
            rows.add(
                    row(
                            "Reduce",
                            op + " all",
                            one(MATRIX),
                            in -> apply(op, in.getFirst(), Axes.all())));
            rows.add(
                    row(
                            "Reduce",
                            op + " rows",
                            one(MATRIX),
                            in -> apply(op, in.getFirst(), Axes.of(1))));
            rows.add(
                    row(
                            "Reduce",
                            op + " kept",
                            one(MATRIX),
                            in -> apply(op, in.getFirst(), Axes.of(0).keep())));
            rows.add(
                    row(
                            "Reduce",
                            op + " two of three",
                            one(Shape.of(2, 3, 2)),
                            in -> apply(op, in.getFirst(), Axes.of(0, -1))));
        }
        rows.add(row("CumSum", "cumSum", one(Shape.of(2, 3, 2)), in -> in.getFirst().cumSum(1)));
        matrixRows(rows);
        positionRows(rows);
        viewRows(rows);
        compositeRows(rows);
        return rows;
    }

    private static void matrixRows(List<Row> rows) {
        int[][][] shapes = {
            {{3, 4}, {4, 2}},
            {{4}, {4, 2}},
            {{3, 4}, {4}},
            {{4}, {4}},
            {{2, 3, 4}, {4, 2}},
            {{2, 3, 4}, {2, 4, 2}},
            {{2, 1, 3, 2}, {3, 2, 2}},
            {{3, 2}, {2, 2, 3}}
        };
        for (int[][] shape : shapes) {
            List<Tensor> at = List.of(random(1, Shape.of(shape[0])), random(2, Shape.of(shape[1])));
            String name = "matMul " + Arrays.deepToString(shape);
            rows.add(row("MatMul", name, at, in -> in.get(0).matMul(in.get(1))));
        }
        rows.add(
                row(
                        "MatMul",
                        "matMul of views",
                        two(MATRIX),
                        in -> in.get(0).t().matMul(in.get(1).flip(0))));
        rows.add(
                row(
                        "MatMul",
                        "matMul with the copy of a transposed matrix",
                        two(MATRIX),
                        in -> in.get(0).matMul(in.get(1).t().copy())));
        for (String equation :
                List.of("ij,ij->ji", "ij,ij->", "ij,ij->j", "ij,kj->ik", "ij,kl->ljki")) {
            rows.add(
                    row(
                            "Contract",
                            equation,
                            two(MATRIX),
                            in -> Tensor.einsum(equation, in.get(0), in.get(1))));
        }
        rows.add(
                row(
                        "Contract",
                        "of windows",
                        two(MATRIX),
                        in ->
                                Tensor.einsum(
                                        "ipk,ik->kp",
                                        in.get(0).windows(1, 2, 1, 1),
                                        in.get(1).slice(1, 0, 2))));
    }

    private static void positionRows(List<Row> rows) {
        Tensor index = Tensor.of(new long[] {0, 3, 3, 1, 1, 1}, Shape.of(3, 2));
        rows.add(row("Gather", "gather", one(MATRIX), in -> in.getFirst().gather(1, index)));
        Tensor down = Tensor.of(new long[] {2, 0, 2, 2, 1}, Shape.of(5, 1)).expand(Shape.of(5, 3));
        rows.add(
                row("Gather", "gather repeated", one(MATRIX), in -> in.getFirst().gather(0, down)));
        List<Tensor> at = List.of(random(1, MATRIX), random(2, Shape.of(3, 2)));
        rows.add(
                row(
                        "ScatterAdd",
                        "scatterAdd",
                        at,
                        in -> in.get(0).scatterAdd(1, index, in.get(1))));
        Tensor some = Tensor.of(2, 0, 2);
        rows.add(
                row(
                        "Gather",
                        "indexSelect",
                        one(MATRIX),
                        in -> in.getFirst().indexSelect(0, some)));
    }

    private static void viewRows(List<Row> rows) {
        rows.add(row("Cast", "cast", one(MATRIX), in -> in.getFirst().mul(2).cast(DType.FLOAT64)));
        rows.add(row("Copy", "copy", one(MATRIX), in -> in.getFirst().copy()));
        rows.add(row("Reshape", "reshape", one(MATRIX), in -> in.getFirst().reshape(2, 6)));
        rows.add(
                row(
                        "Reshape",
                        "reshape of a view",
                        one(MATRIX),
                        in -> in.getFirst().t().reshape(2, -1)));
        rows.add(
                row(
                        "Permute",
                        "permute",
                        one(Shape.of(2, 3, 2)),
                        in -> in.getFirst().permute(2, 0, 1)));
        rows.add(
                row(
                        "Expand",
                        "expand",
                        one(Shape.of(3, 1)),
                        in -> in.getFirst().expand(Shape.of(2, 3, 4))));
        rows.add(row("Slice", "slice", one(MATRIX), in -> in.getFirst().slice(1, 1, 4, 2)));
        rows.add(row("Slice", "flip", one(MATRIX), in -> in.getFirst().flip(0, 1)));
        rows.add(row("Slice", "select", one(MATRIX), in -> in.getFirst().select(0, -1)));
        rows.add(row("Windows", "windows", one(MATRIX), in -> in.getFirst().windows(1, 2, 1, 2)));
        rows.add(row("Pad", "pad", one(MATRIX), in -> in.getFirst().pad(1, 2, 1, 7)));
        List<Tensor> parts =
                List.of(random(1, MATRIX), random(2, Shape.of(3, 2)), random(3, MATRIX));
        rows.add(row("Concat", "concat", parts, in -> Tensor.concat(1, in.toArray(new Tensor[0]))));
        rows.add(row("Concat", "stack", two(MATRIX), in -> Tensor.stack(-1, in.get(0), in.get(1))));
        rows.add(
                row(
                        "Custom",
                        "custom",
                        two(MATRIX),
                        in ->
                                Tensor.custom(
                                        in,
                                        x -> x.get(0).mul(x.get(1)),
                                        (i, x, _, g) -> g.mul(x.get(1 - i)))));
    }

    private static void compositeRows(List<Row> rows) {
        Tensor positive = random(4, MATRIX).abs().add(0.3);
        rows.add(composite("abs", Tensor::abs));
        rows.add(composite("relu", Tensor::relu));
        rows.add(composite("sigmoid", Tensor::sigmoid));
        rows.add(composite("square", Tensor::square));
        rows.add(composite("reciprocal", Tensor::reciprocal));
        rows.add(composite("pow 5", x -> x.pow(5)));
        rows.add(composite("pow -3", x -> x.pow(-3)));
        rows.add(composite("pow 0", x -> x.pow(0)));
        rows.add(row("pow", "pow 2.5", List.of(positive), in -> in.getFirst().pow(2.5)));
        rows.add(row("pow", "pow -0.7", List.of(positive), in -> in.getFirst().pow(-0.7)));
        rows.add(composite("clamp", x -> x.clamp(-0.5, 0.8)));
        rows.add(composite("mean", x -> x.mean(0)));
        rows.add(composite("min", x -> x.min(1)));
        rows.add(composite("variance", x -> x.variance(Axes.of(0), 1)));
        rows.add(row("minimum", "minimum", two(MATRIX), in -> in.get(0).minimum(in.get(1))));
        List<Tensor> broadcast = List.of(random(1, Shape.of(2, 1, 4)), random(2, Shape.of(3, 1)));
        rows.add(row("mul", "mul broadcast", broadcast, in -> in.get(0).mul(in.get(1))));
        rows.add(row("div", "div broadcast", broadcast, in -> in.get(0).div(in.get(1))));
        rows.add(
                row(
                        "add",
                        "add a scalar",
                        List.of(random(1, MATRIX), random(2, Shape.scalar())),
                        in -> in.get(0).add(in.get(1)).square()));
        rows.add(composite("used twice", x -> x.mul(x.exp()).add(x)));
    }

    private static Tensor apply(UnaryOp op, Tensor x) {
        return switch (op) {
            case NEG -> x.neg();
            case EXP -> x.exp();
            case LOG -> x.log();
            case SIN -> x.sin();
            case COS -> x.cos();
            case SQRT -> x.sqrt();
            case TANH -> x.tanh();
            case EXPM1 -> x.expm1();
            case LOG1P -> x.log1p();
            case ERF -> x.erf();
        };
    }

    private static Tensor apply(BinaryOp op, Tensor a, Tensor b) {
        return switch (op) {
            case ADD -> a.add(b);
            case SUB -> a.sub(b);
            case MUL -> a.mul(b);
            case DIV -> a.div(b);
            case MAX -> a.maximum(b);
            case POW -> a.abs().pow(b);
            case LESS -> a.less(b);
            case EQUAL -> a.equalTo(b);
        };
    }

    private static Tensor apply(ReduceOp op, Tensor x, Axes axes) {
        return switch (op) {
            case SUM -> x.sum(axes);
            case MAX -> x.max(axes);
        };
    }

    private static Tensor pointsFor(UnaryOp op) {
        Tensor x = random(1, MATRIX);
        return switch (op) {
            case LOG, SQRT, LOG1P -> x.abs().add(0.2);
            case NEG, EXP, SIN, COS, TANH, EXPM1, ERF -> x;
        };
    }

    private static Row composite(String name, Function<Tensor, Tensor> f) {
        return row(name, name, one(MATRIX), in -> f.apply(in.getFirst()));
    }

    private static Row row(
            String row, String name, List<Tensor> at, Function<List<Tensor>, Tensor> f) {
        return new Row(row, name, at, f);
    }

    private static List<Tensor> one(Shape shape) {
        return List.of(random(1, shape));
    }

    private static List<Tensor> two(Shape shape) {
        return List.of(random(1, shape), random(2, shape));
    }

    private static Tensor random(long seed, Shape shape) {
        return Tensor.normal(RandomKey.of(seed), shape, DType.FLOAT64);
    }
}
