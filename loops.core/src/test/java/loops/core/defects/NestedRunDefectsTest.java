package loops.core.defects;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import loops.api.Codec;
import loops.api.Loop;
import loops.api.Progress;
import loops.api.Slot;
import loops.api.Stage;
import loops.core.HookLog;
import loops.core.Slope;
import loops.core.Status;
import loops.core.Trainer;
import loops.core.loop.EvaluationLoop;
import loops.core.training.Activity;
import loops.core.training.EvaluationResult;
import loops.core.training.EvaluationRun;
import loops.core.training.FitResult;
import loops.core.training.FitRun;
import loops.core.training.Limit;
import loops.core.training.RunView;
import loops.core.training.Step;
import org.junit.jupiter.api.Test;
import tensor.data.Batch;

/// What the original does wrong where one run is inside another.
class NestedRunDefectsTest {
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
}
