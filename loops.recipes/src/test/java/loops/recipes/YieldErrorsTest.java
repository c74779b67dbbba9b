package loops.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import loops.api.LoopState.Fields;
import loops.api.LoopTrace;
import loops.core.loop.OptimizerLoop;
import loops.core.training.Callback;
import loops.core.training.OptimizerPlan;
import loops.core.training.PlannedOptimizer;
import loops.core.training.RunView;
import loops.core.training.SplitRun;
import loops.core.training.Step;
import loops.core.training.TrainingModule;
import loops.recipes.Scripted.Script;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.nn.Linear;
import tensor.optim.Lbfgs;
import tensor.optim.Sgd;

/// What a yielding step may not do, and what comes out of the loop then: the same in both forms.
class YieldErrorsTest {
    private static final String WHERE = "fit_loop.epoch_loop.batch_loop.optimizer_loop";

    static List<Supplier<OptimizerLoop>> forms() {
        return Scripted.FORMS;
    }

    /// {@return what a fit with this step throws, which names the loop}
    private static Throwable thrownBy(
            Supplier<OptimizerLoop> form, Script script, Callback... callbacks) {
        var thrown = assertThrows(Throwable.class, () -> new Scripted(script).fit(form, callbacks));
        assertEquals(WHERE, LoopTrace.of(thrown).orElseThrow().path());
        assertEquals("advance", LoopTrace.of(thrown).orElseThrow().method());
        return thrown;
    }

    /// @param message what it says after the name of the form
    private static void assertRefused(Supplier<OptimizerLoop> form, String message, Script script) {
        assertEquals(name(form) + ": " + message, thrownBy(form, script).getMessage());
    }

    private static String name(Supplier<OptimizerLoop> form) {
        return form.get().getClass().getSimpleName();
    }

    @ParameterizedTest
    @MethodSource("forms")
    void oneYieldTooFewNamesTheOptimizer(Supplier<OptimizerLoop> form) {
        assertRefused(
                form,
                "the step on batch 0 of epoch 0 ended without a yield for optimizer 1; yield once for each of [0, 1], or leave it out",
                (self, batch, step, y) -> y.yield(0, self.loss(0, batch)));
        assertRefused(
                form,
                "the step on batch 1 of epoch 0 ended without a yield for optimizer 0; yield once for each of [0, 1], or leave it out",
                (self, batch, step, y) -> {
                    if (step.batchIndex() == 0) {
                        self.yieldBoth(batch, y);
                    }
                });
    }

    @ParameterizedTest
    @MethodSource("forms")
    void oneYieldTooManyNamesTheOptimizer(Supplier<OptimizerLoop> form) {
        assertRefused(
                form,
                "the step on batch 0 of epoch 0 yields for optimizer 1 when all turns are over; yield once for each of [0, 1]",
                (self, batch, step, y) -> {
                    self.yieldBoth(batch, y);
                    y.yield(1, self.loss(1, batch));
                });
    }

    @ParameterizedTest
    @MethodSource("forms")
    void aYieldOutOfTurnNamesBothOptimizers(Supplier<OptimizerLoop> form) {
        assertRefused(
                form,
                "the step on batch 0 of epoch 0 yields for optimizer 1 when it is the turn of optimizer 0; yield once for each of [0, 1], in this order",
                (self, batch, step, y) -> y.yield(1, self.loss(1, batch)));
        assertRefused(
                form,
                "the step on batch 0 of epoch 0 yields for optimizer 2 when it is the turn of optimizer 1; yield once for each of [0, 1], in this order",
                (self, batch, step, y) -> {
                    y.yield(0, self.loss(0, batch));
                    y.leaveOut(2);
                });
    }

    @ParameterizedTest
    @MethodSource("forms")
    void aLossOfAnotherOptimizerIsRefused(Supplier<OptimizerLoop> form) {
        assertRefused(
                form,
                "the step on batch 0 of epoch 0 yields for optimizer 0 a loss without gradients: backward: none of the 1 parameters that are to get gradients leads to Tensor [] float32; give the loss that is theirs",
                (self, batch, step, y) -> y.yield(0, self.loss(1, batch)));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void aLossThatNothingLeadsToNamesTheOptimizer(Supplier<OptimizerLoop> form) {
        assertRefused(
                form,
                "the step on batch 0 of epoch 0 yields for optimizer 1 a loss without gradients: backward: Tensor [] float32 is not tracked: no parameter that requires gradients leads to it, or it was computed under noGrad",
                (self, batch, step, y) -> {
                    y.yield(0, self.loss(0, batch));
                    y.yield(1, Tensor.scalar(1f));
                });
    }

    @ParameterizedTest
    @MethodSource("forms")
    void aLossOfSeveralNumbersNamesTheOptimizer(Supplier<OptimizerLoop> form) {
        assertRefused(
                form,
                "the step on batch 1 of epoch 0 yields for optimizer 1 a loss of shape [2, 1]; yield one number, by mean() or sum()",
                (self, batch, step, y) -> {
                    y.yield(0, self.loss(0, batch));
                    y.yield(
                            1,
                            step.batchIndex() == 0
                                    ? self.loss(1, batch)
                                    : self.second.apply(batch.input()));
                });
    }

    @ParameterizedTest
    @MethodSource("forms")
    void theTurnOfAnOptimizerThatIsNotThereIsAnError(Supplier<OptimizerLoop> form) {
        for (int none : new int[] {-1, 2, 7}) {
            assertRefused(
                    form,
                    "the step on batch 0 of epoch 0 asks for the turn of optimizer %d; there are [0, 1]"
                            .formatted(none),
                    (self, batch, step, y) -> y.hasTurn(none));
        }
    }

    @ParameterizedTest
    @MethodSource("forms")
    @SuppressWarnings("NullAway") // what a caller without the checker may do
    void noLossIsSaidInWords(Supplier<OptimizerLoop> form) {
        @Nullable Tensor none = null;
        assertRefused(
                form,
                "the step on batch 0 of epoch 0 yields null for optimizer 0; yield a loss, or let the turn pass by leaveOut(0)",
                (self, batch, step, y) -> y.yield(0, none));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void anOutputAfterTheLastYieldIsRefused(Supplier<OptimizerLoop> form) {
        assertRefused(
                form,
                "the step on batch 0 of epoch 0 puts out [late] after its last yield, where it belongs to no optimizer; put it out before",
                (self, batch, step, y) -> {
                    self.yieldBoth(batch, y);
                    step.output("late", Tensor.scalar(1f));
                });
    }

    @ParameterizedTest
    @MethodSource("forms")
    void aYieldOutsideOfItsStepIsRefused(Supplier<OptimizerLoop> form) {
        var kept = new AtomicReference<Yields>();
        var module =
                new Scripted((self, batch, step, y) -> {
                    kept.set(y);
                    self.yieldBoth(batch, y);
                });
        var loss = Tensor.scalar(1f);
        var withinATurn =
                new Callback() {
                    @Override
                    public void onAfterBackward(RunView run) {
                        assertOutside(() -> kept.get().yield(0, loss));
                        assertOutside(() -> kept.get().leaveOut(1));
                        assertOutside(() -> kept.get().hasTurn(1));
                    }
                };

        module.fit(form, withinATurn);

        assertOutside(() -> kept.get().yield(0, loss));
        assertOutside(() -> kept.get().leaveOut(0));
        assertOutside(() -> kept.get().hasTurn(0));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void yieldsOfAnEarlierStepAreNotThoseOfThisOne(Supplier<OptimizerLoop> form) {
        var kept = new ArrayList<Yields>();
        var module =
                new Scripted((self, batch, step, y) -> {
                    kept.add(y);
                    if (kept.size() > 1) {
                        var loss = self.loss(0, batch);
                        assertOutside(() -> kept.getFirst().yield(0, loss));
                        assertOutside(() -> kept.getFirst().leaveOut(0));
                        assertOutside(() -> kept.getFirst().hasTurn(0));
                    }
                    self.yieldBoth(batch, y);
                });

        assertEquals(4, module.fit(form).globalStep());
    }

    @ParameterizedTest
    @MethodSource("forms")
    void yieldsOfAnotherThreadAreRefused(Supplier<OptimizerLoop> form) {
        var module =
                new Scripted((self, batch, step, y) -> {
                    var loss = self.loss(0, batch);
                    CompletableFuture.runAsync(
                                    () -> {
                                        assertOutside(() -> y.yield(0, loss));
                                        assertOutside(() -> y.leaveOut(0));
                                        assertOutside(() -> y.hasTurn(0));
                                    },
                                    task -> Thread.ofPlatform().start(task))
                            .join();
                    self.yieldBoth(batch, y);
                });

        assertEquals(4, module.fit(form).globalStep());
    }

    private static void assertOutside(Executable use) {
        assertEquals(
                "Yields: used outside of its step, after it or by another thread; yield a loss in trainingStep",
                assertThrows(IllegalStateException.class, use).getMessage());
    }

    // ---- what is thrown arrives

    @ParameterizedTest
    @MethodSource("forms")
    void whatAStepThrowsArrivesAsItIs(Supplier<OptimizerLoop> form) {
        for (Throwable mine :
                List.of(
                        new IllegalArgumentException("mine"),
                        new Error("mine"),
                        new Exception("mine"))) {
            for (int yields = 0; yields < 3; yields++) {
                int before = yields;
                assertSame(
                        mine,
                        thrownBy(
                                form,
                                (self, batch, step, y) -> {
                                    for (int i = 0; i < before; i++) {
                                        y.yield(i, self.loss(i, batch));
                                    }
                                    throw Thrown.again(mine);
                                }));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("forms")
    void whatATurnThrowsLeavesTheStepThroughItsYield(Supplier<OptimizerLoop> form) {
        var mine = new IllegalStateException("mine");
        var seen = new ArrayList<Throwable>();
        var hook =
                new Callback() {
                    @Override
                    public void onAfterBackward(RunView run) {
                        throw mine;
                    }
                };

        var thrown =
                thrownBy(
                        form,
                        (self, batch, step, y) -> {
                            try {
                                y.yield(0, self.loss(0, batch));
                            } catch (IllegalStateException e) {
                                seen.add(e);
                                throw e;
                            }
                        },
                        hook);

        assertSame(mine, thrown);
        assertEquals(List.of(mine), seen);
    }

    @ParameterizedTest
    @MethodSource("forms")
    void whatATurnThrowsArrivesEvenIfTheStepCatchesIt(Supplier<OptimizerLoop> form) {
        var mine = new IllegalStateException("mine");
        var hook =
                new Callback() {
                    @Override
                    public void onAfterBackward(RunView run) {
                        throw mine;
                    }
                };

        var thrown =
                thrownBy(
                        form,
                        (self, batch, step, y) -> {
                            for (int i = 0; i < 2; i++) {
                                int optimizer = i;
                                assertSame(
                                        mine,
                                        assertThrows(
                                                IllegalStateException.class,
                                                () ->
                                                        y.yield(
                                                                optimizer,
                                                                self.loss(optimizer, batch))));
                            }
                        },
                        hook);

        assertSame(mine, thrown);
    }

    @ParameterizedTest
    @MethodSource("forms")
    void aLoopThatHasFailedRunsAgain(Supplier<OptimizerLoop> form) {
        var fails = new AtomicReference<>(true);
        var module =
                new Scripted((self, batch, step, y) -> {
                    y.yield(0, self.loss(0, batch));
                    if (fails.getAndSet(false)) {
                        throw new IllegalStateException("once");
                    }
                    y.yield(1, self.loss(1, batch));
                });
        var trainer = Scripted.trainer(form);
        assertThrows(IllegalStateException.class, () -> module.fit(trainer));

        assertEquals(4, module.fit(trainer).globalStep());
    }

    // ---- what does not fit together

    private static final class Plain extends TrainingModule {
        private final Linear line = child("line", Linear.of(1, 1));

        @Override
        public Tensor trainingStep(Batch batch, Step step) {
            return line.apply(batch.input()).mean();
        }

        @Override
        public OptimizerPlan configureOptimizers() {
            return OptimizerPlan.of(Sgd.of(parameters(), 0.1));
        }
    }

    @Test
    void aModuleThatYieldsNothingIsRefused() {
        var refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> Scripted.trainer(YieldLoop::new).fit(new Plain(), Scripted.data()));

        assertEquals(
                "YieldLoop: the module is a Plain; fit a YieldingModule, or leave the optimizer loop in its place",
                refused.getMessage());
    }

    @Test
    void aLoopThatTakesNoYieldsIsRefused() {
        var module = new Scripted((self, batch, step, y) -> self.yieldBoth(batch, y));

        var refused =
                assertThrows(IllegalStateException.class, () -> module.fit(OptimizerLoop::new));

        assertEquals(
                "Scripted: its step yields a loss for each optimizer, and the loop asked for one; put a YieldLoop in the place of the optimizer loop",
                refused.getMessage());
    }

    @ParameterizedTest
    @MethodSource("forms")
    void anOptimizerThatComputesItsLossAgainIsRefused(Supplier<OptimizerLoop> form) {
        var module =
                new YieldingModule() {
                    private final Linear line = child("line", Linear.of(1, 1));

                    @Override
                    public void trainingStep(Batch batch, Step step, Yields y) {
                        y.yield(0, line.apply(batch.input()).mean());
                    }

                    @Override
                    public OptimizerPlan configureOptimizers() {
                        return OptimizerPlan.of(PlannedOptimizer.of(Lbfgs.of(parameters(), 0.1)));
                    }
                };

        var refused =
                assertThrows(
                        IllegalStateException.class,
                        () -> Scripted.trainer(form).fit(module, Scripted.data()));

        assertEquals(
                name(form)
                        + ": optimizer 0 computes its loss several times a step, and the step yields it once; plan another optimizer",
                refused.getMessage());
    }

    /// Stands for a state that was saved between two optimizers.
    @ParameterizedTest
    @MethodSource("forms")
    void aRunThatWasCutBetweenTwoOptimizersIsRefused(Supplier<OptimizerLoop> form) {
        var module = new Scripted((self, batch, step, y) -> self.yieldBoth(batch, y));
        var saved = new ArrayList<Fields>();
        var other = new OneByOne();
        other.run(
                YieldLoopTest.split(module),
                point -> {
                    if (other.position() == 1) {
                        saved.add(point.state());
                    }
                });
        var loop = form.get();
        loop.loadStateDict(saved.getFirst());

        var refused =
                assertThrows(
                        IllegalStateException.class, () -> loop.run(YieldLoopTest.split(module)));

        assertEquals(
                name(form)
                        + ": batch 0 of epoch 0 was saved by another loop, after 1 of 2 turns; go on from a state between two batches",
                refused.getMessage());
    }

    /// An optimizer loop whose steps need no module that gives one loss.
    private static final class OneByOne extends OptimizerLoop {
        @Override
        protected Tensor trainingStep(SplitRun split, Step step) {
            var module = (Scripted) split.fit().scope().module();
            return module.loss(step.optimizerIndex(), split.part());
        }
    }
}
