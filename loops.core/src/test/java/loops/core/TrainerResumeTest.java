package loops.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import loops.core.callback.Mode;
import loops.core.callback.ModelCheckpoint;
import loops.core.checkpoint.Checkpoint;
import loops.core.training.Activity;
import loops.core.training.BatchResult;
import loops.core.training.Callback;
import loops.core.training.DataModule;
import loops.core.training.FitPlan;
import loops.core.training.FitResult;
import loops.core.training.Interruption;
import loops.core.training.Limit;
import loops.core.training.RunView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tensor.data.Batch;
import tensor.data.BatchSource;

/// From where runs go on, and what an interrupted or failed run leaves.
class TrainerResumeTest {
    @TempDir private Path folder;

    // ---- from where

    @Test
    void theBestIsThatOfTheFirstCallback() {
        var best = ModelCheckpoint.best(folder.resolve("best"), "epoch", Mode.MIN);
        var newest = ModelCheckpoint.newest(folder.resolve("newest"));
        var trainer = trainer(2, best, newest);
        var module = fitted(trainer);
        var trained = module.values();

        try (var warnings = new WarningsHeard()) {
            trainer.validate(module, data(), Resume.best());

            assertEquals(
                    List.of(
                            "Resume.best: there are 2 ModelCheckpoints; the best of the first, in %s, is taken"
                                    .formatted(folder.resolve("best"))),
                    warnings.lines());
        }
        assertEquals(best.best(), trainer.resumedFrom());
        assertFalse(trained.equals(module.values()));
        trainer.test(module, data());
        assertEquals(Optional.empty(), trainer.resumedFrom());
    }

    @Test
    void aFitGoesOnFromTheBestToo() {
        var trainer = trainer(2, ModelCheckpoint.best(folder, "epoch", Mode.MIN));
        fitted(trainer);

        var again = trainer.fit(new Slope(), data(), Resume.best());

        assertEquals(2, again.epochs());
        assertEquals(Optional.of(folder.resolve("epoch=0-step=2.ckpt")), trainer.resumedFrom());
    }

    @Test
    void whereThereIsNoBestItIsAnError() {
        assertRefused(
                "Resume.best: the trainer has no ModelCheckpoint; give it one, or name a checkpoint by Resume.from(..)",
                trainer(1),
                Resume.best());
        assertRefused(
                "Resume.best: the ModelCheckpoint of '%s' has saved no best checkpoint; fit first, and keep at least one"
                        .formatted(folder),
                trainer(1, ModelCheckpoint.of(folder, c -> c.keep(0))),
                Resume.best());
    }

    private static void assertRefused(String message, Trainer trainer, Resume resume) {
        List<Consumer<Slope>> runs =
                List.of(
                        module -> trainer.fit(module, data(), resume),
                        module -> trainer.validate(module, data(), resume),
                        module -> trainer.test(module, data(), resume),
                        module -> trainer.predict(module, data(), resume));
        for (var run : runs) {
            var refused = assertThrows(IllegalStateException.class, () -> run.accept(new Slope()));
            assertEquals(message, refused.getMessage());
        }
    }

    @Test
    void theLastIsFoundByAnotherTrainerToo() {
        fitted(trainer(1, last()));
        var other = trainer(2, last());

        var result = other.fit(new Slope(), data(), Resume.last());

        assertEquals(Optional.of(folder.resolve("last.ckpt")), other.resumedFrom());
        assertEquals(4, result.globalStep());
    }

    @Test
    void theLastOfSeveralIsTheNewest() {
        fitted(trainer(1, last()));
        fitted(trainer(1, last()));
        var other = trainer(1, last());

        other.fit(new Slope(), data(), Resume.last());

        assertEquals(Optional.of(folder.resolve("last-v1.ckpt")), other.resumedFrom());
    }

    @Test
    void whereThereIsNoLastTheRunStartsAnewAndSaysSo() {
        try (var warnings = new WarningsHeard()) {
            var trainer = trainer(1, ModelCheckpoint.newest(folder));

            var result = trainer.fit(new Slope(), data(), Resume.last());

            assertEquals(2, result.globalStep());
            assertEquals(Optional.empty(), trainer.resumedFrom());
            assertEquals(
                    List.of(
                            "Resume.last: nothing was left to go on from, so the run starts anew; let a ModelCheckpoint saveLast()"),
                    warnings.lines());
        }
    }

    @Test
    void aCheckpointThatIsNotThereIsRefused() {
        var refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                trainer(1)
                                        .fit(
                                                new Slope(),
                                                data(),
                                                Resume.from(folder.resolve("none.ckpt"))));

        assertEquals(
                "Resume.from: there is no '%s'; name the folder of a checkpoint"
                        .formatted(folder.resolve("none.ckpt")),
                refused.getMessage());
    }

    @Test
    void aCheckpointOfMoreEpochsThanAreToBeTrainedIsRefused() {
        fitted(trainer(4, last()));

        var refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> trainer(1, last()).fit(new Slope(), data(), Resume.last()));

        assertEquals(
                "FitLoop: the checkpoint has trained 4 epochs, maxEpochs is 1; use a number from 4, or an earlier checkpoint",
                refused.getMessage());
    }

    @Test
    void anEpochThatStandsOpenKeepsItsLength() {
        interruptedIn("an epoch", new InterruptAt(1));

        assertEquals(
                "TrainingEpochLoop: epoch 0 was begun with 2 batches and would go on with 1; give it as many as before by trainLimit and data, or go on from a checkpoint between two epochs",
                refusedToGoOn("an epoch", plan -> plan.trainLimit(Limit.batches(1))));
        assertEquals(
                6,
                goOn(
                                "an epoch",
                                plan ->
                                        plan.validationLimit(Limit.batches(0))
                                                .maxEpochs(3)
                                                .validateEvery(Limit.batches(1)))
                        .globalStep());
    }

    @Test
    void anEvaluationThatStandsOpenKeepsItsLength() {
        var inValidation =
                new Callback() {
                    @Override
                    public void onValidationBatchStart(
                            RunView run, Batch batch, int batchIndex, int loaderIndex) {
                        run.interrupt("the lights went out");
                    }
                };
        interruptedIn("a validation", inValidation);

        assertEquals(
                "EvaluationEpochLoop: loader 0 was begun with 2 batches and would go on with 1; give it as many as before by the limit and the data, or go on from a checkpoint outside of evaluations",
                refusedToGoOn("a validation", plan -> plan.validationLimit(Limit.batches(1))));
        assertEquals(
                "EvaluationLoop: a validation was begun with 1 loaders and would go on with 0; give it as many as before by the limit and the data, or go on from a checkpoint outside of evaluations",
                refusedToGoOn("a validation", plan -> plan.validationLimit(Limit.batches(0))));
        assertEquals(
                2, goOn("a validation", plan -> plan.trainLimit(Limit.batches(1))).globalStep());
    }

    @Test
    void aWindowThatStandsOpenKeepsItsFactorAndTheNextEpochHasTheNewOne() {
        var data = Slope.data(Slope.points(12, 2));
        Trainer.of(config ->
                        config.maxEpochs(2)
                                .accumulate(3)
                                .folder(folder)
                                .checkpointing(false)
                                .callbacks(new InterruptAt(2)))
                .fit(new Slope(), data);

        var result =
                Trainer.of(config -> config.maxEpochs(2).accumulate(2))
                        .fit(new Slope(), data, Resume.from(folder.resolve("interrupted.ckpt")));

        assertEquals(2 + 3, result.globalStep());
    }

    /// Two batches to train on, and two to validate on.
    private static final class TwoAndTwo implements DataModule {
        @Override
        public BatchSource trainBatches() {
            return Slope.points(4, 2);
        }

        @Override
        public List<BatchSource> validationBatches() {
            return List.of(Slope.points(2, 1));
        }
    }

    private void interruptedIn(String name, Callback callback) {
        Trainer.of(config ->
                        config.maxEpochs(1)
                                .folder(folder.resolve(name))
                                .checkpointing(false)
                                .plan(plan -> plan.sanityBatches(0))
                                .callbacks(callback))
                .fit(new Slope(), new TwoAndTwo());
    }

    private FitResult goOn(String name, Consumer<FitPlan.Config> changes) {
        return Trainer.of(config -> config.maxEpochs(1).plan(changes))
                .fit(
                        new Slope(),
                        new TwoAndTwo(),
                        Resume.from(folder.resolve(name).resolve("interrupted.ckpt")));
    }

    private String refusedToGoOn(String name, Consumer<FitPlan.Config> changes) {
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> goOn(name, changes))
                        .getMessage());
    }

    @Test
    void everythingIsRestoredBeforeTheFirstHookOfTheFit() {
        fitted(trainer(2, last()));
        var seen = new ArrayList<String>();

        trainer(3, last(), new Heard(seen)).fit(new Slope(), data(), Resume.last());

        assertEquals("onFitStart: epoch 2, step 4", seen.getFirst());
    }

    @Test
    void aMeasurementOfACheckpointBelongsToItsEpoch() {
        var trainer = trainer(3, last(), new Heard(new ArrayList<>()));
        var module = fitted(trainer);
        var seen = new ArrayList<String>();

        trainer(1, last(), new Heard(seen)).test(module, data(), Resume.last());
        trainer(1, last(), new Heard(seen)).test(module, data());

        assertEquals(List.of("onTestStart: epoch 2, step 0", "onTestStart: epoch 0, step 0"), seen);
    }

    @Test
    void aTrainerWithAFolderKnowsTheCallbackThatItAdds() {
        var trainer = Trainer.of(config -> config.maxEpochs(1).folder(folder));
        fitted(trainer);

        var added = assertInstanceOf(ModelCheckpoint.class, trainer.callbacks().getFirst());

        assertEquals(folder.resolve("checkpoints"), added.folder());
        trainer.test(new Slope(), data(), Resume.best());
        assertEquals(added.best(), trainer.resumedFrom());
        assertEquals(List.of(), Trainer.of(config -> config.checkpointing(false)).callbacks());
        var refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                Trainer.of(config ->
                                        config.checkpointing(false)
                                                .callbacks(ModelCheckpoint.newest(folder))));
        assertEquals(
                "Trainer: checkpointing(false) and ModelCheckpoint, which saves; leave one of them out",
                refused.getMessage());
    }

    // ---- interruption

    @Test
    void anInterruptedFitReturnsAndSaysHowToGoOn() throws IOException {
        var seen = new ArrayList<String>();
        var trainer =
                Trainer.of(config ->
                        config.maxEpochs(3)
                                .folder(folder)
                                .callbacks(new InterruptAt(2), new Heard(seen)));

        var result = trainer.fit(new Slope(), data());

        var place = folder.resolve("interrupted.ckpt");
        assertEquals(Status.INTERRUPTED, trainer.status());
        assertEquals(1, result.epochs());
        assertEquals(1, result.globalStep());
        assertEquals(
                Optional.of(
                        "interrupted: the lights went out; go on with Resume.from(\"%s\")"
                                .formatted(place)),
                result.stopReason());
        assertTrue(result.metrics().containsKey("loss"));
        assertEquals(
                List.of(
                        "onFitStart: epoch 0, step 0",
                        "onException: " + Interruption.class.getName(),
                        "teardown: epoch 0, step 1"),
                seen);
        assertEquals("fit_loop.epoch_loop.batch_loop", Checkpoint.read(place).path());
    }

    @Test
    void aFitThatGoesOnAfterAnInterruptionIsTheUndisturbedOne() {
        var undisturbed = new Slope();
        var whole = trainer(3).fit(undisturbed, data());
        for (int at = 1; at <= 6; at++) {
            int batch = at;
            var choices =
                    (Consumer<TrainerConfig>)
                            config -> config.maxEpochs(3).folder(folder).checkpointing(false);
            Trainer.of(config -> choices.accept(config.callbacks(new InterruptAt(batch))))
                    .fit(new Slope(), data());
            var module = new Slope();
            var trainer = Trainer.of(choices);

            var result = trainer.fit(module, data(), Resume.last());

            assertEquals(whole, result);
            assertEquals(undisturbed.values(), module.values());
            assertFalse(Files.exists(folder.resolve("interrupted.ckpt")));
        }
    }

    @Test
    void withoutAFolderAnInterruptedFitSaysThatItWasNotSaved() {
        var result = trainer(3, new InterruptAt(1)).fit(new Slope(), data());

        assertEquals(
                Optional.of(
                        "interrupted: the lights went out; the run was not saved, give the trainer a folder(..)"),
                result.stopReason());
    }

    @Test
    void anInterruptionInTheLastHooksLetsTheFitEnd() {
        var late =
                new Callback() {
                    @Override
                    public void onTrainEnd(RunView run) {
                        run.interrupt("too late");
                    }
                };
        var trainer = trainer(1, late);

        assertEquals(Optional.empty(), trainer.fit(new Slope(), data()).stopReason());
        assertEquals(Status.FINISHED, trainer.status());
    }

    @Test
    void anotherThreadMayInterrupt() {
        var trainers = new ArrayList<Trainer>();
        var elsewhere =
                new Callback() {
                    @Override
                    public void onTrainBatchEnd(
                            RunView run, BatchResult result, Batch batch, int batchIndex) {
                        var thread =
                                Thread.ofPlatform()
                                        .start(() -> trainers.getFirst().interrupt("from outside"));
                        try {
                            thread.join();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    }
                };
        trainers.add(trainer(3, elsewhere));

        var result = trainers.getFirst().fit(new Slope(), data());

        assertEquals(1, result.globalStep());
        trainers.getFirst().interrupt("nothing is running");
    }

    @Test
    void withoutAFolderAnInterruptedFitIsSavedBesideTheCheckpoints() {
        var trainer =
                Trainer.of(config ->
                        config.maxEpochs(2)
                                .callbacks(ModelCheckpoint.everyEpoch(folder), new InterruptAt(1)));

        var result = trainer.fit(new Slope(), data());

        var place = folder.resolve("interrupted.ckpt");
        assertTrue(result.stopReason().orElseThrow().contains(place.toString()));
        assertTrue(Checkpoint.isAt(place));
    }

    @Test
    void whatATeardownThrowsAfterAnInterruptionIsNotLost() {
        var fault = new IllegalStateException("cannot close");
        var broken =
                new Callback() {
                    @Override
                    public void teardown(RunView run) {
                        throw fault;
                    }
                };

        var thrown =
                assertThrows(
                        IllegalStateException.class,
                        () -> trainer(1, new InterruptAt(1), broken).fit(new Slope(), data()));

        assertSame(fault, thrown);
    }

    @Test
    void whatSeveralTeardownsThrowArrivesUnchangedTheOthersWithTheFirst() {
        var faults = List.of(new IllegalStateException("one"), new IllegalStateException("two"));
        var broken =
                faults.stream()
                        .map(fault ->
                                new Callback() {
                                    @Override
                                    public void teardown(RunView run) {
                                        throw fault;
                                    }
                                })
                        .toArray(Callback[]::new);

        var thrown =
                assertThrows(
                        IllegalStateException.class,
                        () -> trainer(1, broken).fit(new Slope(), data()));

        assertSame(faults.getFirst(), thrown);
        assertEquals(List.of(faults.getLast()), List.of(thrown.getSuppressed()));
    }

    @Test
    void anEvaluationThatIsInterruptedHasNoResult() {
        var module = fitted(trainer(1));
        var seen = new ArrayList<String>();
        var trainer = trainer(1, new InterruptedEvaluation(), new Heard(seen));
        var runs = new LinkedHashMap<String, Runnable>();
        runs.put("validation", () -> trainer.validate(module, data()));
        runs.put("test", () -> trainer.test(module, data()));
        runs.put("prediction", () -> trainer.predict(module, data()));

        runs.forEach((name, run) -> {
            var thrown = assertThrows(Interruption.class, run::run);

            assertEquals(
                    "interrupted: the lights went out; run the %s again".formatted(name),
                    thrown.getMessage());
            assertEquals(Status.INTERRUPTED, trainer.status());
        });
        assertEquals(
                Collections.nCopies(3, "onException: " + Interruption.class.getName()),
                seen.stream().filter(line -> line.startsWith("onException")).toList());
    }

    // ---- failure

    @Test
    void aFailedFitLeavesTheStateOfItsLastSafePointAndTheNextGoesOn() {
        var place = folder.resolve("auto.ckpt");
        var undisturbed = new Slope();
        var whole = trainer(3).fit(undisturbed, data());
        var saving = (Consumer<TrainerConfig>) config -> config.maxEpochs(3).autoSave(place);
        var fault = new IllegalStateException("a fault");
        var failing = Trainer.of(config -> saving.accept(config.callbacks(new FailAt(3, fault))));

        try (var warnings = new WarningsHeard()) {
            assertSame(
                    fault,
                    assertThrows(
                            IllegalStateException.class, () -> failing.fit(new Slope(), data())));
            var module = new Slope();
            var trainer = Trainer.of(saving);

            var result = trainer.fit(module, data());

            assertEquals(
                    List.of(
                            "the fit failed; the state before that is saved, go on with Resume.from(\"%s\")"
                                    .formatted(place),
                            "fit: goes on with the run that failed, from %s; use Resume.never() to start anew"
                                    .formatted(place)),
                    warnings.lines());
            assertEquals(Optional.of(place), trainer.resumedFrom());
            assertEquals(whole, result);
            assertEquals(undisturbed.values(), module.values());
        }
        assertFalse(Files.exists(place));
        assertEquals(Status.INTERRUPTED, failing.status());
    }

    @Test
    void aFitThatIsToldToStartAnewPassesOverWhatAFailedOneLeft() {
        var place = folder.resolve("auto.ckpt");
        var failing =
                Trainer.of(config ->
                        config.maxEpochs(3)
                                .autoSave(place)
                                .callbacks(new FailAt(3, new IllegalStateException("a fault"))));
        assertThrows(IllegalStateException.class, () -> failing.fit(new Slope(), data()));
        var trainer = Trainer.of(config -> config.maxEpochs(1).autoSave(place));

        var result = trainer.fit(new Slope(), data(), Resume.never());

        assertEquals(2, result.globalStep());
        assertEquals(Optional.empty(), trainer.resumedFrom());
    }

    @Test
    void anAutoSaveThatCannotBeWrittenDoesNotHideTheFault() throws IOException {
        var file = Files.writeString(folder.resolve("file"), "");
        var fault = new IllegalStateException("a fault");
        var trainer =
                Trainer.of(config ->
                        config.maxEpochs(1)
                                .autoSave(file.resolve("auto.ckpt"))
                                .callbacks(new FailAt(2, fault)));

        assertSame(
                fault,
                assertThrows(IllegalStateException.class, () -> trainer.fit(new Slope(), data())));
        assertTrue(
                List.of(fault.getSuppressed()).stream()
                        .anyMatch(UncheckedIOException.class::isInstance));
    }

    // ---- tools

    private ModelCheckpoint last() {
        return ModelCheckpoint.of(folder, c -> c.keep(0).saveLast());
    }

    private static Trainer trainer(int epochs, Callback... callbacks) {
        return Trainer.of(config -> config.maxEpochs(epochs).callbacks(callbacks));
    }

    private static Slope fitted(Trainer trainer) {
        var module = new Slope();
        trainer.fit(module, data());
        return module;
    }

    /// Epochs of two steps.
    private static DataModule data() {
        return Slope.data(Slope.points(4, 2));
    }

    private record InterruptAt(int batch) implements Callback {
        @Override
        public void onTrainBatchStart(RunView run, Batch samples, int batchIndex) {
            if (run.scope().batches() == batch - 1) {
                run.interrupt("the lights went out");
            }
        }
    }

    /// Asks for an interruption in whatever is not a fit.
    private static final class InterruptedEvaluation implements Callback {
        @Override
        public void onValidationStart(RunView run) {
            if (run.activity() == Activity.VALIDATION && !run.validatesInFit()) {
                run.interrupt("the lights went out");
            }
        }

        @Override
        public void onTestStart(RunView run) {
            run.interrupt("the lights went out");
        }

        @Override
        public void onPredictStart(RunView run) {
            run.interrupt("the lights went out");
        }
    }

    private record FailAt(int batch, RuntimeException fault) implements Callback {
        @Override
        public void onTrainBatchEnd(RunView run, BatchResult result, Batch samples, int index) {
            if (run.scope().batches() == batch) {
                throw fault;
            }
        }
    }

    private record Heard(List<String> lines) implements Callback {
        private void add(String hook, RunView run) {
            lines.add("%s: epoch %d, step %d".formatted(hook, run.epoch(), run.globalStep()));
        }

        @Override
        public void onFitStart(RunView run) {
            add("onFitStart", run);
        }

        @Override
        public void onTestStart(RunView run) {
            add("onTestStart", run);
        }

        @Override
        public void onException(RunView run, Throwable thrown) {
            lines.add("onException: " + thrown.getClass().getName());
        }

        @Override
        public void teardown(RunView run) {
            if (run.globalStep() == 1) {
                add("teardown", run);
            }
        }
    }
}
