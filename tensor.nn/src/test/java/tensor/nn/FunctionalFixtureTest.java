package tensor.nn;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tensor.api.Axes;
import tensor.api.Gradients;
import tensor.api.Tensor;
import tensor.fixtures.Fixture;

/// Functions and losses against PyTorch: values, gradients, and gradients of gradients.
class FunctionalFixtureTest {
    @TestFactory
    Stream<DynamicTest> valuesAndDerivativesAreThoseOfPyTorch() {
        return Fixture.casesOf("ops.json").stream()
                .map(it -> dynamicTest(it.text("id"), () -> check(it)));
    }

    private static void check(Fixture fixture) {
        double relative = fixture.number("digits", 12) < 12 ? 1e-8 : 1e-9;
        List<Tensor> inputs = new ArrayList<>();
        List<Tensor> operands = new ArrayList<>();
        List<@Nullable Object> views =
                fixture.object("attrs").has("views")
                        ? fixture.object("attrs").array("views")
                        : List.of();
        for (Fixture given : fixture.list("inputs")) {
            Tensor tensor = given.tensor();
            Tensor input = tensor.dtype().isFloating() ? tensor.requireGradient() : tensor;
            inputs.add(input);
            int place = operands.size();
            operands.add(place < views.size() ? view(input, views.get(place)) : input);
        }

        Tensor output = apply(fixture.text("op"), fixture.object("attrs"), operands);

        fixture.object("output").assertEqualTo(output, relative, 1e-11, "output");
        if (fixture.has("cotangent")) {
            checkGradients(fixture, inputs, output, relative);
        }
    }

    private static void checkGradients(
            Fixture fixture, List<Tensor> inputs, Tensor output, double relative) {
        List<@Nullable Object> expected = fixture.array("grads");
        List<Tensor> wanted = new ArrayList<>();
        List<Fixture> first = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < expected.size(); i++) {
            if (expected.get(i) instanceof Fixture gradient) {
                wanted.add(inputs.get(i));
                first.add(gradient);
                places.add(i);
            }
        }
        Tensor cotangent = fixture.object("cotangent").tensor().requireGradient();
        List<Tensor> gradients = Gradients.differentiable(output.mul(cotangent).sum(), wanted);
        assertAll(first, gradients, relative, "gradient");

        if (fixture.has("grad_grads")) {
            Fixture second = fixture.object("grad_grads");
            Tensor objective = Tensor.scalar(0.0);
            List<@Nullable Object> vectors = second.array("v");
            List<Fixture> expectedSecond = new ArrayList<>();
            for (int k = 0; k < gradients.size(); k++) {
                int place = places.get(k);
                Fixture vector = (Fixture) requireNonNull(vectors.get(place));
                objective = objective.add(gradients.get(k).mul(vector.tensor()).sum());
                expectedSecond.add((Fixture) requireNonNull(second.array("grads").get(place)));
            }
            List<Tensor> wrt = new ArrayList<>(wanted);
            wrt.add(cotangent);
            expectedSecond.add(
                    (Fixture) requireNonNull(second.array("cotangent_grads").getFirst()));
            assertAll(expectedSecond, Gradients.of(objective, wrt), relative, "second derivative");
        }
    }

    private static void assertAll(
            List<Fixture> expected, List<Tensor> actual, double relative, String what) {
        for (int i = 0; i < expected.size(); i++) {
            expected.get(i).assertEqualTo(actual.get(i), relative, 1e-11, what + " " + i);
        }
    }

    private static Tensor apply(String op, Fixture attributes, List<Tensor> x) {
        Tensor first = x.getFirst();
        return switch (op) {
            case "softmax" -> Functional.softmax(first, (int) attributes.number("dim"));
            case "log_softmax" -> Functional.logSoftmax(first, (int) attributes.number("dim"));
            case "logsumexp" -> Functional.logSumExp(first, axes(attributes));
            case "linear" ->
                    x.size() == 2
                            ? Functional.linear(first, x.get(1))
                            : Functional.linear(first, x.get(1), x.get(2));
            case "cross_entropy" -> crossEntropy(attributes, x);
            case "mse_loss" -> Functional.mse(first, x.get(1), reduction(attributes));
            case "l1_loss" -> Functional.l1(first, x.get(1), reduction(attributes));
            case "huber_loss" ->
                    Functional.huber(
                            first, x.get(1), attributes.number("delta"), reduction(attributes));
            case "binary_cross_entropy_with_logits" ->
                    Functional.binaryCrossEntropyWithLogits(first, x.get(1), reduction(attributes));
            case "softplus" -> Activation.SOFTPLUS.apply(first);
            case "silu" -> Activation.SILU.apply(first);
            case "gelu" -> Activation.GELU_TANH.apply(first);
            default -> throw new IllegalArgumentException(op);
        };
    }

    private static Tensor crossEntropy(Fixture attributes, List<Tensor> x) {
        return Functional.crossEntropy(
                x.getFirst(),
                x.get(1),
                config -> {
                    config.reduction(reduction(attributes))
                            .labelSmoothing(attributes.number("label_smoothing"))
                            .ignore((long) attributes.number("ignore_index"));
                    if (x.size() > 2) {
                        config.weights(x.get(2));
                    }
                });
    }

    private static Axes axes(Fixture attributes) {
        int[] numbers = new int[attributes.numbers("dim").length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (int) attributes.numbers("dim")[i];
        }
        return attributes.flag("keepdim") ? Axes.of(numbers).keep() : Axes.of(numbers);
    }

    private static Reduction reduction(Fixture attributes) {
        return Reduction.valueOf(attributes.text("reduction").toUpperCase(Locale.ROOT));
    }

    private static Tensor view(Tensor x, @Nullable Object steps) {
        Tensor viewed = x;
        if (steps instanceof List<?> list) {
            for (Object step : list) {
                Fixture change = (Fixture) step;
                if (change.has("transpose")) {
                    double[] axes = change.numbers("transpose");
                    viewed = viewed.transpose((int) axes[0], (int) axes[1]);
                } else {
                    double[] slice = change.numbers("slice");
                    viewed =
                            viewed.slice(
                                    (int) slice[0],
                                    (long) slice[1],
                                    (long) slice[2],
                                    (long) slice[3]);
                }
            }
        }
        return viewed;
    }
}
