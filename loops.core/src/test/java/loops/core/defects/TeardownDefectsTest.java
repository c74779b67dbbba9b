package loops.core.defects;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import loops.api.LoopState.Fields;
import loops.core.HookLog;
import loops.core.Slope;
import loops.core.Status;
import loops.core.Trainer;
import loops.core.logger.Logger;
import loops.core.training.Activity;
import loops.core.training.DataModule;
import loops.core.training.FitResult;
import loops.core.training.RunView;
import org.junit.jupiter.api.Test;
import tensor.data.Batch;
import tensor.data.BatchCursor;
import tensor.data.BatchSource;

/// What the original leaves undone when something is thrown.
class TeardownDefectsTest {
    /// F21: an exception in the original leaves end hooks and teardown undone, an interruption does so altogether. Here
    /// whatever is thrown at whatever hook, everything is torn down once, sources are closed, loggers finished, the module
    /// is in the mode that it had, and the trainer can be used again.
    @Test
    void f21WhateverIsThrownEverythingIsTornDownOnce() {
        var hooks = new LinkedHashSet<String>();
        new Observed((hook, run) -> hooks.add(hook)).fit();
        hooks.remove("teardown");
        assertEquals(22, hooks.size(), hooks::toString);

        for (String place : hooks) {
            var thrown = new AssertionError(place);
            var once = new ArrayList<AssertionError>(List.of(thrown));
            var observed =
                    new Observed((hook, run) -> {
                        if (hook.equals(place) && !once.isEmpty()) {
                            throw once.removeFirst();
                        }
                    });

            assertSame(thrown, assertThrows(AssertionError.class, observed::fit));

            observed.assertTornDown(Logger.Ending.FAILED);
            assertEquals(2, observed.fit().globalStep());
        }
    }

    @Test
    void f21AnInterruptedRunIsTornDown() {
        var observed =
                new Observed((hook, run) -> {
                    if (hook.equals("onTrainBatchEnd")) {
                        run.interrupt("the user has had enough");
                    }
                });

        var left = observed.fit();

        assertEquals(
                Optional.of(
                        "interrupted: the user has had enough; the run was not saved, give the trainer a folder(..)"),
                left.stopReason());
        assertEquals(1, left.globalStep());
        observed.assertTornDown(Logger.Ending.FAILED);
    }

    @Test
    void f21AnEvaluationThatFailsLeavesTheModuleInItsMode() {
        var module = new Line();
        Trainer.of(config -> config.maxEpochs(1)).fit(module, DataModule.of(Slope.points(2, 2)));
        var fault = new IllegalStateException("a fault");
        for (String place : List.of("onTestStart", "onTestBatchEnd", "onPredictBatchStart")) {
            var log =
                    new HookLog((hook, run) -> {
                        if (hook.equals(place)) {
                            throw fault;
                        }
                    });
            var trainer = Trainer.of(config -> config.callbacks(log.callback()));
            var data = Slope.data(Slope.points(2, 2));

            assertSame(
                    fault,
                    assertThrows(
                            IllegalStateException.class,
                            () -> {
                                trainer.test(module, data);
                                trainer.predict(module, data);
                            }));

            assertTrue(module.training(), place);
        }
    }

    /// A fit of which everything that is opened is watched.
    private static final class Observed {
        private final Line module = new Line();
        private final HookLog log;
        private final Trainer trainer;
        private final List<String> ends = new ArrayList<>();
        private int open;

        Observed(java.util.function.BiConsumer<String, RunView> action) {
            log = new HookLog(action);
            trainer =
                    Trainer.of(config ->
                            config.maxEpochs(1).callbacks(log.callback()).loggers(new EndLogger()));
        }

        FitResult fit() {
            return trainer.fit(module, new WatchedData());
        }

        void assertTornDown(Logger.Ending ending) {
            assertEquals(List.of("data " + Activity.TRAINING, "logger " + ending), ends);
            assertEquals(0, open);
            assertTrue(log.text().endsWith("onException\nteardown\n"), log.text());
            assertEquals(log.text().indexOf("teardown"), log.text().lastIndexOf("teardown"));
            assertTrue(module.training());
            assertEquals(Status.INTERRUPTED, trainer.status());
            assertEquals(Optional.empty(), trainer.activity());
        }

        private final class WatchedData implements DataModule {
            @Override
            public BatchSource trainBatches() {
                return new Watched(Slope.points(4, 2));
            }

            @Override
            public List<BatchSource> validationBatches() {
                return List.of(new Watched(Slope.points(2, 2)));
            }

            @Override
            public void teardown(Activity activity) {
                ends.add("data " + activity);
            }
        }

        /// Does not know its length, so that a cursor is ahead of the loop.
        private final class Watched implements BatchSource {
            private final BatchSource source;

            Watched(BatchSource source) {
                this.source = source;
            }

            @Override
            public OptionalInt batchCount() {
                return OptionalInt.empty();
            }

            @Override
            public BatchCursor open(long epoch, long position) {
                open++;
                var cursor = source.open(epoch, position);
                return new BatchCursor() {
                    @Override
                    public boolean hasNext() {
                        return cursor.hasNext();
                    }

                    @Override
                    public Batch next() {
                        return cursor.next();
                    }

                    @Override
                    public long position() {
                        return cursor.position();
                    }

                    @Override
                    public void close() {
                        open--;
                        cursor.close();
                    }
                };
            }
        }

        private final class EndLogger implements Logger {
            @Override
            public String name() {
                return "ends";
            }

            @Override
            public void log(SequencedMap<String, Double> metrics, long step) {}

            @Override
            public void finish(Ending ending) {
                ends.add("logger " + ending);
            }

            @Override
            public Fields stateDict() {
                return Fields.empty();
            }

            @Override
            public void loadStateDict(Fields state) {}
        }
    }
}
