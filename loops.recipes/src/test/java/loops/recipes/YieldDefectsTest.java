package loops.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Supplier;
import loops.core.loop.OptimizerLoop;
import loops.core.training.DataModule;
import loops.core.training.OptimizerPlan;
import loops.core.training.PlannedOptimizer;
import loops.core.training.SequenceSplit;
import loops.core.training.Step;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tensor.api.Parameter;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.data.DataLoader;
import tensor.data.TensorDataset;
import tensor.layout.Shape;
import tensor.nn.Linear;
import tensor.optim.Sgd;

/// What the original's example of a yielding step does wrong.
class YieldDefectsTest {
    static List<Supplier<OptimizerLoop>> forms() {
        return Scripted.FORMS;
    }

    /// The original's loop can be connected, and not put in the place of another: F1.
    @ParameterizedTest
    @MethodSource("forms")
    void theLoopTakesThePlaceOfTheOptimizerLoopAndItsCounts(Supplier<OptimizerLoop> form) {
        var module = new Scripted((self, batch, step, y) -> self.yieldBoth(batch, y));
        var trainer = Scripted.trainer(form);
        module.fit(trainer);

        trainer.slots().optimizer().replace(old -> new YieldLoop());

        var loop = trainer.slots().optimizer().get(YieldLoop.class);
        assertEquals(4, loop.stepProgress().total().completed());
    }

    /// In the original the code after the last yield never runs.
    @ParameterizedTest
    @MethodSource("forms")
    void theStepRunsToItsEnd(Supplier<OptimizerLoop> form) {
        var ended = new ArrayList<Integer>();
        var module =
                new Scripted((self, batch, step, y) -> {
                    self.yieldBoth(batch, y);
                    ended.add(step.batchIndex());
                });

        module.fit(form);

        assertEquals(List.of(0, 1), ended);
    }

    /// In the original the optimizer's number is always 0.
    @ParameterizedTest
    @MethodSource("forms")
    void theStepSaysWhoseTurnItIs(Supplier<OptimizerLoop> form) {
        var seen = new ArrayList<Integer>();
        var module =
                new Scripted((self, batch, step, y) -> {
                    seen.add(step.optimizerIndex());
                    y.yield(0, self.loss(0, batch));
                    seen.add(step.optimizerIndex());
                    y.yield(1, self.loss(1, batch));
                });

        module.fit(form);

        assertEquals(List.of(0, 1, 0, 1), seen);
    }

    /// In the original a yield too few ends the loop without a word, and later optimizers stay frozen.
    @ParameterizedTest
    @MethodSource("forms")
    void aYieldTooFewIsAnErrorAndFreezesNothing(Supplier<OptimizerLoop> form) {
        var module = new Scripted((self, batch, step, y) -> y.yield(0, self.loss(0, batch)));

        assertThrows(IllegalStateException.class, () -> module.fit(form));

        assertTrue(module.parameters().stream().allMatch(Parameter::requiresGrad));
    }

    /// In the original an iterator that runs out in the step ends the loop without a word: F8.
    @ParameterizedTest
    @MethodSource("forms")
    void anIteratorThatRunsOutInAYieldingStepIsAnErrorThatArrives(Supplier<OptimizerLoop> form) {
        var module =
                new Scripted((self, batch, step, y) -> {
                    y.yield(0, self.loss(0, batch));
                    List.of().iterator().next();
                });

        var thrown = assertThrows(RuntimeException.class, () -> module.fit(form));

        assertInstanceOf(NoSuchElementException.class, thrown);
        assertTrue(module.parameters().stream().allMatch(Parameter::requiresGrad));
    }

    /// In the original hidden state cannot be carried. Here each optimizer has its own, as in an optimizer loop.
    @ParameterizedTest
    @MethodSource("forms")
    void hiddenStateIsCarriedFromPartToPart(Supplier<OptimizerLoop> form) {
        var seen = new ArrayList<String>();
        var module =
                new Parts((line, batch, step, y) -> {
                    for (int i = 0; i < 2; i++) {
                        var before = step.hidden();
                        int place = 100 * step.batchIndex() + 10 * step.splitIndex() + i;
                        seen.add(
                                before.isEmpty()
                                        ? "%03d".formatted(place)
                                        : "%03d after %03d"
                                                .formatted(place, before.getFirst().itemLong()));
                        step.carry(Tensor.scalar((long) place));
                        y.yield(i, line.apply(batch.input()).mean());
                    }
                });

        module.fit(form);

        assertEquals(
                List.of(
                        "000",
                        "001",
                        "010 after 000",
                        "011 after 001",
                        "100",
                        "101",
                        "110 after 100",
                        "111 after 101"),
                seen);
    }

    @ParameterizedTest
    @MethodSource("forms")
    void aTurnThatCarriesNothingNamesItsOptimizer(Supplier<OptimizerLoop> form) {
        var thrown =
                assertThrows(
                        IllegalStateException.class,
                        () ->
                                new Parts(
                                                (line, batch, step, y) -> {
                                                    step.carry(Tensor.scalar(1f));
                                                    y.yield(0, line.apply(batch.input()).mean());
                                                    y.yield(1, line.apply(batch.input()).mean());
                                                })
                                        .fit(form));

        assertEquals(
                "trainingStep: no hidden state was carried over in batch 0 of epoch 0 for optimizer 1, and the next step goes on with it; call step.carry(state)",
                thrown.getMessage());
    }

    @ParameterizedTest
    @MethodSource("forms")
    void whatIsCarriedAfterTheLastYieldIsRefused(Supplier<OptimizerLoop> form) {
        var thrown =
                assertThrows(
                        IllegalStateException.class,
                        () ->
                                new Parts(
                                                (line, batch, step, y) -> {
                                                    for (int i = 0; i < 2; i++) {
                                                        step.carry(Tensor.scalar(1f));
                                                        y.yield(
                                                                i,
                                                                line.apply(batch.input()).mean());
                                                    }
                                                    step.carry(Tensor.scalar(2f));
                                                })
                                        .fit(form));

        assertEquals(
                "%s: the step on part 0 of batch 0 of epoch 0 carries hidden state over after its last yield, where it belongs to no optimizer; call carry before the yield"
                        .formatted(form.get().getClass().getSimpleName()),
                thrown.getMessage());
    }

    /// A step on the parts of a batch.
    private interface OnPart {
        void run(Linear line, Batch batch, Step step, Yields y);
    }

    /// A line with two optimizers, whose batches are split along time.
    private static final class Parts extends YieldingModule {
        private final Linear line = child("line", Linear.of(1, 1));
        private final OnPart step;

        Parts(OnPart step) {
            this.step = step;
        }

        void fit(Supplier<OptimizerLoop> form) {
            var points = TensorDataset.of(Tensor.ones(Shape.of(2, 2, 1)));
            Scripted.trainer(form).fit(this, DataModule.of(DataLoader.of(points)));
        }

        @Override
        public void trainingStep(Batch batch, Step at, Yields y) {
            step.run(line, batch, at, y);
        }

        @Override
        public Optional<SequenceSplit> sequenceSplit() {
            return Optional.of(SequenceSplit.every(1).along("input", 1));
        }

        @Override
        public OptimizerPlan configureOptimizers() {
            return OptimizerPlan.of(
                    PlannedOptimizer.of(Sgd.of(parameters(), 0.1)),
                    PlannedOptimizer.of(Sgd.of(parameters(), 0.1)));
        }
    }
}
