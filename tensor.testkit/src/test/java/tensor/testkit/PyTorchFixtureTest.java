package tensor.testkit;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import tensor.api.Gradients;
import tensor.api.Tensor;
import tensor.layout.DType;

/// Our operations against PyTorch's numbers: outputs, gradients and gradients of gradients in
/// float64, special values in both types. The `README.md` beside the fixtures says what they are.
@ExtendWith(OnReference.class)
class PyTorchFixtureTest {
    private static final Fixture FILE = Fixture.read("ops.json");

    /// Operations of the fixtures' source that are not ours yet, or stand in modules above.
    private static final List<String> NOT_YET =
            List.of(
                    "adaptive_avg_pool2d",
                    "avg_pool2d",
                    "batch_norm",
                    "binary_cross_entropy",
                    "binary_cross_entropy_with_logits",
                    "conv1d",
                    "conv2d",
                    "conv_transpose2d",
                    "cosine_similarity",
                    "cross_entropy",
                    "cumsum",
                    "einsum",
                    "elu",
                    "embedding",
                    "erf",
                    "expm1",
                    "gelu",
                    "group_norm",
                    "gru",
                    "huber_loss",
                    "kl_div",
                    "l1_loss",
                    "layer_norm",
                    "leaky_relu",
                    "linear",
                    "log1p",
                    "log_softmax",
                    "logsumexp",
                    "lstm",
                    "max_pool2d",
                    "mse_loss",
                    "multi_head_attention",
                    "nll_loss",
                    "norm",
                    "rnn_tanh",
                    "scaled_dot_product_attention",
                    "silu",
                    "smooth_l1_loss",
                    "softmax",
                    "softplus",
                    "sort",
                    "topk",
                    "tril",
                    "triu");

    /// Cases of operations that we have, which we do not do, or do otherwise.
    private static final Map<String, String> DIFFERENT =
            Map.ofEntries(
                    entry("pow/tensor", "a tensor as exponent: not yet"),
                    entry("pow/tensor-broadcast", "a tensor as exponent: not yet"),
                    entry("pow/zero-base-tensor", "a tensor as exponent: not yet"),
                    entry("pow/scalar-base", "a tensor as exponent: not yet"),
                    entry("special/pow", "a tensor as exponent: not yet"),
                    entry("pad/reflect", "only constants: not yet"),
                    entry("pad/reflect2d", "only constants: not yet"),
                    entry("pad/replicate", "only constants: not yet"),
                    entry("pad/circular", "only constants: not yet"),
                    entry(
                            "std/zero-variance",
                            "no std yet: here the root of the variance, with slope ∞ at 0"),
                    entry("clamp/min-above-max", "an error here"));

    /// Of two zeros PyTorch takes the first; ours is +0 at least, as Java has it.
    private static final Set<String> ZERO_OF_ANY_SIGN = Set.of("maximum", "minimum", "relu");

    @TestFactory
    Stream<DynamicTest> outputs() {
        return each("cases", PyTorchFixtureTest::checkOutput);
    }

    @TestFactory
    Stream<DynamicTest> gradients() {
        return each("grads", PyTorchFixtureTest::checkGradients);
    }

    @TestFactory
    Stream<DynamicTest> gradientsOfGradients() {
        return each("grad_grads", PyTorchFixtureTest::checkGradientsOfGradients);
    }

    @TestFactory
    Stream<DynamicTest> specialValues() {
        return FILE.objects("special_values").stream()
                .filter(one -> !DIFFERENT.containsKey(one.text("id")))
                .map(one -> dynamicTest(one.text("id"), () -> checkSpecialValues(one)));
    }

    @Test
    void whatIsNotYetHereIsSaid() {
        Assumptions.abort("not yet: " + String.join(", ", NOT_YET) + "; " + DIFFERENT);
    }

    private static Stream<DynamicTest> each(String field, BiConsumer<Fixture, Double> check) {
        return FILE.objects("cases").stream()
                .filter(one -> field.equals("cases") || one.has(field))
                .filter(one -> !DIFFERENT.containsKey(one.text("id")))
                .map(one -> {
                    double tolerance = one.has("digits") && one.whole("digits") < 12 ? 1e-8 : 1e-9;
                    return dynamicTest(one.text("id"), () -> check.accept(one, tolerance));
                });
    }

    private static void checkOutput(Fixture one, double tolerance) {
        Tensor output = apply(one, inputs(one));

        assertClose("output", one.object("output").tensor(), output, tolerance);
    }

    private static void checkGradients(Fixture one, double tolerance) {
        List<Tensor> inputs = inputs(one);
        Tensor cotangent = one.object("cotangent").tensor();

        List<Tensor> gradients = Gradients.of(apply(one, inputs), cotangent, inputs);

        assertGradients("gradient", one, gradients, tolerance);
    }

    private static void checkGradientsOfGradients(Fixture one, double tolerance) {
        List<Tensor> inputs = inputs(one);
        Tensor cotangent = one.object("cotangent").tensor().requireGradient();
        Fixture expected = one.object("grad_grads");

        List<Tensor> gradients = Gradients.differentiable(apply(one, inputs), cotangent, inputs);
        Tensor along = Tensor.scalar(0.0);
        List<@Nullable Object> directions = expected.list("v");
        for (int i = 0; i < inputs.size(); i++) {
            if (directions.get(i) != null) {
                along = along.add(gradients.get(i).mul(expected.object("v", i).tensor()).sum());
            }
        }
        List<Tensor> second = Gradients.of(along, inputs);
        Tensor bySeed = Gradients.of(along, List.of(cotangent)).getFirst();

        assertGradients("second gradient", expected, second, tolerance);
        assertClose(
                "gradient by the cotangent",
                expected.object("cotangent_grads", 0).tensor(),
                bySeed,
                tolerance);
    }

    private static void checkSpecialValues(Fixture one) {
        Set<Integer> free = new HashSet<>();
        for (String list : List.of("implementation_dependent", "float32_off")) {
            if (one.has(list)) {
                IntStream.of(one.wholes(list)).forEach(free::add);
            }
        }
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
            List<Tensor> inputs = new ArrayList<>();
            for (String x : List.of("x", "x2")) {
                if (one.has(x)) {
                    // their digits are those of float32
                    inputs.add(Tensor.of(one.numbers(x)).cast(DType.FLOAT32).cast(dtype));
                }
            }
            double[] expected = one.numbers("y_" + dtype);
            double[] actual =
                    FixtureOps.apply(one.text("op"), one.object("attrs"), inputs).toDoubles();
            for (int i = 0; i < expected.length; i++) {
                boolean compared = dtype == DType.FLOAT64 || !free.contains(i);
                if (compared && !agree(one.text("op"), expected[i], actual[i], dtype)) {
                    throw new AssertionError(
                            dtype
                                    + " element "
                                    + i
                                    + ": expected "
                                    + expected[i]
                                    + ", was "
                                    + actual[i]);
                }
            }
        }
    }

    private static boolean agree(String op, double expected, double actual, DType dtype) {
        if (Double.compare(expected, actual) == 0) {
            return true;
        }
        boolean single = dtype == DType.FLOAT32;
        double least = single ? Float.MIN_NORMAL : Double.MIN_NORMAL;
        if (Math.abs(expected) < least && Math.abs(actual) < least && expected != 0) {
            return true; // a subnormal result may be 0
        }
        double unit = single ? Math.ulp((float) expected) : Math.ulp(expected);
        // sigmoid is made of tanh, whose errors are units of 1
        double scale =
                op.equals("sigmoid") ? Math.max(unit, single ? Math.ulp(1f) : Math.ulp(1.0)) : unit;
        double digits = single ? 0 : 1e-11 * Math.abs(expected); // of the file
        boolean zeroesAgree = expected != 0 || actual != 0 || ZERO_OF_ANY_SIGN.contains(op);
        return zeroesAgree && Math.abs(expected - actual) <= 4 * scale + digits;
    }

    private static List<Tensor> inputs(Fixture one) {
        List<Tensor> inputs = new ArrayList<>();
        for (Fixture input : one.objects("inputs")) {
            Tensor x = input.tensor();
            boolean differentiable =
                    x.dtype().isFloating()
                            && !Boolean.FALSE.equals(input.fields().get("differentiable"));
            inputs.add(differentiable ? x.requireGradient() : x);
        }
        return inputs;
    }

    private static Tensor apply(Fixture one, List<Tensor> inputs) {
        Fixture attrs = one.object("attrs");
        return FixtureOps.apply(one.text("op"), attrs, FixtureOps.operands(attrs, inputs));
    }

    private static void assertGradients(
            String what, Fixture expected, List<Tensor> actual, double tolerance) {
        for (int i = 0; i < actual.size(); i++) {
            if (expected.list("grads").get(i) != null) {
                Tensor want = expected.object("grads", i).tensor();
                assertClose(what + " of input " + i, want, actual.get(i), tolerance);
            }
        }
    }

    private static void assertClose(String what, Tensor expected, Tensor actual, double tolerance) {
        assertEquals(expected.shape(), actual.shape(), what);
        if (!expected.dtype().isFloating()) {
            assertEquals(expected.dtype(), actual.dtype(), what);
            assertEquals(0, expected.notEqualTo(actual).sum().itemLong(), what);
            return;
        }
        double[] want = expected.toDoubles();
        double[] have = actual.toDoubles();
        for (int i = 0; i < want.length; i++) {
            boolean finite = Double.isFinite(want[i]);
            double allowed = finite ? tolerance * Math.abs(want[i]) + 1e-11 : 0;
            assertEquals(want[i], have[i], allowed, what + ", element " + i);
        }
    }
}
