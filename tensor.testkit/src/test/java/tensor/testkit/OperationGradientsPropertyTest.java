package tensor.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import tensor.api.Axes;
import tensor.api.Device;
import tensor.api.LinearAlgebra;
import tensor.api.PadMode;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;

/// Every differentiable operation of [Tensor] and [LinearAlgebra] against differences, first and second order, over random
/// shapes.
class OperationGradientsPropertyTest {
    /// A random use of an operation.
    ///
    /// @param f the operation with its arguments
    /// @param at its operands
    private record Use(Function<List<Tensor>, Tensor> f, List<Tensor> at) {
        Use(Function<List<Tensor>, Tensor> f, Tensor... at) {
            this(f, List.of(at));
        }

        Tensor[] points() {
            return at.toArray(new Tensor[0]);
        }

        static Use one(Function<Tensor, Tensor> f, Tensor x) {
            return new Use(in -> f.apply(in.getFirst()), x);
        }
    }

    /// How a random use is made.
    private interface Maker {
        Use make(Dice dice);
    }

    private static final Map<String, Maker> OPERATIONS = new TreeMap<>();

    /// Methods that have no derivative, or are not operations.
    private static final Set<String> OTHERS =
            Set.of(
                    "all",
                    "and",
                    "any",
                    "arange",
                    "argMax",
                    "argMin",
                    "backward",
                    "copyTo",
                    "device",
                    "dtype",
                    "elementCount",
                    "equalTo",
                    "from",
                    "full",
                    "greater",
                    "greaterOrEqual",
                    "isNaN",
                    "item",
                    "itemLong",
                    "less",
                    "lessOrEqual",
                    "noGrad",
                    "enableGrad",
                    "normal",
                    "not",
                    "notEqualTo",
                    "of",
                    "oneHot",
                    "ones",
                    "or",
                    "rank",
                    "requireGradient",
                    "scalar",
                    "shape",
                    "show",
                    "size",
                    "toBooleans",
                    "toBytes",
                    "toInts",
                    "toDoubles",
                    "toFloats",
                    "toLongs",
                    "toString",
                    "tracked",
                    "uniform",
                    "xor",
                    "zeros",
                    "detach",
                    "to");

    static {
        unary();
        binary();
        reductions();
        views();
        positions();
        products();
    }

    @Property(tries = 12)
    void firstDerivativesAreThoseOfDifferences(@ForAll long seed) {
        each(seed, use -> Gradcheck.gradcheck(use.f(), use.points()));
    }

    @Property(tries = 6)
    void secondDerivativesAreThoseOfDifferences(@ForAll long seed) {
        each(seed, use -> Gradcheck.gradgradcheck(use.f(), use.points()));
    }

    @Example
    void everyOperationIsHere() {
        Set<String> methods = new TreeSet<>();
        for (Class<?> owner : List.of(Tensor.class, LinearAlgebra.class)) {
            for (Method method : owner.getDeclaredMethods()) {
                if (Modifier.isPublic(method.getModifiers()) && !method.isSynthetic()) {
                    methods.add(method.getName());
                }
            }
        }
        methods.removeAll(OTHERS);

        assertEquals(methods, OPERATIONS.keySet());
    }

    private static void each(long seed, Consumer<Use> check) {
        Device.of("reference")
                .run(() ->
                        OPERATIONS.forEach((name, maker) -> {
                            Use use = maker.make(new Dice(RandomKey.of(seed).fold(name)));
                            try {
                                check.accept(use);
                            } catch (AssertionError e) {
                                throw new AssertionError(name + ": " + e.getMessage(), e);
                            }
                        }));
    }

    private static void map(String name, Function<Tensor, Tensor> f) {
        OPERATIONS.put(name, dice -> Use.one(f, dice.any(0)));
    }

    private static void ofPositive(String name, Function<Tensor, Tensor> f) {
        OPERATIONS.put(name, dice -> Use.one(f, dice.any(0).abs().add(0.2)));
    }

    private static void unary() {
        map("exp", Tensor::exp);
        map("expm1", Tensor::expm1);
        map("erf", Tensor::erf);
        map("sin", Tensor::sin);
        map("cos", Tensor::cos);
        map("tanh", Tensor::tanh);
        map("neg", Tensor::neg);
        map("abs", Tensor::abs);
        map("square", Tensor::square);
        map("relu", Tensor::relu);
        map("sigmoid", Tensor::sigmoid);
        map("copy", Tensor::copy);
        map("cast", x -> x.cast(DType.FLOAT64));
        map("contiguous", x -> x.rank() < 2 ? x.contiguous() : x.t().contiguous());
        OPERATIONS.put(
                "clamp",
                dice -> {
                    Tensor x = dice.any(0);
                    double between = 2.0 / x.elementCount(); // multiples of it are near no element
                    double low = -between * dice.between(0, 3);
                    double high = between * dice.between(0, 3);
                    return Use.one(it -> it.clamp(low, high), x);
                });
        ofPositive("log", Tensor::log);
        ofPositive("log1p", Tensor::log1p);
        ofPositive("sqrt", Tensor::sqrt);
        ofPositive("rsqrt", Tensor::rsqrt);
        ofPositive("reciprocal", Tensor::reciprocal);
        map("composite", x -> Tensor.composite(new Cubes(), x));
        map(
                "custom",
                x ->
                        Tensor.custom(
                                List.of(x), in -> in.getFirst().exp(), (_, _, y, g) -> g.mul(y)));
    }

    /// Two tensors of shapes that broadcast, no element of one near an element of the other.
    private static Tensor[] two(Dice dice) {
        Shape shape = dice.shape(0);
        int[] sizes = shape.sizes();
        for (int axis = 0; axis < sizes.length; axis++) {
            sizes[axis] = dice.below(3) == 0 ? 1 : sizes[axis];
        }
        Shape less = Shape.of(sizes);
        int count = (int) shape.elementCount();
        Tensor all = dice.apart(count + (int) less.elementCount());
        Tensor other = all.slice(0, count, Long.MAX_VALUE).reshape(less);
        boolean shorter = sizes.length > 0 && sizes[0] == 1 && dice.heads();
        return new Tensor[] {
            all.slice(0, 0, count).reshape(shape), shorter ? other.select(0, 0) : other
        };
    }

    private static void map2(String name, Function<List<Tensor>, Tensor> f) {
        OPERATIONS.put(name, dice -> new Use(f, two(dice)));
    }

    private static void binary() {
        map2("add", in -> in.get(0).add(in.get(1)));
        map2("sub", in -> in.get(0).sub(in.get(1)));
        map2("mul", in -> in.get(0).mul(in.get(1)));
        map2("div", in -> in.get(0).div(in.get(1).square().add(0.5)));
        map2("maximum", in -> in.get(0).maximum(in.get(1)));
        map2("minimum", in -> in.get(0).minimum(in.get(1)));
        map2("pow", in -> in.get(0).abs().add(0.3).pow(in.get(1)));
        OPERATIONS.put(
                "where",
                dice -> {
                    Tensor[] operands = two(dice);
                    Tensor mask = dice.apart(operands[0].shape()).less(0);
                    return new Use(in -> Tensor.where(mask, in.get(0), in.get(1)), operands);
                });
    }

    private static void fold(String name, BiFunction<Tensor, Axes, Tensor> f) {
        OPERATIONS.put(
                name,
                dice -> {
                    Tensor x = dice.any(0);
                    Axes axes = dice.someAxes(x);
                    return Use.one(it -> f.apply(it, axes), x);
                });
    }

    private static void along(String name, BiFunction<Tensor, Integer, Tensor> f) {
        OPERATIONS.put(
                name,
                dice -> {
                    Tensor x = dice.any(1);
                    int axis = dice.axisOf(x);
                    return Use.one(it -> f.apply(it, axis), x);
                });
    }

    private static void reductions() {
        fold("sum", Tensor::sum);
        fold("mean", Tensor::mean);
        fold("max", Tensor::max);
        fold("min", Tensor::min);
        fold("variance", (x, axes) -> x.variance(axes, 0));
        OPERATIONS.put(
                "std",
                dice -> Use.one(x -> x.std(Axes.of(-1), 1), dice.apart(dice.between(1, 3), 4)));
        OPERATIONS.put(
                "norm",
                dice -> {
                    double[] kinds = {
                        1, 2, 3, 1.5, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY
                    };
                    Tensor x = dice.any(0);
                    Axes axes = dice.someAxes(x);
                    double p = kinds[dice.below(kinds.length)];
                    return Use.one(it -> it.norm(p, axes), x);
                });
        along("cumSum", Tensor::cumSum);
        along("sort", (x, axis) -> x.sort(axis).values());
        along("sortDescending", (x, axis) -> x.sortDescending(axis).values());
        along("maxIndexed", (x, axis) -> x.maxIndexed(axis).values());
        along("minIndexed", (x, axis) -> x.minIndexed(axis).values());
        along("topK", (x, axis) -> x.topK(1, axis).values());
        along("bottomK", (x, axis) -> x.bottomK(x.size(axis), axis).values());
    }

    private static void views() {
        along("flip", (x, axis) -> x.flip(axis));
        along("unsqueeze", Tensor::unsqueeze);
        along("squeeze", (x, axis) -> x.sum(Axes.of(axis).keep()).squeeze(axis));
        along("select", (x, axis) -> x.select(axis, -1));
        along("slice", (x, axis) -> x.slice(axis, 0, 3, 2));
        along("flatten", Tensor::flatten);
        along("transpose", (x, axis) -> x.transpose(axis, 0));
        along("reshape", (x, axis) -> x.transpose(axis, 0).reshape(-1));
        along("windows", (x, axis) -> x.pad(axis, 1, 1, 0).windows(axis, 2, 1, 1));
        map("permute", x -> x.rank() == 3 ? x.permute(2, 0, 1) : x.flatten().permute(0));
        map("expand", x -> x.unsqueeze(0).expand(x.unsqueeze(0).shape().with(0, 3)));
        OPERATIONS.put("t", dice -> Use.one(Tensor::t, dice.any(2)));
        OPERATIONS.put(
                "triu",
                dice -> {
                    int diagonal = dice.between(-2, 2);
                    return Use.one(x -> x.triu(diagonal), dice.any(2));
                });
        OPERATIONS.put(
                "tril",
                dice -> {
                    int diagonal = dice.between(-2, 2);
                    return Use.one(x -> x.tril(diagonal), dice.any(2));
                });
        OPERATIONS.put(
                "diagonal",
                dice -> {
                    int size = dice.between(1, 3);
                    return Use.one(x -> x.diagonal(0, 2), dice.apart(size, 2, size));
                });
        OPERATIONS.put(
                "pad",
                dice -> {
                    Tensor x = dice.any(1);
                    int axis = dice.axisOf(x);
                    PadMode mode = List.of(PadMode.values()).get(dice.below(3));
                    int most = mode == PadMode.REFLECT ? x.size(axis) - 1 : x.size(axis);
                    int before = dice.between(0, most);
                    int after = dice.between(0, most);
                    return dice.below(3) == 0
                            ? Use.one(it -> it.pad(axis, before, after, 0.5), x)
                            : Use.one(it -> it.pad(axis, before, after, mode), x);
                });
        OPERATIONS.put(
                "concat",
                dice -> {
                    Tensor x = dice.any(1);
                    int axis = dice.axisOf(x);
                    Tensor other = dice.apart(x.shape().with(axis, 2));
                    return new Use(in -> Tensor.concat(axis, in.get(0), in.get(1)), x, other);
                });
        OPERATIONS.put(
                "stack",
                dice -> {
                    Tensor x = dice.any(0);
                    return new Use(
                            in -> Tensor.stack(-1, in.get(0), in.get(1)), x, dice.apart(x.shape()));
                });
    }

    private static void positions() {
        OPERATIONS.put(
                "gather",
                dice -> {
                    Tensor x = dice.any(1);
                    int axis = dice.axisOf(x);
                    Tensor index =
                            dice.index(x.shape().with(axis, dice.between(1, 4)), x.size(axis));
                    return Use.one(it -> it.gather(axis, index), x);
                });
        OPERATIONS.put(
                "indexSelect",
                dice -> {
                    Tensor x = dice.any(1);
                    int axis = dice.axisOf(x);
                    Tensor index = dice.index(Shape.of(dice.between(0, 4)), x.size(axis));
                    return Use.one(it -> it.indexSelect(axis, index), x);
                });
        OPERATIONS.put(
                "scatterAdd",
                dice -> {
                    Tensor x = dice.any(1);
                    int axis = dice.axisOf(x);
                    Tensor index =
                            dice.index(x.shape().with(axis, dice.between(1, 3)), x.size(axis));
                    Tensor source = dice.apart(index.shape().with(axis, 3));
                    return new Use(in -> in.get(0).scatterAdd(axis, index, in.get(1)), x, source);
                });
    }

    private static void products() {
        OPERATIONS.put(
                "matMul",
                dice -> {
                    int inner = dice.between(1, 3);
                    Tensor a = dice.apart(dice.between(1, 2), dice.between(1, 3), inner);
                    Tensor b = dice.apart(inner, dice.between(1, 3));
                    return new Use(in -> in.get(0).matMul(in.get(1)), a, b);
                });
        OPERATIONS.put(
                "einsum",
                dice -> {
                    int size = dice.between(1, 3);
                    Tensor a = dice.apart(2, size, size);
                    Tensor b = dice.apart(size, dice.between(1, 3));
                    String[] equations = {
                        "bij,jk->bik", "bii,ik->kb", "bij,ik", "...ij,jk->...ik", "bij,jk->"
                    };
                    String equation = equations[dice.below(equations.length)];
                    return new Use(in -> Tensor.einsum(equation, in.get(0), in.get(1)), a, b);
                });
        // diagonals large enough for equations that differences can judge
        OPERATIONS.put(
                "solve",
                dice -> {
                    int size = dice.between(1, 4);
                    Tensor a = dice.apart(2, size, size).mul(0.3).add(unit(size).mul(3));
                    Tensor b = dice.apart(size, dice.between(1, 3));
                    return new Use(in -> LinearAlgebra.solve(in.get(0), in.get(1)), a, b);
                });
        OPERATIONS.put(
                "inverse",
                dice -> {
                    int size = dice.between(1, 4);
                    Tensor a = dice.apart(size, size).mul(0.3).add(unit(size).mul(3));
                    return Use.one(LinearAlgebra::inverse, a);
                });
        OPERATIONS.put(
                "cholesky",
                dice -> {
                    int size = dice.between(1, 4);
                    Tensor root = dice.apart(2, size, size);
                    Tensor a = root.matMul(root.t()).add(unit(size));
                    return Use.one(LinearAlgebra::cholesky, a);
                });
        OPERATIONS.put(
                "qr",
                dice -> {
                    int rows = dice.between(1, 4);
                    int columns = dice.between(1, 4);
                    Tensor eye =
                            Tensor.arange(rows).oneHot(Math.max(rows, columns)).cast(DType.FLOAT64);
                    Tensor a =
                            dice.apart(2, rows, columns)
                                    .mul(0.3)
                                    .add(eye.slice(1, 0, columns).mul(3));
                    return Use.one(
                            x -> {
                                var factors = LinearAlgebra.qr(x);
                                return Tensor.concat(
                                        1, factors.q().flatten(1), factors.r().flatten(1));
                            },
                            a);
                });
    }

    private static Tensor unit(int size) {
        return Tensor.arange(size).oneHot(size).cast(DType.FLOAT64);
    }
}
