package loops.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Supplier;
import loops.api.Cell;
import loops.api.Codec;
import loops.api.Loop;
import loops.api.LoopState.Fields;
import loops.api.Slot;
import loops.api.Stateful;
import loops.api.testkit.ReplaceCheck;
import loops.api.testkit.ResumeCheck;
import loops.api.testkit.Scenario;
import loops.core.loop.FitLoop;
import loops.core.loop.OptimizerLoop;
import loops.core.loop.TrainingBatchLoop;
import loops.core.loop.TrainingEpochLoop;
import loops.core.training.DataModule;
import loops.core.training.EpochRun;
import loops.core.training.FitResult;
import loops.core.training.FitRun;
import loops.core.training.HookPoint;
import loops.core.training.SplitRun;
import loops.core.training.TrainingOptimizer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tensor.api.Parameter;
import tensor.data.Batch;
import tensor.data.BatchCursor;
import tensor.data.BatchSource;

/// Each fault that is planted in the built-in tree, or in what it works on, breaks a law, and the message names the place.
class FitFaultTest {
    private static final FitSpec FIT = fit(false);

    /// {@return a fit with two optimizers, dropout, accumulation and validation within its epochs}
    static FitSpec fit(boolean manual) {
        return new FitSpec(
                1,
                new FitSpec.Model(2, true, 0.5, manual),
                new FitSpec.Loading(5, 2, true, 0, true),
                new FitSpec.Limits(0, 2, -1, 2, -1),
                new FitSpec.Validation(1, 2, 1),
                0);
    }

    @Test
    void theFitItselfKeepsTheLaws() {
        assertEquals(54, ResumeCheck.everyCut(FIT.scenarios()));
        assertEquals(6, ReplaceCheck.everySlot(FIT.scenarios()));
    }

    // ---- resuming

    @Test
    void aCellLeftOutIsFound() {
        found(
                "ResumeCheck: resumed at safe point 10 ('epoch_loop.batch_loop.optimizer_loop'), at safe point 11 ('epoch_loop.batch_loop.optimizer_loop'): world.scope.module.out.weight differs",
                optimizers(() ->
                        new OptimizerLoop() {
                            private int steps;

                            @Override
                            protected boolean optimizerStep(
                                    TrainingOptimizer optimizer,
                                    SplitRun split,
                                    Supplier<OptionalDouble> closure) {
                                steps++;
                                optimizer.learningRate(0.1 / steps);
                                return super.optimizerStep(optimizer, split, closure);
                            }
                        }));
    }

    @Test
    void aHookOutsideOnceIsFound() {
        found(
                "ResumeCheck: resumed at safe point 2 ('epoch_loop.batch_loop'), at safe point 3 ('epoch_loop.batch_loop.optimizer_loop'): world.hooks.listener.count differs",
                epochs(() ->
                        new TrainingEpochLoop() {
                            @Override
                            protected void advance(EpochRun epoch) {
                                epoch.fit()
                                        .hooks()
                                        .call(
                                                HookPoint.TRAIN_START,
                                                epoch.view(),
                                                hook -> hook.onTrainStart(epoch.view()));
                                super.advance(epoch);
                            }
                        }));
    }

    @Test
    void aHookFiredAgainIsFound() {
        found(
                "ResumeCheck: resumed at safe point 1 ('epoch_loop'), at safe point 2 ('epoch_loop.batch_loop'): world.hooks.listener.count differs",
                epochs(() ->
                        new TrainingEpochLoop() {
                            @Override
                            protected void onResume(EpochRun epoch) {
                                epoch.fit()
                                        .hooks()
                                        .call(
                                                HookPoint.TRAIN_EPOCH_START,
                                                epoch.view(),
                                                hook -> hook.onTrainEpochStart(epoch.view()));
                            }
                        }));
    }

    @Test
    void aBatchRepeatedIsFound() {
        found(
                "ResumeCheck: resumed at safe point 7 ('epoch_loop'), at safe point 10 ('epoch_loop.batch_loop.optimizer_loop'): world.hooks.listener.hash differs",
                () -> {
                    var run = FIT.run();
                    var forgetful =
                            new FitRun(
                                    run.scope(),
                                    DataModule.of(new FromItsStart(run.data().trainBatches())),
                                    run.hooks(),
                                    run.plan(),
                                    run.saves());
                    return new Scenario<>(new FitLoop(), forgetful, FitSpec.world(forgetful));
                });
    }

    @Test
    void aRandomStateLeftOutIsFound() {
        found(
                "ResumeCheck: resumed at safe point 0 ('root'), just loaded: world.scope.module.noise differs",
                forgetting(FIT, run -> ((TinyModule) run.scope().module()).forgetNoise()));
    }

    @Test
    void gradientsLeftOutAreFound() {
        found(
                "ResumeCheck: resumed at safe point 4 ('epoch_loop.batch_loop.optimizer_loop'), just loaded: world.scope.gradients.hidden.weight differs",
                forgetting(
                        FIT,
                        run -> run.scope().module().parameters().forEach(Parameter::zeroGrad)));
    }

    @Test
    void aRequestToStopLeftOutIsFound() {
        var stopped = new FitSpec(1, FIT.model(), FIT.loading(), FIT.limits(), FIT.validation(), 9);

        found(
                "ResumeCheck: resumed at safe point 5 ('epoch_loop.batch_loop.optimizer_loop'), just loaded: world.scope.stop.requests differs",
                forgetting(stopped, run -> run.scope().stop().clear()));
    }

    // ---- replacing

    @Test
    void aLoopThatKnowsItsChildByTypeIsFound() {
        notReplaced(
                "ReplaceCheck: with PassThrough around the loop in slot 'epoch_loop.batch_loop': threw java.lang.IllegalStateException: Slot 'epoch_loop.batch_loop': holds a loops.api.testkit.PassThrough, asked for a loops.core.loop.TrainingBatchLoop; use get(), or the type that you put there, in loop 'epoch_loop', onAdvanceStart",
                epochs(() ->
                        new TrainingEpochLoop() {
                            @Override
                            protected void onAdvanceStart(EpochRun epoch) {
                                batchLoop().get(TrainingBatchLoop.class);
                            }
                        }));
    }

    @Test
    void aLoopAroundThatTrainsTwiceIsFound() {
        var error =
                assertThrows(
                        AssertionError.class,
                        () -> ReplaceCheck.everySlot(Twice::new, FIT.scenarios()));

        assertEquals(
                "ReplaceCheck: with Twice around the loop in slot 'epoch_loop': output differs",
                place(error));
    }

    /// Runs the loop inside twice.
    private static final class Twice<I, O extends @Nullable Object> extends Loop<I, O> {
        private final Slot<I, O> inside;
        private final Cell<Boolean> again = cell("again", false);

        Twice(Loop<I, O> inner) {
            inside = slot("inside", inner);
        }

        @Override
        protected void reset(I input) {
            again.set(false);
        }

        @Override
        protected boolean done(I input) {
            return again.get();
        }

        @Override
        protected void advance(I input) {
            inside.run(input);
            again.set(true);
        }

        @Override
        protected O onRunEnd(I input) {
            return inside.run(input);
        }

        @Override
        protected Optional<Codec<O>> outputCodec() {
            return inside.outputCodec();
        }
    }

    /// Opens every epoch at its first batch.
    private record FromItsStart(BatchSource inner) implements BatchSource {
        @Override
        public OptionalInt batchCount() {
            return inner.batchCount();
        }

        @Override
        public BatchCursor open(long epoch, long position) {
            var first = inner.open(epoch, 0);
            return new BatchCursor() {
                @Override
                public boolean hasNext() {
                    return first.hasNext();
                }

                @Override
                public Batch next() {
                    return first.next();
                }

                @Override
                public long position() {
                    return position + first.position();
                }

                @Override
                public void close() {
                    first.close();
                }
            };
        }
    }

    private static Supplier<Scenario<FitRun, FitResult>> epochs(
            Supplier<TrainingEpochLoop> epochs) {
        return FIT.scenarios(() -> {
            var fit = new FitLoop();
            fit.epochLoop().connect(epochs.get());
            return fit;
        });
    }

    private static Supplier<Scenario<FitRun, FitResult>> optimizers(
            Supplier<OptimizerLoop> optimizers) {
        return FIT.scenarios(() -> {
            var fit = new FitLoop();
            fit.epochLoop()
                    .get(TrainingEpochLoop.class)
                    .batchLoop()
                    .get(TrainingBatchLoop.class)
                    .optimizerLoop()
                    .connect(optimizers.get());
            return fit;
        });
    }

    /// A fit whose state is incomplete: something is lost at each load.
    private static Supplier<Scenario<FitRun, FitResult>> forgetting(
            FitSpec fit, Consumer<FitRun> lose) {
        return () -> {
            var scenario = fit.scenarios().get();
            var whole = scenario.world();
            var broken =
                    new Stateful() {
                        @Override
                        public Fields stateDict() {
                            return whole.stateDict();
                        }

                        @Override
                        public void loadStateDict(Fields state) {
                            whole.loadStateDict(state);
                            lose.accept(scenario.input());
                        }
                    };
            return new Scenario<>(scenario.loop(), scenario.input(), broken);
        };
    }

    private static void found(String place, Supplier<Scenario<FitRun, FitResult>> fits) {
        assertEquals(
                place, place(assertThrows(AssertionError.class, () -> ResumeCheck.everyCut(fits))));
    }

    private static void notReplaced(String place, Supplier<Scenario<FitRun, FitResult>> fits) {
        assertEquals(
                place,
                place(assertThrows(AssertionError.class, () -> ReplaceCheck.everySlot(fits))));
    }

    /// {@return the message without the two values, which are made of hashes and bits}
    private static String place(AssertionError error) {
        return String.valueOf(error.getMessage()).replaceFirst(" differs: .*", " differs");
    }
}
