package tensor.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import tensor.api.Parameter;
import tensor.api.Tensor;
import tensor.layout.Shape;

class LbfgsTest {
    private final Parameter a = Parameter.of(Tensor.of(new double[] {3, -1}, Shape.of(1, 2)));
    private final Parameter b = Parameter.of(Tensor.scalar(0.5));
    private final Parameter idle = Parameter.of(Tensor.of(7.0));
    private final List<Parameter> all = List.of(a, b, idle);

    private OptionalDouble loss() {
        all.forEach(Parameter::zeroGrad);
        Tensor loss =
                a.value()
                        .sub(2)
                        .square()
                        .sum()
                        .add(b.value().add(1).square().mul(10))
                        .add(a.value().sum().mul(b.value()).mul(0.5));
        loss.backward();
        return OptionalDouble.of(loss.item());
    }

    @Test
    void oneStepOfAnEasyFunctionIsEnough() {
        Optimizer optimizer = Lbfgs.of(all, 1, config -> config.strongWolfe());

        optimizer.step(this::loss);

        loss();
        assertEquals(0, a.grad().orElseThrow().abs().max().item(), 1e-4);
        assertEquals(0, b.grad().orElseThrow().item(), 1e-4);
        assertArrayEquals(new double[] {7}, idle.value().toDoubles());
    }

    @Test
    void itNeedsAClosure() {
        Optimizer optimizer = Lbfgs.of(all, 1);

        assertTrue(optimizer.reevaluates());
        assertEquals("LBFGS", optimizer.kind());
        assertEquals(
                "Lbfgs: a step calls for losses and gradients several times; use step(closure)",
                assertThrows(IllegalStateException.class, optimizer::step).getMessage());
    }

    @Test
    void withoutALossThereIsNoStep() {
        Optimizer optimizer = Lbfgs.of(all, 1);

        assertFalse(optimizer.step(OptionalDouble::empty));
        assertArrayEquals(new double[] {3, -1}, a.value().toDoubles());
    }

    @Test
    void aLossThatIsMissingLaterIsAnError() {
        Optimizer optimizer = Lbfgs.of(all, 1);
        AtomicInteger calls = new AtomicInteger();

        assertEquals(
                "Lbfgs: the closure gave a loss at first, but none later in this step; it must give"
                        + " one at every call",
                assertThrows(
                                IllegalStateException.class,
                                () ->
                                        optimizer.step(() ->
                                                calls.incrementAndGet() < 3
                                                        ? loss()
                                                        : OptionalDouble.empty()))
                        .getMessage());
    }

    @Test
    void atAMinimumNothingMoves() {
        a.assign(Tensor.zeros(Shape.of(1, 2), a.value().dtype()));
        Optimizer optimizer = Lbfgs.of(List.of(a), 1);

        boolean made =
                optimizer.step(() -> {
                    optimizer.zeroGrad();
                    Tensor loss = a.value().square().sum();
                    loss.backward();
                    return OptionalDouble.of(loss.item());
                });

        assertTrue(made);
        assertArrayEquals(new double[] {0, 0}, a.value().toDoubles());
        assertEquals(
                List.of("group.0.learning_rate", "func_evals", "n_iter"),
                List.copyOf(optimizer.stateDict().keySet()));
    }

    @Test
    void withoutElementsThereIsNothingToMove() {
        Parameter empty = Parameter.of(Tensor.zeros(Shape.of(0)));

        assertTrue(Lbfgs.of(List.of(empty), 1).step(() -> OptionalDouble.of(0)));
        assertTrue(Lbfgs.of(List.of(), 1).step(() -> OptionalDouble.of(0)));
    }

    @Test
    void aStateThatDoesNotFitChangesNothingAndIsNamed() {
        Lbfgs optimizer = Lbfgs.of(all, 0.5, config -> config.maxIterations(2).maxEvaluations(9));
        optimizer.step(this::loss);
        Map<String, Tensor> state = optimizer.stateDict();
        Map<String, Tensor> more = new LinkedHashMap<>(state);
        more.put("old_stps.7", Tensor.of(1.0));
        Map<String, Tensor> narrow = new LinkedHashMap<>(state);
        narrow.put("d", Tensor.of(1.0));
        Map<String, Tensor> less = new LinkedHashMap<>(state);
        less.remove("old_stps.0");

        assertMessage(
                "loadStateDict: unknown [old_stps.7]; Lbfgs keeps no such state",
                () -> optimizer.loadStateDict(more));
        assertMessage(
                "loadStateDict: 'd' is [1] float64, but [4] float64 is needed",
                () -> optimizer.loadStateDict(narrow));
        assertMessage(
                "loadStateDict: no 'old_stps.0'; found [group.0.learning_rate, func_evals, n_iter, d, t,"
                        + " prev_flat_grad, h_diag, old_dirs.0]",
                () -> optimizer.loadStateDict(less));
        assertEquals(state.keySet(), optimizer.stateDict().keySet());
    }

    @Test
    void settingsOutOfTheirRangeAreErrors() {
        assertMessage(
                "Lbfgs: maxIterations is 0; use a number from 1",
                () -> Lbfgs.of(all, 1, config -> config.maxIterations(0)));
        assertMessage(
                "Lbfgs: maxEvaluations is 0; use a number from 1",
                () -> Lbfgs.of(all, 1, config -> config.maxEvaluations(0)));
        assertMessage(
                "Lbfgs: historySize is 0; use a number from 1",
                () -> Lbfgs.of(all, 1, config -> config.historySize(0)));
        assertMessage(
                "Lbfgs: toleranceGradient is -1.0; use a number from 0",
                () -> Lbfgs.of(all, 1, config -> config.toleranceGradient(-1)));
        assertMessage(
                "Lbfgs: toleranceChange is NaN; use a number from 0",
                () -> Lbfgs.of(all, 1, config -> config.toleranceChange(Double.NaN)));
    }

    private static void assertMessage(String expected, Executable faulty) {
        assertEquals(expected, assertThrows(IllegalArgumentException.class, faulty).getMessage());
    }
}
