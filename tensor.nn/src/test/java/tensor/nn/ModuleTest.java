package tensor.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import tensor.api.Device;
import tensor.api.Gradients;
import tensor.api.Parameter;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.api.TensorScope;
import tensor.layout.DType;
import tensor.layout.Shape;

class ModuleTest {
    private static final RandomKey KEY = RandomKey.of(11);

    /// A module with a part of every kind.
    private static final class Model extends Module {
        final Parameter scale = parameter("scale", Shape.of(2), Init.ones());
        final Buffer mean = buffer("mean", Shape.of(2), Init.zeros());
        final Buffer count =
                buffer(
                        "count",
                        Shape.scalar(),
                        DType.INT64,
                        (_, _, dtype) -> Tensor.scalar(0L).cast(dtype));
        final RandomStream noise = random("noise");
        final Linear out = child("out", Linear.of(2, 3));
    }

    /// Declares a part in its constructor, to see it refused.
    private static final class Declaring extends Module {
        Declaring(Consumer<Declaring> declare) {
            declare.accept(this);
        }
    }

    @Test
    void aModuleIsAFunctionOfItsParametersForAWhile() {
        Linear line = Linear.of(1, 1).initialize(RandomKey.of(1));
        Tensor slope = Tensor.of(new float[] {2}, Shape.of(1, 1)).requireGradient();
        Tensor x = Tensor.of(new float[] {3}, Shape.of(1, 1));
        float[] before = line.apply(x).toFloats();

        Tensor y =
                line.with(
                        Map.of("weight", slope.mul(slope), "bias", Tensor.of(1f)),
                        () -> line.apply(x));

        assertArrayEquals(new float[] {13}, y.toFloats());
        assertArrayEquals(
                new float[] {12}, Gradients.of(y.sum(), List.of(slope)).getFirst().toFloats());
        assertArrayEquals(before, line.apply(x).toFloats());
        assertEquals(
                "Module.with: there is no parameter 'slope'; there are [weight, bias]",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> line.with(Map.of("slope", slope), () -> line.apply(x)))
                        .getMessage());
    }

    @Test
    void valuesMoveToAnotherDevice() {
        Device other = Device.of("reference");
        Model model = new Model();
        model.to(other); // nothing has a value yet
        model.initialize(KEY);
        float[] before = model.out.weight().value().toFloats();
        model.scale.value().sum().backward();

        model.to(other);

        model.stateDict()
                .forEach((path, value) -> {
                    if (!path.equals("noise")) {
                        assertSame(other, value.device(), path);
                    }
                });
        assertArrayEquals(before, model.out.weight().value().toFloats());
        assertTrue(model.scale.grad().isEmpty());
        Tensor there = model.scale.value();
        model.to(other);
        assertSame(there, model.scale.value());
    }

    @Test
    void partsAreFoundByTheirPaths() {
        Model model = new Model();

        assertEquals(
                List.of("scale", "out.weight", "out.bias"),
                List.copyOf(model.namedParameters().keySet()));
        assertEquals(
                List.of(model.scale, model.out.weight(), model.out.bias().orElseThrow()),
                model.parameters());
        assertEquals(List.of("mean", "count"), List.copyOf(model.namedBuffers().keySet()));
        assertEquals(Map.of("out", model.out), model.children());
    }

    @Test
    void aParameterHasNoValueBeforeInitialize() {
        Model model = new Model();

        assertFalse(model.scale.initialized());
        assertThrows(IllegalStateException.class, model::stateDict);
        assertMessage(
                "Buffer [2] has no value yet; call initialize(key) on its module",
                IllegalStateException.class,
                model.mean::value);
        assertMessage(
                "RandomStream has no key yet; call initialize(key) on its module",
                IllegalStateException.class,
                model.noise::next);
    }

    @Test
    void firstValuesDependOnKeyAndPathOnly() {
        Model model = new Model();
        Sequential other = Sequential.of(Activation.RELU, Linear.of(2, 3));

        assertSame(model, model.initialize(KEY));
        other.initialize(KEY);
        Linear alone = Linear.of(2, 3);
        alone.weight()
                .assign(
                        Init.fanIn(2)
                                .create(KEY.fold("out.weight"), Shape.of(3, 2), DType.FLOAT32));

        assertArrayEquals(alone.weight().value().toFloats(), model.out.weight().value().toFloats());
        assertFalse(
                Arrays.equals(
                        other.parameters().getFirst().value().toFloats(),
                        model.out.weight().value().toFloats()));
    }

    @Test
    void parametersTakeTheTypeThatInitializeNames() {
        Model model = new Model();
        model.initialize(KEY, DType.FLOAT64);

        assertEquals(DType.FLOAT64, model.out.weight().value().dtype());
        assertEquals(DType.FLOAT64, model.mean.value().dtype());
        assertEquals(DType.INT64, model.count.value().dtype());
        for (DType dtype : DType.values()) {
            if (!dtype.isFloating()) {
                assertMessage(
                        "Module.initialize: parameters of type "
                                + dtype
                                + " cannot learn; use float32 or float64",
                        IllegalArgumentException.class,
                        () -> model.initialize(KEY, dtype));
            }
        }
    }

    @Test
    void trainingIsTurnedOnAndOffForAllParts() {
        Model model = new Model();
        assertTrue(model.training());

        model.eval();
        assertFalse(model.training() || model.out.training());

        model.train();
        assertTrue(model.training() && model.out.training());
    }

    @Test
    void aStateGoesIntoAnEqualModule() {
        Model model = new Model();
        model.initialize(KEY);
        model.noise.next();
        model.mean.assign(Tensor.of(3f, 4f));
        Model copy = new Model();

        copy.loadStateDict(model.stateDict());

        assertEquals(
                List.of("scale", "mean", "count", "noise", "out.weight", "out.bias"),
                List.copyOf(copy.stateDict().keySet()));
        assertArrayEquals(
                model.out.weight().value().toFloats(), copy.out.weight().value().toFloats());
        assertArrayEquals(new float[] {3, 4}, copy.mean.value().toFloats());
        assertEquals(1, copy.noise.draws());
        assertEquals(model.noise.next(), copy.noise.next());
    }

    @Test
    void aLoadedModuleSharesNoMemoryWithTheOther() {
        Model model = new Model();
        model.initialize(KEY);
        Model copy = new Model();
        TensorScope.run("load", () -> copy.loadStateDict(model.stateDict()));

        TensorScope.run("step", () -> model.scale.assign(Tensor.of(5f, 6f)));

        assertArrayEquals(new float[] {1, 1}, copy.scale.value().toFloats());
    }

    @Test
    void aStateThatDoesNotFitChangesNothingAndIsNamed() {
        Model model = new Model();
        model.initialize(KEY);
        Map<String, Tensor> renamed = new LinkedHashMap<>(model.stateDict());
        renamed.put("out.wait", renamed.remove("out.weight"));
        Map<String, Tensor> misshapen = new LinkedHashMap<>(model.stateDict());
        misshapen.put("scale", Tensor.of(9f, 9f));
        misshapen.put("out.weight", Tensor.of(1f));
        misshapen.put("mean", Tensor.of(1.0, 2.0));
        misshapen.put("noise", Tensor.of(1f, 2f, 3f));

        assertMessage(
                "loadStateDict: missing [out.weight], unknown [out.wait]; a state fits a module of the"
                        + " same parts",
                IllegalArgumentException.class,
                () -> model.loadStateDict(renamed));
        assertMessage(
                "loadStateDict: 'mean' is float64, the module has float32; 'noise' is float32, the"
                        + " module has int64; 'out.weight' is [1], the module has [3, 2]",
                IllegalArgumentException.class,
                () -> model.loadStateDict(misshapen));
        assertArrayEquals(new float[] {1, 1}, model.scale.value().toFloats());
    }

    @Test
    void aModuleThatIsNotInitializedTakesAStateOfOneTypeOrNothing() {
        Linear linear = Linear.of(1, 1);
        Tensor weight = Tensor.of(new float[] {2}, Shape.of(1, 1));
        Model model = new Model();
        Map<String, Tensor> state = new LinkedHashMap<>(new Model().initialize(KEY).stateDict());
        state.put("count", Tensor.of(1.0).reshape());

        assertMessage(
                "loadStateDict: 'bias' is int64, a parameter is float32 or float64",
                IllegalArgumentException.class,
                () -> linear.loadStateDict(Map.of("weight", weight, "bias", Tensor.of(1L))));
        assertMessage(
                "loadStateDict: 'bias' is float64, but 'weight' is float32: the parameters of a module are of one type",
                IllegalArgumentException.class,
                () -> linear.loadStateDict(Map.of("weight", weight, "bias", Tensor.of(1.0))));
        assertMessage(
                "loadStateDict: 'count' is float64, the module has int64",
                IllegalArgumentException.class,
                () -> model.loadStateDict(state));
        assertFalse(linear.weight().initialized());
        assertFalse(model.scale.initialized());
    }

    @Test
    void namesOfPartsAreUniqueAndWithoutPoints() {
        assertMessage(
                "Module: there is a part named 'a' already",
                IllegalArgumentException.class,
                () ->
                        new Declaring(it -> {
                            it.random("a");
                            it.parameter("a", Shape.of(1), Init.zeros());
                        }));
        assertMessage(
                "Module: a part is named 'a.b'; a name has at least one character and no point",
                IllegalArgumentException.class,
                () -> new Declaring(it -> it.buffer("a.b", Shape.of(1), Init.zeros())));
        assertMessage(
                "Module: a part is named ''; a name has at least one character and no point",
                IllegalArgumentException.class,
                () -> new Declaring(it -> it.child("", Linear.of(1, 1))));
    }

    @Test
    void aModuleIsPartOfOneModuleOnly() {
        Linear shared = Linear.of(1, 1);

        assertMessage(
                "Module: the child '1' is part of a module already; modules form a tree",
                IllegalStateException.class,
                () -> Sequential.of(shared, shared));
    }

    @Test
    void aBufferKeepsItsValueBeyondTheScopeAndItsShape() {
        Model model = new Model();
        model.initialize(KEY);

        TensorScope.run("step", () -> model.mean.assign(model.mean.value().add(2)));

        assertArrayEquals(new float[] {2, 2}, model.mean.value().toFloats());
        assertMessage(
                "Buffer: [2] cannot take the value of shape [3]",
                IllegalArgumentException.class,
                () -> model.mean.assign(Tensor.of(1f, 2f, 3f)));
        assertMessage(
                "Buffer: [2] float32 cannot take a float64 value; cast it",
                IllegalArgumentException.class,
                () -> model.mean.assign(Tensor.of(1.0, 2.0)));
    }

    private static void assertMessage(
            String expected, Class<? extends RuntimeException> type, Executable faulty) {
        assertEquals(expected, assertThrows(type, faulty).getMessage());
    }

    /// Everything in it changes when it is used.
    private static final class Restless extends Module {
        private final Dropout dropout = child("dropout", Dropout.of(0.5));
        private final Dropout frozen = child("frozen", Dropout.of(0.5));
        private final RandomStream noise = random("noise");
        private final Buffer count = buffer("count", Shape.of(1), Init.zeros());
    }

    @Test
    void aLookInEvaluationLeavesNoTrace() {
        var module = new Restless();
        module.initialize(RandomKey.of(1));
        module.frozen.eval();
        module.noise.next();
        module.count.assign(Tensor.of(5f));

        String seen =
                module.evaluated(() -> {
                    module.noise.next();
                    TensorScope.run("inner", () -> module.count.assign(Tensor.of(6f)));
                    return "%s %s".formatted(module.training(), module.dropout.training());
                });

        assertEquals("false false", seen);
        assertTrue(module.training() && module.dropout.training());
        assertFalse(module.frozen.training());
        assertEquals(1, module.noise.draws());
        assertEquals(5, module.count.value().item());
    }
}
