package loops.core;

import static loops.core.SmallFits.data;
import static loops.core.SmallFits.fitted;
import static loops.core.SmallFits.trainer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import loops.core.callback.ModelCheckpoint;
import loops.core.checkpoint.Checkpoint;
import loops.core.training.Activity;
import loops.core.training.BatchResult;
import loops.core.training.Callback;
import loops.core.training.Interruption;
import loops.core.training.RunView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tensor.data.Batch;

/// Runs that are interrupted.
class InterruptedFitTest {
    @TempDir private Path folder;

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
    void aProgramSaysInItsOwnWordsHowToGoOn() {
        for (var place : List.of(Optional.<Path>empty(), Optional.of(folder))) {
            var trainer =
                    Trainer.of(config -> {
                        config.callbacks(new InterruptAt(1))
                                .interruptionHint(saved -> "saved: " + saved);
                        place.ifPresent(config::folder);
                    });

            var result = trainer.fit(new Slope(), data());

            assertEquals(
                    Optional.of(
                            "interrupted: the lights went out; saved: "
                                    + place.map(each -> each.resolve("interrupted.ckpt"))),
                    result.stopReason());
        }
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
    void anInterruptionInTheSanityCheckIsHeededAtOnce() {
        var sanity =
                new Callback() {
                    @Override
                    public void onSanityCheckStart(RunView run) {
                        run.interrupt("the lights went out");
                    }
                };
        var trainer = Trainer.of(config -> config.maxEpochs(3).folder(folder).callbacks(sanity));

        var result = trainer.fit(new Slope(), data());

        assertEquals(
                Optional.of(
                        "interrupted: the lights went out; nothing was trained yet, begin anew"),
                result.stopReason());
        assertEquals(0, result.epochs());
        assertEquals(Status.INTERRUPTED, trainer.status());
        assertFalse(Files.exists(folder.resolve("interrupted.ckpt")));
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
}
