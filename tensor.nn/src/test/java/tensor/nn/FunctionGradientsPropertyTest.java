package tensor.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import tensor.api.Axes;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.testkit.Dice;
import tensor.testkit.Gradcheck;

/// Every function of this package against differences, first and second order, over random shapes.
class FunctionGradientsPropertyTest {
    /// A random use of a function.
    ///
    /// @param f the function with its arguments
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

        static Use two(Loss f, Tensor x, Tensor y) {
            return new Use(in -> f.of(in.get(0), in.get(1)), x, y);
        }
    }

    /// How a random use is made.
    private interface Maker {
        Use make(Dice dice);
    }

    /// A function of two tensors.
    private interface Loss {
        Tensor of(Tensor x, Tensor targets);
    }

    private static final Map<String, Maker> FUNCTIONS = new TreeMap<>();

    static {
        activations();
        functions();
        losses();
        crossEntropies();
        layers();
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
    void everyFunctionIsHere() {
        Set<String> methods = new TreeSet<>();
        for (Class<?> owner : List.of(Activations.class, Functional.class, Losses.class)) {
            for (Method method : owner.getDeclaredMethods()) {
                if (Modifier.isPublic(method.getModifiers()) && !method.isSynthetic()) {
                    methods.add(method.getName());
                }
            }
        }
        methods.remove("accuracy"); // counts
        Set<String> here = new TreeSet<>(FUNCTIONS.keySet());
        here.removeIf(name -> name.startsWith("layer "));

        assertEquals(methods, here);
    }

    private static void each(long seed, Consumer<Use> check) {
        FUNCTIONS.forEach((name, maker) -> {
            Use use = maker.make(new Dice(RandomKey.of(seed).fold(name)));
            try {
                check.accept(use);
            } catch (AssertionError e) {
                throw new AssertionError(name + ": " + e.getMessage(), e);
            }
        });
    }

    private static void map(String name, Function<Tensor, Tensor> f) {
        FUNCTIONS.put(name, dice -> Use.one(f, dice.any(0)));
    }

    private static void activations() {
        map("leakyRelu", x -> Activations.leakyRelu(x, 0.2));
        map("elu", x -> Activations.elu(x, 0.7));
        map("silu", Activations::silu);
        map("gelu", Activations::gelu);
        map("geluTanh", Activations::geluTanh);
        FUNCTIONS.put(
                "softplus",
                dice ->
                        dice.heads()
                                ? Use.one(Activations::softplus, dice.any(0))
                                : Use.one(x -> Activations.softplus(x, 1.5, 20), dice.any(0)));
    }

    private static void functions() {
        FUNCTIONS.put(
                "linear",
                dice -> {
                    int in = dice.between(1, 3);
                    int out = dice.between(1, 3);
                    Tensor x = dice.apart(dice.between(1, 2), 2, in);
                    return new Use(
                            it -> Functional.linear(it.get(0), it.get(1), it.get(2)),
                            x,
                            dice.apart(out, in),
                            dice.apart(out));
                });
        FUNCTIONS.put(
                "dropout",
                dice -> {
                    RandomKey key = RandomKey.of(dice.below(1000));
                    return Use.one(x -> Functional.dropout(x, 0.4, key), dice.any(0));
                });
        FUNCTIONS.put(
                "logSumExp",
                dice -> {
                    Tensor x = dice.any(0);
                    Axes axes = dice.someAxes(x);
                    return Use.one(it -> Functional.logSumExp(it, axes), x);
                });
        along("softmax", Functional::softmax);
        along("logSoftmax", Functional::logSoftmax);
        FUNCTIONS.put(
                "embedding",
                dice -> {
                    int rows = dice.between(1, 4);
                    Tensor index = dice.index(dice.shape(0), rows);
                    return Use.one(
                            table -> Functional.embedding(table, index), dice.apart(rows, 2));
                });
        FUNCTIONS.put(
                "cosineSimilarity",
                dice -> {
                    Tensor a = dice.any(1);
                    int axis = dice.axisOf(a);
                    return Use.two(
                            (x, y) -> Functional.cosineSimilarity(x, y, axis, 1e-8),
                            a,
                            dice.apart(a.shape()));
                });
    }

    /// A function along an axis.
    private interface Along {
        Tensor apply(Tensor x, int axis);
    }

    private static void along(String name, Along f) {
        FUNCTIONS.put(
                name,
                dice -> {
                    Tensor x = dice.any(1);
                    int axis = dice.axisOf(x);
                    return Use.one(it -> f.apply(it, axis), x);
                });
    }

    private static Reduction reduction(Dice dice) {
        return List.of(Reduction.values()).get(dice.below(3));
    }

    /// A loss by both its operands, as some function of a reduction.
    private static void loss(String name, Function<Reduction, Loss> f) {
        FUNCTIONS.put(
                name,
                dice -> {
                    Tensor x = dice.any(0);
                    return Use.two(f.apply(reduction(dice)), x, dice.apart(x.shape()).mul(0.3001));
                });
    }

    private static void losses() {
        loss("mse", how -> (x, y) -> Losses.mse(x, y, how));
        loss("l1", how -> (x, y) -> Losses.l1(x, y.add(5), how));
        loss("huber", how -> (x, y) -> Losses.huber(x.mul(0.1), y.add(7), 1.5, how));
        loss("smoothL1", how -> (x, y) -> Losses.smoothL1(x.mul(0.1), y, 5, how));
        loss("klDivergence", how -> (x, y) -> Losses.klDivergence(x, y.square().add(0.1), how));
        loss("klDivergenceOfLogs", how -> (x, y) -> Losses.klDivergenceOfLogs(x, y, how));
        loss(
                "binaryCrossEntropy",
                how ->
                        (x, y) ->
                                Losses.binaryCrossEntropy(
                                        x.sigmoid(), y.sigmoid(), it -> it.reduction(how)));
        loss(
                "binaryCrossEntropyWithLogits",
                how ->
                        (x, y) ->
                                Losses.binaryCrossEntropyWithLogits(
                                        x,
                                        y.sigmoid(),
                                        it ->
                                                it.reduction(how)
                                                        .weights(y.exp())
                                                        .positiveWeights(y.exp())));
    }

    private static void crossEntropies() {
        FUNCTIONS.put(
                "crossEntropy",
                dice -> {
                    Tensor x = dice.apart(dice.between(1, 3), dice.between(2, 4));
                    Reduction how = reduction(dice);
                    if (dice.heads()) {
                        Tensor targets = dice.apart(x.shape());
                        return Use.two(
                                (it, y) ->
                                        Losses.crossEntropy(
                                                it,
                                                y,
                                                config ->
                                                        config.reduction(how).labelSmoothing(0.2)),
                                x,
                                targets);
                    }
                    Tensor classes = dice.index(Shape.of(x.size(0)), x.size(1));
                    Tensor weights = dice.apart(x.size(1)).abs();
                    return Use.one(
                            it ->
                                    Losses.crossEntropy(
                                            it,
                                            classes,
                                            config ->
                                                    config.reduction(how)
                                                            .weights(weights)
                                                            .labelSmoothing(0.1)),
                            x);
                });
        FUNCTIONS.put(
                "negativeLogLikelihood",
                dice -> {
                    Tensor x = dice.apart(dice.between(1, 3), dice.between(2, 4), 2);
                    Tensor classes = dice.index(Shape.of(x.size(0), 2), x.size(1));
                    Reduction how = reduction(dice);
                    return Use.one(
                            it ->
                                    Losses.negativeLogLikelihood(
                                            it, classes, config -> config.reduction(how)),
                            x);
                });
    }

    private static void layers() {
        FUNCTIONS.put(
                "layer convolution",
                dice -> {
                    int groups = dice.between(1, 2);
                    Convolution convolution =
                            Convolution.of(2)
                                    .stride(dice.between(1, 2), 1)
                                    .padding(1, dice.between(0, 2))
                                    .dilation(1, dice.between(1, 2))
                                    .groups(groups);
                    return Use.two(
                            convolution::apply,
                            dice.apart(1, 2 * groups, 3, 4),
                            dice.apart(groups, 2, 2, 2));
                });
        FUNCTIONS.put(
                "layer transposed convolution",
                dice -> {
                    int groups = dice.between(1, 2);
                    Convolution convolution =
                            Convolution.of(2).stride(2, dice.between(1, 2)).groups(groups);
                    return Use.two(
                            (x, weight) -> convolution.transposed(x, weight, 1, 0),
                            dice.apart(1, 2 * groups, 2, 2),
                            dice.apart(2 * groups, 1, 2, 2));
                });
        FUNCTIONS.put(
                "layer pooling",
                dice -> {
                    Pooling pooling = Pooling.of(2, 2).stride(dice.between(1, 2), 1).padding(1, 0);
                    Function<Tensor, Tensor> f = dice.heads() ? pooling::max : pooling::mean;
                    return Use.one(f, dice.apart(1, 2, 3, dice.between(2, 4)));
                });
        FUNCTIONS.put(
                "layer adaptive pooling",
                dice -> {
                    int fields = dice.between(1, 4);
                    return Use.one(x -> Pooling.adaptiveMean(x, fields, 2), dice.apart(1, 2, 4, 3));
                });
        FUNCTIONS.put(
                "layer normalization",
                dice -> {
                    int kind = dice.below(3);
                    return Use.one(
                            x ->
                                    switch (kind) {
                                        case 0 -> Normalization.layer(x, 2, 1e-3);
                                        case 1 -> Normalization.group(x, 2, 1e-3);
                                        default ->
                                                Normalization.batch(
                                                        x,
                                                        Normalization.batchMean(x),
                                                        Normalization.batchVariance(x),
                                                        1e-3);
                                    },
                            dice.apart(dice.between(2, 3), 4, 3));
                });
        FUNCTIONS.put(
                "layer attention",
                dice -> {
                    Tensor mask = dice.apart(3, 3).greater(-1.5).or(unit(3));
                    Attention attention =
                            switch (dice.below(3)) {
                                case 0 -> Attention.full();
                                case 1 -> Attention.full().causal();
                                default -> Attention.full().masked(mask);
                            };
                    return new Use(
                            in -> attention.apply(in.get(0), in.get(1), in.get(2)),
                            dice.apart(2, 3, 2),
                            dice.apart(2, 3, 2),
                            dice.apart(2, 3, 2));
                });
        for (Recurrence kind : Recurrence.values()) {
            FUNCTIONS.put(
                    "layer " + kind,
                    dice -> {
                        int gates = kind.gates() * 2;
                        Tensor[] at = new Tensor[2 + kind.states()];
                        at[0] = dice.apart(2, gates);
                        // so small that their sum keeps its distance from the kink of RELU
                        at[1] = dice.apart(2, gates).mul(kind == Recurrence.RELU ? 0.05 : 1);
                        for (int i = 2; i < at.length; i++) {
                            at[i] = dice.apart(2, 2);
                        }
                        return new Use(
                                in -> {
                                    List<Tensor> state = in.subList(2, in.size());
                                    List<Tensor> next = kind.next(in.get(0), in.get(1), state);
                                    return Tensor.stack(0, next.toArray(new Tensor[0]));
                                },
                                at);
                    });
        }
    }

    private static Tensor unit(int size) {
        return Tensor.arange(size).oneHot(size).cast(DType.BOOL);
    }
}
