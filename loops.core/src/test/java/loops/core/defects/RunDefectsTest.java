package loops.core.defects;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import loops.api.Codec;
import loops.api.Loop;
import loops.api.LoopState.Fields;
import loops.api.Progress;
import loops.api.Slot;
import loops.api.Stage;
import loops.core.HookLog;
import loops.core.Resume;
import loops.core.Slope;
import loops.core.Status;
import loops.core.Trainer;
import loops.core.callback.EarlyStopping;
import loops.core.callback.Mode;
import loops.core.logger.Logger;
import loops.core.loop.EvaluationLoop;
import loops.core.training.Activity;
import loops.core.training.BatchResult;
import loops.core.training.Callback;
import loops.core.training.DataModule;
import loops.core.training.EvaluationResult;
import loops.core.training.EvaluationRun;
import loops.core.training.FitResult;
import loops.core.training.FitRun;
import loops.core.training.Limit;
import loops.core.training.RunView;
import loops.core.training.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tensor.data.Batch;
import tensor.data.BatchCursor;
import tensor.data.BatchSource;

/// What the original does wrong at the edges of a run: one inside another, after another, stopped, failed, gone on with.
class RunDefectsTest {
    @TempDir private Path folder;

    // ---- F3

    /// F3: one global stage says in the original what runs, where values are logged and what is torn down, so a run inside
    /// another leaves it wrong. Here a run's input says what it is: one inside another changes nothing of it.
    @Test
    void f03ARunInsideAnotherLeavesItAsItWas() {
        var alone = new Line();
        var plain = new Nesting(false);
        var wanted = plain.fit(alone);
        var module = new Line();
        var nesting = new Nesting(true);

        var result = nesting.fit(module);

        assertEquals(wanted, result);
        assertEquals(alone.values(), module.values());
        assertEquals(plain.seen, nesting.seen);
        assertEquals(2, nesting.inner.size());
        assertFalse(result.metrics().containsKey("test_loss"));
        assertTrue(nesting.inner.getFirst().metrics().containsKey("test_loss"));
    }

    /// Tests the module at the end of each epoch, and fits another one.
    private static final class Nesting {
        private final List<String> seen = new ArrayList<>();
        private final List<EvaluationResult> inner = new ArrayList<>();
        private final Trainer trainer;

        Nesting(boolean nests) {
            var log =
                    new HookLog((hook, run) -> {
                        if (nests && hook.equals("onTrainEpochEnd")) {
                            nest(run);
                        }
                        if (hook.equals("onTrainEpochEnd")) {
                            run.log("after", run.epoch());
                        }
                        see(hook, run);
                    });
            trainer = Trainer.of(config -> config.maxEpochs(2).callbacks(log.callback()));
        }

        private void see(String hook, RunView run) {
            seen.add(
                    "%s %s %s %s"
                            .formatted(
                                    hook,
                                    run.activity(),
                                    run.module().training(),
                                    trainer.activity()));
        }

        private void nest(RunView run) {
            var data = Slope.data(Slope.points(2, 1));
            inner.add(Trainer.of(config -> {}).test(run.module(), data));
            Trainer.of(config -> config.maxEpochs(1)).fit(new Line(), data);
        }

        FitResult fit(Line module) {
            var tested =
                    new Line() {
                        @Override
                        public void testStep(Batch batch, Step step) {
                            step.log("test_loss", loss(batch));
                        }
                    };
            var result = trainer.fit(tested, Slope.data(Slope.points(4, 2)));
            module.initialize(tensor.api.RandomKey.of(0));
            module.loadStateDict(tested.stateDict());
            return result;
        }
    }

    /// F3, in a loop: a fit and a test in turns, in one run. The original does this by setting the stage by hand, and its
    /// end hooks are then those of the other stage.
    @Test
    void f03ALoopOfFitsAndTestsEndsAsTheFitThatItIs() {
        var log = new HookLog();
        var trainer = Trainer.of(config -> config.maxEpochs(1).callbacks(log.callback()));
        trainer.slots().fit().replace(fit -> new FitAndTest(fit, 2));

        var result = trainer.fit(new Line(), Slope.data(Slope.points(2, 2)));

        assertEquals(2, result.globalStep());
        assertEquals(Status.FINISHED, trainer.status());
        assertTrue(log.text().endsWith("onTestEnd\nonFitEnd\nteardown\n"), log.text());
        String round = "T0 Z B S E V0 P V0";
        assertEquals(
                round + " " + round,
                TracedFit.of(
                                Line::scheduled,
                                () -> Slope.data(Slope.points(2, 2)),
                                plan -> plan.maxEpochs(1))
                        .tree(trace -> {
                            var both = new FitAndTest(trace.tree(), 2);
                            both.test
                                    .get(EvaluationLoop.class)
                                    .epochLoop()
                                    .connect(trace.new Evaluations());
                            return both;
                        })
                        .traceWhereverItIsCut());
    }

    /// Fits and tests in turns.
    private static final class FitAndTest extends Loop<FitRun, FitResult> {
        private final Slot<FitRun, FitResult> fit;
        private final Slot<EvaluationRun, EvaluationResult> test =
                slot("test_loop", new EvaluationLoop());
        private final Progress rounds = progress("rounds");
        private final int count;

        FitAndTest(Loop<FitRun, FitResult> fit, int count) {
            this.fit = slot("fit_loop", fit);
            this.count = count;
        }

        @Override
        protected void reset(FitRun run) {
            rounds.resetCurrent();
        }

        @Override
        protected boolean done(FitRun run) {
            return rounds.current().completed() == count;
        }

        @Override
        protected void advance(FitRun run) {
            fit.run(run);
        }

        @Override
        protected void onAdvanceEnd(FitRun run) {
            test.run(
                    new EvaluationRun(
                            Activity.TEST,
                            run.scope(),
                            run.data().testBatches(),
                            Limit.all(),
                            0,
                            run.hooks(),
                            run.plan(),
                            run.saves()));
            rounds.increment(Stage.COMPLETED);
        }

        @Override
        protected FitResult onRunEnd(FitRun run) {
            return new FitResult(
                    count, run.scope().globalStep(), Optional.empty(), run.scope().metrics().all());
        }

        @Override
        protected Optional<Codec<FitResult>> outputCodec() {
            return Optional.of(FitResult.CODEC);
        }
    }

    /// F3: a trainer that is asked for something while it runs refuses, and goes on.
    @Test
    void f03ATrainerThatRunsRefusesASecondRunAndGoesOn() {
        var data = Slope.data(Slope.points(4, 2));
        var said = new ArrayList<String>();
        var trainers = new ArrayList<Trainer>();
        var log =
                new HookLog((hook, run) -> {
                    if (hook.equals("onTrainBatchEnd")) {
                        var refused =
                                assertThrows(
                                        IllegalStateException.class,
                                        () -> trainers.getFirst().test(run.module(), data));
                        said.add(String.valueOf(refused.getMessage()));
                    }
                });
        var trainer = Trainer.of(config -> config.maxEpochs(1).callbacks(log.callback()));
        trainers.add(trainer);

        assertEquals(2, trainer.fit(new Line(), data).globalStep());

        assertEquals(
                java.util.Collections.nCopies(
                        2, "Trainer: is running already; a trainer does one thing at a time"),
                said);
        assertEquals(Status.FINISHED, trainer.status());
    }

    // ---- F17

    /// F17: a request to stop outlives its run in the original, so a second fit does nothing; while a minimum is not met,
    /// it validates after each batch, or cuts the epoch and forgets the request. Here a request belongs to one run, waits
    /// for the minimum, changes nothing until then, and its reason is part of the result.
    @Test
    void f17AStopBelongsToOneRunAndWaitsForTheMinimum() {
        var asked = new ArrayList<String>();
        var log =
                new HookLog((hook, run) -> {
                    if (hook.equals("onTrainBatchEnd") && asked.isEmpty()) {
                        asked.add(hook);
                        run.stop("enough");
                    }
                });
        var trainer = Trainer.of(config -> config.maxEpochs(3).callbacks(log.callback()));
        var data = DataModule.of(Slope.points(4, 2));
        var first = trainer.fit(new Line(), data);
        assertEquals(1, first.globalStep());
        assertEquals(Optional.of("enough"), first.stopReason());
        var second = trainer.fit(new Line(), data);
        assertEquals(6, second.globalStep());
        assertEquals(Optional.empty(), second.stopReason());

        var never = EarlyStopping.of("loss", Mode.MAX, config -> config.patience(1));
        var early = Trainer.of(config -> config.maxEpochs(5).callbacks(never));
        assertEquals(2, early.fit(new Line(), data).epochs());
        assertEquals(2, early.fit(new Line(), data).epochs());

        String epoch = "T0 Z B S T1 Z B S E V0 P";
        assertEquals(epoch + " " + epoch, stoppedAtOnce(2, 0).traceWhereverItIsCut());
        assertEquals(epoch + " T0 Z B S V0", stoppedAtOnce(0, 3).traceWhereverItIsCut());
        assertEquals("T0 Z B S V0", stoppedAtOnce(0, 0).traceWhereverItIsCut());
        var result = stoppedAtOnce(2, 0).make().run();
        assertEquals(2, result.epochs());
        assertEquals(Optional.of("enough"), result.stopReason());
    }

    private static TracedFit stoppedAtOnce(int minEpochs, int minSteps) {
        return TracedFit.of(
                        Line::scheduled,
                        () -> DataModule.of(Slope.points(4, 2), Slope.points(2, 2)),
                        plan -> plan.maxEpochs(5).minEpochs(minEpochs).minSteps(minSteps))
                .callbacks(() ->
                        List.of(
                                new Callback() {
                                    @Override
                                    public void onTrainBatchEnd(
                                            RunView run,
                                            BatchResult result,
                                            Batch batch,
                                            int index) {
                                        run.stop("enough");
                                    }
                                }));
    }

    // ---- F21

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

    // ---- F23

    /// F23: hooks of the original's start see a resumed run that is not restored yet, with the epoch at 0, and its end hooks
    /// come after the teardown. Here everything is restored before the first hook of the fit, and teardown is last.
    @Test
    void f23EverythingIsRestoredBeforeTheFirstHookOfAFit() {
        var log = new ArrayList<String>();
        var saved = folder.resolve("saved");
        var first = new Line();
        new Starts(log, saved).fit(first, Resume.never());
        assertEquals(
                List.of(
                        "setup 0 0 0 {}",
                        "onFitStart 0 0 0 {}",
                        "onSanityCheckStart 0 0 0 {}",
                        "onTrainStart 0 0 0 {}",
                        "onFitEnd 3 6 6 {loss, val_loss}",
                        "teardown 3 6 6 {loss, val_loss}"),
                log);

        log.clear();
        var resumed = new Line();
        new Starts(log, saved).fit(resumed, Resume.latest(saved));

        assertEquals(
                List.of(
                        "setup 0 0 0 {}",
                        "onFitStart 1 3 3 {loss, val_loss}",
                        "onFitEnd 3 6 6 {loss, val_loss}",
                        "teardown 3 6 6 {loss, val_loss}"),
                log);
        assertEquals(first.values(), resumed.values());
    }

    @Test
    void f23AFailedRunTellsItsHooksWhereItFailed() {
        var log = new ArrayList<String>();
        var hooks =
                new HookLog((hook, run) -> {
                    if (hook.equals("onTrainBatchStart") && run.epoch() == 2) {
                        throw new IllegalStateException("a fault");
                    }
                    if (hook.equals("onException") || hook.equals("teardown")) {
                        log.add(hook + " " + run.epoch());
                    }
                });
        var trainer = Trainer.of(config -> config.maxEpochs(3).callbacks(hooks.callback()));

        assertThrows(
                IllegalStateException.class,
                () -> trainer.fit(new Line(), DataModule.of(Slope.points(2, 2))));

        assertEquals(List.of("onException 2", "teardown 2"), log);
    }

    /// Counts batches, saves after the third, and writes down what the hooks around a fit see.
    private static final class Starts implements Callback {
        private final List<String> log;
        private final Path saves;
        private long batches;

        Starts(List<String> log, Path saves) {
            this.log = log;
            this.saves = saves;
        }

        void fit(Line module, Resume resume) {
            Trainer.of(config -> config.maxEpochs(3).callbacks(this))
                    .fit(module, DataModule.of(Slope.points(4, 2), Slope.points(2, 2)), resume);
        }

        private void see(String hook, RunView run) {
            log.add(
                    "%s %d %d %d {%s}"
                            .formatted(
                                    hook,
                                    run.epoch(),
                                    run.globalStep(),
                                    batches,
                                    String.join(", ", run.metrics().all().keySet())));
        }

        @Override
        public void setup(RunView run) {
            see("setup", run);
        }

        @Override
        public void onFitStart(RunView run) {
            see("onFitStart", run);
        }

        @Override
        public void onSanityCheckStart(RunView run) {
            see("onSanityCheckStart", run);
        }

        @Override
        public void onTrainStart(RunView run) {
            see("onTrainStart", run);
        }

        @Override
        public void onFitEnd(RunView run) {
            see("onFitEnd", run);
        }

        @Override
        public void teardown(RunView run) {
            see("teardown", run);
        }

        @Override
        public void onTrainBatchEnd(RunView run, BatchResult result, Batch batch, int index) {
            if (++batches == 3) {
                run.save(saves);
            }
        }

        @Override
        public Fields stateDict() {
            return Fields.empty().with("batches", batches);
        }

        @Override
        public void loadStateDict(Fields state) {
            batches = state.num("batches");
        }
    }

    // ---- F28

    /// F28: a second fit of the original is over at once, because its epochs are counted on. Here a fit is a new run, of the
    /// values that the module has; only one that is asked to resume goes on.
    @Test
    void f28ASecondFitIsANewRun() {
        var data = DataModule.of(Slope.points(4, 2));
        var trainer = Trainer.of(config -> config.maxEpochs(2));
        var module = new Line();
        var first = trainer.fit(module, data);
        var second = trainer.fit(module, data);
        assertEquals(2, second.epochs());
        assertEquals(4, second.globalStep());
        assertTrue(second.metric("loss") < first.metric("loss"));

        var steps = Trainer.of(config -> config.maxSteps(3));
        assertEquals(3, steps.fit(new Line(), data).globalStep());
        assertEquals(3, steps.fit(new Line(), data).globalStep());

        var saved = folder.resolve("saved");
        var saving = Trainer.of(config -> config.maxEpochs(2).folder(saved));
        var whole = saving.fit(new Line(), data);
        var resumed = saving.fit(new Line(), data, Resume.latest(saved.resolve("checkpoints")));
        assertEquals(whole, resumed);
        var longer = Trainer.of(config -> config.maxEpochs(3).folder(saved));
        var more = new Line();
        assertEquals(
                6,
                longer.fit(more, data, Resume.latest(saved.resolve("checkpoints"))).globalStep());
        var straight = new Line();
        longer.fit(straight, data);
        assertEquals(straight.values(), more.values());
    }
}
