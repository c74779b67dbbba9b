package loops.core.defects;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import loops.api.LoopState.Fields;
import loops.core.HookLog;
import loops.core.Resume;
import loops.core.Slope;
import loops.core.Trainer;
import loops.core.callback.EarlyStopping;
import loops.core.callback.Mode;
import loops.core.training.BatchResult;
import loops.core.training.Callback;
import loops.core.training.DataModule;
import loops.core.training.RunView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tensor.data.Batch;

/// What the original does wrong at the edges of a run: stopped, gone on with, one after another.
class RunDefectsTest {
    @TempDir private Path folder;

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
