package loops.core.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import tensor.api.Tensor;
import tensor.layout.Shape;

class StepTest {
    private final Metrics metrics = new Metrics();
    private final Step step = Step.of(new Step.Place(Activity.TRAINING, 1, 2, 3, 4, 5, 6), metrics);

    @Test
    void aStepKnowsWhereItStands() {
        assertEquals(Activity.TRAINING, step.activity());
        assertEquals(1, step.epoch());
        assertEquals(2, step.batchIndex());
        assertEquals(3, step.loaderIndex());
        assertEquals(4, step.splitIndex());
        assertEquals(5, step.optimizerIndex());
        assertEquals(6, step.globalStep());
    }

    @Test
    void oneNumberIsLoggedWhateverItsShape() {
        metrics.enter(HookPoint.TRAINING_STEP);
        metrics.beginBatch(1);

        step.log("loss", Tensor.full(Shape.of(1, 1), 2.5));

        assertEquals(2.5, metrics.get("loss").orElseThrow());
    }

    @Test
    void severalNumbersAreNoMetric() {
        assertThrown(
                IllegalArgumentException.class,
                "log: 'loss' has shape [2], a metric is one number; use mean() or sum()",
                () -> step.log("loss", Tensor.of(1f, 2f)));
    }

    @Test
    void whatIsPutOutHasNoGradientAndKeepsItsOrder() {
        step.output("b", Tensor.of(1f).requireGradient());
        step.output("a", Tensor.of(2f));

        assertEquals(List.of("b", "a"), List.copyOf(step.outputs().keySet()));
        assertFalse(step.outputs().values().stream().anyMatch(Tensor::tracked));
        assertThrown(
                IllegalArgumentException.class,
                "Step.output: 'b' was put out already; use another name",
                () -> step.output("b", Tensor.of(3f)));
    }

    @Test
    void hiddenStateBelongsToBatchesThatAreSplit() {
        assertThrown(
                IllegalStateException.class,
                "Step.hidden: no hidden state is carried here; give the module a sequenceSplit(), or take a loop that carries it from batch to batch",
                step::hidden);
        assertThrown(
                IllegalStateException.class,
                "Step.carry: no hidden state is carried here; give the module a sequenceSplit(), or take a loop that carries it from batch to batch",
                () -> step.carry(Tensor.of(1f)));
        assertEquals(List.of(), step.carried());
    }

    @Test
    void hiddenStateIsCarriedWithoutItsGradient() {
        var before = Tensor.of(1f);
        var ready = step.carrying(List.of(before));
        var state = Tensor.of(2f).requireGradient();

        ready.carry(state, before);

        assertEquals(List.of(before), ready.hidden());
        assertTrue(state.tracked());
        assertEquals(2, ready.carried().size());
        assertFalse(ready.carried().stream().anyMatch(Tensor::tracked));
    }

    @Test
    void aPartThatCarriesNothingIsAnError() {
        assertThrown(
                IllegalStateException.class,
                "trainingStep: no hidden state was carried over in batch 2 of epoch 1 for optimizer 5, and the next step goes on with it; call step.carry(state)",
                () -> step.carrying(List.of()).carried());
    }

    @Test
    void whatManualOptimizationMayDoIsRefusedWhereTheLoopsOptimize() {
        assertLoopsOptimize("optimization", step::optimization);
        assertLoopsOptimize("backward", () -> step.backward(Tensor.scalar(1f)));
        assertLoopsOptimize("zeroGrad", () -> step.zeroGrad(0));
        assertLoopsOptimize("optimizerStep", () -> step.optimizerStep(0));
    }

    private static void assertLoopsOptimize(String verb, Executable refused) {
        assertThrown(
                IllegalStateException.class,
                "Step.%s: the loops optimize this module; override automaticOptimization() to do it by hand"
                        .formatted(verb),
                refused);
    }

    private static void assertThrown(
            Class<? extends RuntimeException> type, String message, Executable refused) {
        assertEquals(message, assertThrows(type, refused).getMessage());
    }
}
