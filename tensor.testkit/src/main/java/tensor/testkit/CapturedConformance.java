package tensor.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import tensor.api.Captured;
import tensor.api.Device;
import tensor.api.Gradients;
import tensor.api.Parameter;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.api.TensorScope;
import tensor.layout.Shape;

/// What is captured gives the bits of the function, call by call, and what cannot be captured is refused.
public abstract class CapturedConformance {
    private static final RandomKey KEY = RandomKey.of(3);
    private static final int STEPS = 4;

    /// For subclasses.
    protected CapturedConformance() {}

    /// {@return the device under test}
    protected abstract Device device();

    /// {@return whether its backend records; else the function is called each time, and nothing is refused}
    protected abstract boolean records();

    /// A step of a small network with momentum: embedding, two layers, softmax. Carried are three matrices and what is
    /// remembered of each; then come positions, classes and a rate.
    private static List<Tensor> step(List<Tensor> in) {
        Tensor table = in.get(0).requireGradient();
        Tensor hidden = in.get(1).requireGradient();
        Tensor out = in.get(2).requireGradient();
        Tensor x = table.indexSelect(0, in.get(6)).matMul(hidden).tanh();
        Tensor logits = x.matMul(out);
        Tensor shifted = logits.sub(logits.max(1).reshape(logits.size(0), 1));
        Tensor logs = shifted.sub(shifted.exp().sum(1).log().reshape(logits.size(0), 1));
        Tensor loss = logs.gather(1, in.get(7).reshape(logits.size(0), 1)).neg().mean();
        List<Tensor> slopes = Gradients.of(loss, List.of(table, hidden, out));
        List<Tensor> values = new ArrayList<>();
        List<Tensor> sums = new ArrayList<>();
        for (int i = 0; i < slopes.size(); i++) {
            Tensor half =
                    Tensor.of(new float[] {0.5f}, Shape.of(1)); // uploaded, and the same each time
            sums.add(in.get(3 + i).mul(half).add(slopes.get(i)));
            values.add(in.get(i).sub(sums.get(i).mul(in.get(8))));
        }
        List<Tensor> all = new ArrayList<>(values);
        all.addAll(sums);
        all.add(loss);
        return all;
    }

    private static Tensor[] inputs() {
        return new Tensor[] {
            Tensor.normal(KEY.fold("table"), Shape.of(7, 5)),
            Tensor.normal(KEY.fold("hidden"), Shape.of(5, 6)),
            Tensor.normal(KEY.fold("out"), Shape.of(6, 3)),
            Tensor.zeros(Shape.of(7, 5)),
            Tensor.zeros(Shape.of(5, 6)),
            Tensor.zeros(Shape.of(6, 3)),
            positions(0),
            classes(0),
            rate(0)
        };
    }

    private static Tensor positions(int step) {
        return Tensor.of(new long[] {step, 1, (2L * step) % 7, 6}, Shape.of(4));
    }

    private static Tensor classes(int step) {
        return Tensor.of(new long[] {0, step % 3, 2, 1}, Shape.of(4));
    }

    private static Tensor rate(int step) {
        return Tensor.of(new float[] {0.1f / (step + 1)}, Shape.of(1));
    }

    @Test
    void carriedStepsHaveTheBitsOfTheFunction() {
        device().run(() -> {
            Tensor[] all = inputs();
            List<Tensor> state = List.of(all).subList(0, 6);
            try (var captured = Captured.carrying(6, CapturedConformance::step, all)) {
                for (int i = 0; i < STEPS; i++) {
                    List<Tensor> in = new ArrayList<>(state);
                    in.addAll(List.of(positions(i), classes(i), rate(i)));
                    List<Tensor> expected = step(in);
                    state = expected.subList(0, 6);

                    Tensor loss = captured.apply(positions(i), classes(i), rate(i)).getFirst();

                    assertEquals(expected.get(6).item(), loss.item(), "loss of step " + i);
                    for (int k = 0; k < 6; k++) {
                        assertArrayEquals(
                                state.get(k).toFloats(),
                                captured.carried().get(k).toFloats(),
                                "state %d after step %d".formatted(k, i));
                    }
                    disturb();
                }
            }
        });
    }

    /// Takes memory of all small sizes, writes into it and gives it back.
    private static void disturb() {
        TensorScope.run(
                "disturb",
                () -> {
                    for (int i = 1; i < 400; i += 13) {
                        Tensor.full(Shape.of(i), -1000);
                    }
                });
    }

    @Test
    void anotherCallOverwritesTheResults() {
        device().run(() -> {
            try (var twice = Captured.of(in -> List.of(in.getFirst().add(in.getFirst())), of(1))) {
                Tensor first = twice.apply(of(2)).getFirst();
                assertEquals(4, first.item());

                Tensor second = twice.apply(of(3)).getFirst();

                assertEquals(6, second.item());
                String message =
                        String.valueOf(
                                assertThrows(IllegalStateException.class, first::item)
                                        .getMessage());
                assertTrue(message.contains("out of date"), message);
            }
        });
    }

    @Test
    void anInputOfAnotherShapeIsRefused() {
        device().run(() -> {
            try (var twice = Captured.of(in -> List.of(in.getFirst().add(in.getFirst())), of(1))) {
                var error =
                        assertThrows(
                                IllegalArgumentException.class,
                                () -> twice.apply(Tensor.of(1f, 2f)));

                assertEquals(
                        "Captured.apply: input 0 is [2] float32 on %1$s, was [1] float32 on %1$s; capture another one for it"
                                .formatted(device()),
                        error.getMessage());
                assertEquals(
                        "Captured.apply: there are 0 inputs, it takes 1",
                        assertThrows(IllegalArgumentException.class, twice::apply).getMessage());
            }
        });
    }

    @Test
    void aPositionOutsideIsAnErrorOfTheCall() {
        device().run(() -> {
            Function<List<Tensor>, List<Tensor>> look =
                    in -> List.of(in.get(0).indexSelect(0, in.get(1)));
            Tensor table = Tensor.of(1f, 2f, 3f);
            try (var captured = Captured.of(look, table, Tensor.of(0L, 1L))) {
                assertThrows(
                        IndexOutOfBoundsException.class,
                        () -> captured.apply(table, Tensor.of(0L, 3L)));

                Tensor found = captured.apply(table, Tensor.of(2L, 0L)).getFirst();
                assertArrayEquals(new float[] {3, 1}, found.toFloats());
            }
        });
    }

    @Test
    void whatIsCarriedIsLostByACallThatFails() {
        device().run(() -> {
            Function<List<Tensor>, List<Tensor>> look =
                    in -> List.of(in.get(0).add(in.get(0).indexSelect(0, in.get(1)).sum()));
            Tensor table = Tensor.of(1f, 2f, 3f);
            try (var captured = Captured.carrying(1, look, table, Tensor.of(0L, 1L))) {
                assertThrows(
                        IndexOutOfBoundsException.class, () -> captured.apply(Tensor.of(0L, 3L)));

                String message =
                        "Captured: a call failed, and what it carries is lost; make another one";
                assertEquals(
                        message,
                        assertThrows(IllegalStateException.class, captured::carried).getMessage());
                assertEquals(
                        message,
                        assertThrows(
                                        IllegalStateException.class,
                                        () -> captured.apply(Tensor.of(0L, 1L)))
                                .getMessage());
            }
        });
    }

    @Test
    void whatIsClosedIsRefused() {
        device().run(() -> {
            var twice = Captured.of(in -> List.of(in.getFirst().add(in.getFirst())), of(1));
            twice.close();
            twice.close();

            assertEquals(
                    "Captured: it is closed; make another one",
                    assertThrows(IllegalStateException.class, () -> twice.apply(of(1)))
                            .getMessage());
        });
    }

    @Test
    void whatIsReadOnTheHostIsRefused() {
        refused(
                "capture: elements are read on the host, which cannot be done again; return the tensor and read it afterwards",
                in -> List.of(in.getFirst().mul(in.getFirst().item())));
    }

    @Test
    void aParameterIsRefused() {
        var parameter = device().with(() -> Parameter.of(Tensor.of(2f)));
        refused(
                "capture: a tensor is used that is no input, such as a parameter or a buffer; make it one, since it may have another place in the next step",
                in -> List.of(in.getFirst().mul(parameter.value())));
    }

    @Test
    void aNumberThatChangesIsRefused() {
        var steps = new AtomicInteger();
        refused(
                "capture: what is computed changes from one time to the next, in call ",
                in -> List.of(in.getFirst().mul(steps.incrementAndGet())));
        refused(
                "capture: what is computed changes from one time to the next, in call ",
                in -> List.of(in.getFirst().add(Tensor.of((float) steps.incrementAndGet()))));
        refused(
                "capture: what is computed changes from one time to the next, in call ",
                in ->
                        List.of(
                                in.getFirst()
                                        .add(
                                                Tensor.uniform(
                                                        KEY.fold(steps.incrementAndGet()),
                                                        Shape.of(1)))));
    }

    @Test
    void anotherTensorTheSecondTimeIsRefused() {
        var steps = new AtomicInteger();
        refused(
                "capture: what is computed changes from one time to the next, in call ",
                in -> {
                    Tensor one = in.getFirst().exp();
                    Tensor two = in.getFirst().sin();
                    return List.of((steps.getAndIncrement() % 2 == 0 ? one : two).tanh());
                });
    }

    @Test
    void aRefusalThatIsCaughtIsOneAllTheSame() {
        refused(
                "capture: elements are read on the host, which cannot be done again; return the tensor and read it afterwards",
                in -> {
                    double read;
                    try {
                        read = in.getFirst().item();
                    } catch (IllegalStateException _) {
                        read = 0;
                    }
                    return List.of(in.getFirst().add(read));
                });
    }

    private void refused(String message, Function<List<Tensor>, List<Tensor>> function) {
        assumeTrue(records(), "this backend records nothing");
        device().run(() -> {
            String said =
                    String.valueOf(
                            assertThrows(
                                            IllegalStateException.class,
                                            () -> Captured.of(function, of(1)))
                                    .getMessage());
            assertTrue(said.startsWith(message), said);
        });
    }

    private static Tensor of(float value) {
        return Tensor.of(value);
    }
}
