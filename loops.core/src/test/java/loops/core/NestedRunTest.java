package loops.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import loops.api.Codec;
import loops.api.Held;
import loops.api.LongCell;
import loops.api.Loop;
import loops.api.LoopState.Fields;
import loops.api.Slot;
import loops.api.testkit.ResumeCheck;
import loops.api.testkit.Scenario;
import loops.core.loop.EvaluationLoop;
import loops.core.loop.FitLoop;
import loops.core.loop.TrainingEpochLoop;
import loops.core.training.Activity;
import loops.core.training.BatchResult;
import loops.core.training.Callback;
import loops.core.training.DataModule;
import loops.core.training.EpochRun;
import loops.core.training.EvaluationResult;
import loops.core.training.EvaluationRun;
import loops.core.training.FitPlan;
import loops.core.training.FitResult;
import loops.core.training.FitRun;
import loops.core.training.Limit;
import loops.core.training.RunView;
import loops.core.training.TensorState;
import loops.core.training.TrainingModule;
import loops.core.training.TrainingScope;
import org.junit.jupiter.api.Test;
import tensor.api.Parameter;
import tensor.api.RandomKey;
import tensor.data.Batch;

/// Runs within runs: each with its own scope, stop, budget and mode of the module, and the outer one as if undisturbed.
class NestedRunTest {
    private static final DataModule DATA = Slope.data(Slope.points(4, 2));

    private static Fields values(TrainingModule module) {
        return TensorState.fields(module.stateDict());
    }

    // ---- a fit within a loop

    /// Rounds of fits, each of a fresh module with a stop and a plan of its own, before the fit itself.
    private static final class Rounds extends Loop<FitRun, FitResult> {
        private final Slot<FitRun, FitResult> fit = slot("fit_loop", new FitLoop());
        private final LongCell round = longCell("round", 0);
        private final Held<TrainingScope> scope = held("scope");
        final List<FitResult> results = new ArrayList<>();
        final List<Boolean> stopSeenOutside = new ArrayList<>();

        @Override
        protected void reset(FitRun run) {
            round.set(0);
            scope.clear();
        }

        @Override
        protected boolean done(FitRun run) {
            return round.get() == 2;
        }

        @Override
        protected void advance(FitRun run) {
            long number = round.get();
            var inner =
                    scope.get(() ->
                            TrainingScope.fresh(new Stopping(), run.scope().key().fold(number)));
            results.add(
                    fit.run(
                            FitRun.of(
                                    inner,
                                    run.data(),
                                    run.plan().with(plan -> plan.maxEpochs(3)))));
            stopSeenOutside.add(run.scope().stop().requested());
        }

        @Override
        protected void onAdvanceEnd(FitRun run) {
            scope.clear();
            round.increment();
        }

        @Override
        protected FitResult onRunEnd(FitRun run) {
            return fit.run(run);
        }

        @Override
        protected Optional<Codec<FitResult>> outputCodec() {
            return Optional.of(FitResult.CODEC);
        }
    }

    /// Asks for a stop in its second batch.
    private static final class Stopping extends Slope {
        @Override
        public void onTrainBatchEnd(RunView run, BatchResult result, Batch batch, int batchIndex) {
            if (batchIndex == 1) {
                run.stop("the inner fit has enough");
            }
        }
    }

    @Test
    void aFitWithinALoopHasItsOwnStopAndBudget() {
        var plain = new Slope();
        var undisturbed = Trainer.of(config -> config.maxEpochs(2)).fit(plain, DATA);
        var module = new Slope();
        var rounds = new Rounds();
        var trainer = Trainer.of(config -> config.maxEpochs(2));
        trainer.slots().fit().connect(rounds);

        var result = trainer.fit(module, DATA);

        assertEquals(undisturbed, result);
        assertEquals(values(plain), values(module));
        assertEquals(2, rounds.results.size());
        for (var inner : rounds.results) {
            assertEquals(1, inner.epochs());
            assertEquals(2, inner.globalStep());
            assertEquals(Optional.of("the inner fit has enough"), inner.stopReason());
        }
        assertEquals(List.of(false, false), rounds.stopSeenOutside);
    }

    @Test
    void aLoopOfFitsIsCutAnywhereAndGoneOnWith() {
        int cuts =
                ResumeCheck.everyCut(() -> {
                    var run =
                            FitRun.of(
                                    TrainingScope.of(new Slope(), RandomKey.of(1)),
                                    DATA,
                                    FitPlan.of(plan -> plan.maxEpochs(1)));
                    return new Scenario<>(new Rounds(), run, FitSpec.world(run));
                });

        assertTrue(cuts > 30, () -> cuts + " cuts");
    }

    // ---- a test within a fit

    /// An epoch with a test at its end.
    private static final class TestedEpoch extends TrainingEpochLoop {
        private final Slot<EvaluationRun, EvaluationResult> test =
                slot("test_loop", new EvaluationLoop());
        final List<String> modes = new ArrayList<>();

        @Override
        protected loops.core.training.EpochResult onRunEnd(EpochRun epoch) {
            var fit = epoch.fit();
            var module = fit.scope().module();
            boolean before = module.training();
            var measured =
                    test.run(
                            new EvaluationRun(
                                    Activity.TEST,
                                    fit.scope(),
                                    fit.data().testBatches(),
                                    Limit.all(),
                                    epoch.epoch(),
                                    fit.hooks(),
                                    fit.plan(),
                                    fit.saves()));
            modes.add(before + " " + module.training() + " " + measured.metrics().keySet());
            return super.onRunEnd(epoch);
        }
    }

    @Test
    void aTestWithinAFitLeavesTheFitAsItIs() {
        var plain = new Slope();
        var undisturbed = Trainer.of(config -> config.maxEpochs(2)).fit(plain, DATA);
        var module = new Slope();
        var tested = new TestedEpoch();
        var log = new HookLog();
        var trainer = Trainer.of(config -> config.maxEpochs(2).callbacks(log.callback()));
        trainer.slots().epoch().replace(old -> tested);

        var result = trainer.fit(module, DATA);

        assertEquals(undisturbed.globalStep(), result.globalStep());
        assertEquals(undisturbed.epochs(), result.epochs());
        assertEquals(values(plain), values(module));
        assertEquals(List.of("true true [val_loss]", "true true [val_loss]"), tested.modes);
        assertTrue(log.text().contains("onTestStart\nonTestEpochStart\nonTestBatchStart 0 0\n"));
    }

    // ---- a trainer within a callback

    /// Does something after each epoch, and writes down how the outer trainer stands before and after.
    private static final class AfterEpoch implements Callback {
        private final Consumer<RunView> action;

        AfterEpoch(Consumer<RunView> action) {
            this.action = action;
        }

        @Override
        public void onTrainEpochEnd(RunView run) {
            action.accept(run);
        }
    }

    @Test
    void aSecondTrainerWorksWithinACallback() {
        var plain = new Slope();
        var undisturbed = Trainer.of(config -> config.maxEpochs(2)).fit(plain, DATA);
        var inner = Trainer.of(config -> config.maxEpochs(1));
        var other = new Slope();
        var stands = new ArrayList<String>();
        var outer = new ArrayList<Trainer>();
        var callback =
                new AfterEpoch(run -> {
                    inner.fit(other, DATA);
                    var measured = inner.test(run.module(), DATA).metrics();
                    var stand = outer.getFirst();
                    stands.add(
                            "%s %s %s, %s %s, %s"
                                    .formatted(
                                            stand.status(),
                                            stand.activity().orElseThrow(),
                                            run.module().training(),
                                            inner.status(),
                                            inner.activity(),
                                            measured.keySet()));
                });
        outer.add(Trainer.of(config -> config.maxEpochs(2).callbacks(callback)));
        var module = new Slope();

        var result = outer.getFirst().fit(module, DATA);

        assertEquals(undisturbed, result);
        assertEquals(values(plain), values(module));
        var stand = "RUNNING TRAINING true, FINISHED Optional.empty, [val_loss]";
        assertEquals(List.of(stand, stand), stands);
        assertEquals(Status.FINISHED, outer.getFirst().status());
        assertEquals(Optional.empty(), outer.getFirst().activity());
    }

    @Test
    void whatTheInnerTrainerThrowsIsTheOuterOnesAffair() {
        var inner = Trainer.of(config -> config.maxEpochs(1));
        var faulty =
                new Slope() {
                    @Override
                    public void onTrainStart(RunView run) {
                        throw new IllegalStateException("a fault within");
                    }
                };
        var callback =
                new AfterEpoch(run -> {
                    assertThrows(IllegalStateException.class, () -> inner.fit(faulty, DATA));
                    assertEquals(Status.INTERRUPTED, inner.status());
                });
        var trainer = Trainer.of(config -> config.maxEpochs(2).callbacks(callback));

        var result = trainer.fit(new Slope(), DATA);

        assertEquals(2, result.epochs());
        assertEquals(Status.FINISHED, trainer.status());
    }

    @Test
    void aRunningTrainerRefusesASecondRunOfItself() {
        var trainers = new ArrayList<Trainer>();
        var refused = new ArrayList<String>();
        var untouched = new Slope();
        var callback =
                new AfterEpoch(run -> {
                    var trainer = trainers.getFirst();
                    for (Runnable second :
                            List.<Runnable>of(
                                    () -> trainer.fit(untouched, DATA),
                                    () -> trainer.validate(run.module(), DATA),
                                    () -> trainer.test(run.module(), DATA),
                                    () -> trainer.predict(run.module(), DATA))) {
                        refused.add(
                                String.valueOf(
                                        assertThrows(IllegalStateException.class, second::run)
                                                .getMessage()));
                    }
                });
        trainers.add(Trainer.of(config -> config.maxEpochs(1).callbacks(callback)));

        var result = trainers.getFirst().fit(new Slope(), DATA);

        var message = "Trainer: is running already; a trainer does one thing at a time";
        assertEquals(List.of(message, message, message, message), refused);
        assertFalse(untouched.parameters().stream().anyMatch(Parameter::initialized));
        assertEquals(1, result.epochs());
        assertEquals(Status.FINISHED, trainers.getFirst().status());
    }

    // ---- one after the other

    @Test
    void aSecondFitHasFreshCountersAndBudgetsAndNoOldStop() {
        var module = new Stopping();
        var trainer = Trainer.of(config -> config.maxEpochs(3));

        var first = trainer.fit(module, DATA);
        var second = trainer.fit(module, DATA);
        var third = trainer.fit(new Slope(), DATA);

        assertEquals(1, first.epochs());
        assertEquals(1, second.epochs());
        assertEquals(2, second.globalStep());
        assertEquals(3, third.epochs());
        assertEquals(6, third.globalStep());
        assertEquals(Optional.empty(), third.stopReason());
        var epochs = trainer.slots().fit().get(FitLoop.class).epochProgress();
        assertEquals(3, epochs.current().completed());
        assertEquals(5, epochs.total().completed());
    }

    @Test
    void aFitOfAnotherModuleInBetweenLeavesNoTrace() {
        var alone = new Slope();
        var trainer = Trainer.of(config -> config.maxEpochs(1));
        trainer.fit(alone, DATA);
        trainer.fit(alone, DATA);
        var module = new Slope();
        var second = Trainer.of(config -> config.maxEpochs(1));
        second.fit(module, DATA);

        second.fit(new Stopping(), DATA);
        second.test(module, DATA);
        second.fit(module, DATA);

        assertEquals(values(alone), values(module));
    }

    @Test
    void theModeOfAModuleIsThatOfBeforeAfterEachEvaluation() {
        var module = new Slope();
        var trainer = Trainer.of(config -> config.maxEpochs(1));
        trainer.fit(module, DATA);
        for (boolean training : List.of(true, false)) {
            if (!training) {
                module.eval();
            }
            trainer.validate(module, DATA);
            assertEquals(training, module.training());
            trainer.test(module, DATA);
            assertEquals(training, module.training());
            trainer.predict(module, DATA);
            assertEquals(training, module.training());
        }
        trainer.fit(module, DATA);
        assertTrue(module.training());
        assertFalse(trainer.activity().isPresent());
    }
}
