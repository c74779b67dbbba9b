package tensor.optim;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tensor.api.Device;
import tensor.api.Parameter;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.nn.Activation;
import tensor.nn.Dropout;
import tensor.nn.LayerNorm;
import tensor.nn.Linear;
import tensor.nn.Losses;
import tensor.nn.Sequential;

/// A captured step has the bits of a plain one, also when settings change on the way.
class CapturedStepTest {
    private static final RandomKey KEY = RandomKey.of(5);

    /// So many that RAdam comes to know its variance on the way, at its sixth gradient.
    private static final int STEPS = 8;

    Device device() {
        return Device.cpu();
    }

    private static Sequential model() {
        return Sequential.of(Linear.of(6, 5), Activation.TANH, LayerNorm.of(5), Linear.of(5, 3))
                .initialize(KEY);
    }

    private static Tensor x(int step) {
        return Tensor.normal(KEY.fold("x").fold(step), Shape.of(4, 6));
    }

    private static Tensor y(int step) {
        return Tensor.of(new long[] {step % 3, 0, 1, 2}, Shape.of(4));
    }

    private static Function<List<Tensor>, Tensor> loss(Sequential model) {
        return in -> Losses.crossEntropy(model.apply(in.get(0)), in.get(1));
    }

    private static Tensor plain(Sequential model, Optimizer optimizer, int step) {
        optimizer.zeroGrad();
        Tensor loss = loss(model).apply(List.of(x(step), y(step)));
        loss.backward();
        optimizer.step();
        return loss;
    }

    @Test
    void aStepThatFailsLeavesTheParametersAsTheyWereGiven() {
        device().run(() -> {
            Sequential model = model();
            Optimizer optimizer = Adam.of(model.parameters(), 0.01);
            plain(model, optimizer, 0);
            var step = CapturedStep.of(optimizer, loss(model), x(1), y(1));
            step.apply(x(1), y(1));
            step.give();
            float[] given = model.parameters().getFirst().value().toFloats();

            assertThrows(
                    IndexOutOfBoundsException.class,
                    () -> step.apply(x(2), Tensor.of(0L, 1L, 2L, 7L)));

            assertThrows(IllegalStateException.class, () -> step.apply(x(2), y(2)));
            assertThrows(IllegalStateException.class, step::close);
            assertArrayEquals(given, model.parameters().getFirst().value().toFloats());
        });
    }

    @TestFactory
    Stream<DynamicTest> stepsHaveTheBitsOfPlainOnes() {
        return Stream.<Function<List<Parameter>, Optimizer>>of(
                        all -> Adam.of(all, 0.01),
                        all -> AdamW.of(all, 0.01),
                        all -> Adam.of(all, 0.01, c -> c.amsgrad().weightDecay(0.1)),
                        all -> Sgd.of(all, 0.1),
                        all -> Sgd.of(all, 0.1, c -> c.momentum(0.9)),
                        all -> Adamax.of(all, 0.01, c -> c.weightDecay(0.1)),
                        all -> NAdam.of(all, 0.01),
                        all -> NAdam.of(all, 0.01, c -> c.weightDecay(0.1).decoupled()),
                        all -> RAdam.of(all, 0.01),
                        all -> RAdam.of(all, 0.01, c -> c.weightDecay(0.1).decoupled()),
                        all -> Adagrad.of(all, 0.01, c -> c.rateDecay(0.1)),
                        all -> Adadelta.of(all, 0.01),
                        all -> RmsProp.of(all, 0.01, c -> c.centered().momentum(0.9)),
                        all ->
                                Optimizer.of(
                                        Adam.group(all.subList(0, 2), 0.01),
                                        Sgd.group(all.subList(2, all.size()), 0.1)))
                .map(made ->
                        DynamicTest.dynamicTest(
                                made.apply(model().parameters()).kind(),
                                () -> device().run(() -> compare(made))));
    }

    private void compare(Function<List<Parameter>, Optimizer> made) {
        Sequential expected = model();
        Sequential model = model();
        Optimizer plain = made.apply(expected.parameters());
        Optimizer optimizer = made.apply(model.parameters());
        plain(expected, plain, 0);
        plain(model, optimizer, 0);

        try (var step = CapturedStep.of(optimizer, loss(model), x(0), y(0))) {
            for (int i = 1; i < STEPS; i++) {
                plain.learningRate(0.02 / i);
                optimizer.learningRate(0.02 / i);
                assertEquals(
                        plain(expected, plain, i).item(),
                        step.apply(x(i), y(i)).item(),
                        "loss of step " + i);
                if (i == 2) {
                    step.give();
                }
            }
        }
        same(expected, plain, model, optimizer);
        plain(expected, plain, STEPS);
        plain(model, optimizer, STEPS);
        same(expected, plain, model, optimizer);
        assertEquals(plain.steps(), optimizer.steps());
    }

    private static void same(
            Sequential expected, Optimizer plain, Sequential model, Optimizer optimizer) {
        same(expected.stateDict(), model.stateDict());
        same(plain.stateDict(), optimizer.stateDict());
    }

    private static void same(Map<String, Tensor> expected, Map<String, Tensor> found) {
        assertEquals(expected.keySet(), found.keySet());
        expected.forEach((name, value) ->
                assertArrayEquals(
                        value.cast(DType.FLOAT64).toDoubles(),
                        requireNonNull(found.get(name)).cast(DType.FLOAT64).toDoubles(),
                        name));
    }

    @Test
    void whatCannotBeCapturedIsRefused() {
        device().run(() -> {
            Sequential model = model();
            Optimizer optimizer = Adam.of(model.parameters(), 0.01);
            assertRefused(
                    "CapturedStep: a group of 6 parameters has 0 with a gradient; make a plain step before, and none may keep its gradient by rows",
                    optimizer,
                    loss(model));
            plain(model, optimizer, 0);

            Dropout dropout = Dropout.of(0.5);
            dropout.initialize(KEY);
            assertRefused(
                    "capture: what is computed changes from one time to the next, in call ",
                    optimizer,
                    in -> loss(model).apply(List.of(dropout.apply(in.get(0)), in.get(1))));
            Sequential other = model();
            assertRefused(
                    "capture: a tensor is used that is no input, such as a parameter or a buffer; make it one, since it may have another place in the next step",
                    optimizer,
                    in -> loss(other).apply(in).add(loss(model).apply(in)));

            var step = CapturedStep.of(optimizer, loss(model), x(0), y(0));
            plain(model, optimizer, 1);
            assertEquals(
                    "CapturedStep: what the optimizer remembers was changed by someone else; capture the step again",
                    assertThrows(IllegalStateException.class, () -> step.apply(x(0), y(0)))
                            .getMessage());
            float[] plain = value(model);
            assertEquals(
                    "CapturedStep: what the optimizer remembers was changed by someone else; capture the step again",
                    assertThrows(IllegalStateException.class, step::close).getMessage());
            assertArrayEquals(plain, value(model));
        });
    }

    @Test
    void aStepThatMeetsAnotherStateStops() {
        device().run(() -> {
            Sequential model = model();
            Optimizer optimizer = Adam.of(model.parameters(), 0.01);
            plain(model, optimizer, 0);
            var saved = copies(optimizer.stateDict());
            plain(model, optimizer, 1);
            var step = CapturedStep.of(optimizer, loss(model), x(0), y(0));

            optimizer.loadStateDict(saved);

            assertEquals(
                    "CapturedStep: what the optimizer remembers was changed by someone else; capture the step again",
                    assertThrows(IllegalStateException.class, () -> step.apply(x(0), y(0)))
                            .getMessage());
            assertThrows(IllegalStateException.class, step::close);
            assertEquals(1, requireNonNull(optimizer.stateDict().get("0.step")).item());
        });
    }

    private static float[] value(Sequential model) {
        return model.parameters().getFirst().value().toFloats();
    }

    private static Map<String, Tensor> copies(Map<String, Tensor> dict) {
        Map<String, Tensor> copies = new LinkedHashMap<>();
        dict.forEach((name, tensor) -> copies.put(name, tensor.copy()));
        return copies;
    }

    private static void assertRefused(
            String message, Optimizer optimizer, Function<List<Tensor>, Tensor> loss) {
        String said =
                String.valueOf(
                        assertThrows(
                                        RuntimeException.class,
                                        () -> CapturedStep.of(optimizer, loss, x(0), y(0)))
                                .getMessage());
        assertTrue(said.startsWith(message), said);
    }
}
