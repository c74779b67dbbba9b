package loops.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import loops.api.LoopState.Fields;
import loops.api.LoopTrace;
import loops.api.Subscription;
import loops.api.testkit.ResumeCheck;
import loops.api.testkit.Scenario;
import loops.core.Resume;
import loops.core.Status;
import loops.core.Trainer;
import loops.core.TrainerConfig;
import loops.core.callback.EarlyStopping;
import loops.core.callback.Mode;
import loops.core.callback.ModelCheckpoint;
import loops.core.callback.ProgressBar;
import loops.core.checkpoint.CheckpointFolder;
import loops.core.loop.FitLoop;
import loops.core.training.BatchResult;
import loops.core.training.Callback;
import loops.core.training.FitResult;
import loops.core.training.FitRun;
import loops.core.training.Interruption;
import loops.core.training.RunView;
import loops.core.training.TensorState;
import loops.core.training.TrainingModule;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tensor.data.Batch;

class ParallelKFoldLoopTest {
    @Property(tries = 20)
    void foldsAtOnceGiveTheBitsOfFoldsInSeries(
            @ForAll long seed,
            @ForAll @IntRange(min = 2, max = 4) int folds,
            @ForAll @IntRange(min = 1, max = 5) int atOnce,
            @ForAll @IntRange(max = 2) int epochs) {
        var small = new SmallFolds(seed, folds, 7, epochs, true, 5);
        var series = run(small, small.loop());

        var parallel = run(small, small.parallel(atOnce));

        assertEquals(series, parallel);
    }

    /// {@return all that a cross-validation comes to}
    private static List<Object> run(SmallFolds small, CrossValidationLoop loop) {
        var members = new SmallFolds.Members(small.folds());
        var seen = new ArrayList<Object>();
        seen.add(loop.run(small.run(members, small.data())));
        seen.add(loop.results());
        seen.add(TensorState.fields(members.stateDict()));
        return seen;
    }

    @Test
    void itIsResumedAtEveryCut() {
        var small = new SmallFolds(3, 3, 6, 2, true, 99);

        int cuts = ResumeCheck.everyCut(() -> scenario(small));

        assertTrue(cuts > 5, () -> cuts + " cuts");
    }

    private static Scenario<FitRun, FitResult> scenario(SmallFolds small) {
        var run = small.run(new SmallFolds.Members(small.folds()), small.data());
        return new Scenario<>(small.parallel(2), run, run.scope());
    }

    @Test
    void whatAFoldThrowsArrivesAsItIsWithItsFoldAndItsLoop() {
        var fault = new IllegalStateException("a fault");
        var later = new ArithmeticException("another fault");
        var ran = new AtomicInteger();
        var trainer = Trainer.of(config -> config.maxEpochs(1));
        trainer.slots()
                .fit()
                .replace(_ ->
                        new ParallelKFoldLoop(
                                4,
                                3,
                                FitLoop::new,
                                fold -> List.of(failing(fold, fault, later, ran))));

        var thrown =
                assertThrows(
                        IllegalStateException.class,
                        () -> trainer.fit(new Tiny.Members(4), new Tiny.Points()));

        assertSame(fault, thrown);
        assertEquals(1, FoldTrace.of(fault).orElseThrow().fold());
        assertEquals("in fold 1 of 0 to 3", FoldTrace.of(fault).orElseThrow().getMessage());
        assertEquals(
                "in loop 'fit_loop.fold_1.epoch_loop', advance",
                LoopTrace.of(fault).orElseThrow().getMessage());
        assertTrue(List.of(fault.getSuppressed()).contains(later));
        assertEquals(2, FoldTrace.of(later).orElseThrow().fold());
        assertEquals(1, ran.get());
        var loop = trainer.slots().fit().get(ParallelKFoldLoop.class);
        assertEquals(List.of(), loop.results());
    }

    /// {@return what fails in the second and third fold, and counts the others that came to their end}
    private static Callback failing(
            int fold, RuntimeException second, RuntimeException third, AtomicInteger ran) {
        return new Callback() {
            @Override
            public void onTrainBatchEnd(RunView run, BatchResult result, Batch batch, int index) {
                if (fold == 1) {
                    throw second;
                }
                if (fold == 2) {
                    throw third;
                }
            }

            @Override
            public void onTrainEnd(RunView run) {
                ran.incrementAndGet();
            }
        };
    }

    @Test
    void oneFaultOfAllFoldsIsThrownOnce() {
        var fault = new IllegalStateException("a fault");
        var small = new SmallFolds(3, 3, 6, 2, true, 99);
        TrainingModule members = new SmallFolds.Members(3);
        var loop =
                new ParallelKFoldLoop(
                        3,
                        3,
                        FitLoop::new,
                        _ -> List.of(failing(1, fault, fault, new AtomicInteger())));

        var thrown =
                assertThrows(
                        IllegalStateException.class,
                        () -> loop.run(small.run(members, small.data())));

        assertSame(fault, thrown);
        assertEquals(0, FoldTrace.of(fault).orElseThrow().fold());
    }

    @Test
    void aFactoryThatGivesOneLoopTwiceIsRefused() {
        var small = new SmallFolds(3, 3, 6, 2, true, 99);
        var only = new FitLoop();
        var loop = new ParallelKFoldLoop(3, 2, () -> only);

        var refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> loop.run(small.run(new SmallFolds.Members(3), small.data())));

        assertEquals(
                "Slot 'fold_1': the loop is already connected to slot 'fold_0'; loops form a tree, so take() it there first",
                refused.getMessage());
    }

    @Test
    void itHasNoPlaceForALoopThatItDoesNotRun() {
        var small = new SmallFolds(3, 3, 6, 2, true, 99);

        assertEquals(
                """
                ParallelKFoldLoop
                  test_loop: EvaluationLoop
                    epoch_loop: EvaluationEpochLoop
                """,
                small.parallel(2).tree());
        assertTrue(small.parallel(2).explain().text().contains("calls round_end"));
    }

    @Test
    void eachFoldHasItsLoopAndItsCallbacks() {
        var made = Collections.synchronizedList(new ArrayList<Integer>());
        var loops = new ArrayList<FitLoop>();
        var loop =
                new ParallelKFoldLoop(
                        3,
                        2,
                        () -> {
                            loops.add(new FitLoop());
                            return loops.getLast();
                        },
                        fold -> {
                            made.add(fold);
                            return List.of();
                        });
        var small = new SmallFolds(3, 3, 6, 2, true, 99);

        loop.run(small.run(new SmallFolds.Members(3), small.data()));

        assertEquals(List.of(0, 1, 2), made);
        assertEquals(3, loops.size());
        loops.forEach(each -> assertEquals(2, each.epochProgress().current().completed()));
    }

    @Test
    void theRunsCallbacksHearTheRounds() {
        var heard = new ArrayList<String>();
        var listener =
                new Callback() {
                    @Override
                    public List<Subscription<?>> subscriptions() {
                        return List.of(
                                Subscription.to(
                                        RoundEnd.class,
                                        round ->
                                                heard.add(
                                                        round.folds().stream()
                                                                .map(FoldResult::fold)
                                                                .toList()
                                                                .toString())));
                    }
                };
        var trainer = Trainer.of(config -> config.maxEpochs(1).callbacks(listener));
        trainer.slots().fit().replace(_ -> new ParallelKFoldLoop(5, 2, FitLoop::new));

        trainer.fit(new Tiny.Members(5), new Tiny.Points());

        assertEquals(List.of("[0, 1]", "[2, 3]", "[4]"), heard);
    }

    @Test
    void callbacksOfTheRunThatListenToFoldsAreWarnedOf(@TempDir Path folder) {
        var counter =
                new Callback() {
                    @Override
                    public List<Subscription<?>> subscriptions() {
                        return List.of();
                    }
                };

        assertEquals(
                Optional.of(
                        "ParallelKFoldLoop: [EarlyStopping, ProgressBar] would hear several folds at once, and so hear none; give each fold callbacks of its own, by the factory"),
                UnheardCallbacks.warning(
                        List.of(
                                counter,
                                EarlyStopping.of("val_loss", Mode.MIN),
                                new ProgressBar(new PrintWriter(Writer.nullWriter()), false),
                                ModelCheckpoint.newest(folder))));
        assertEquals(Optional.empty(), UnheardCallbacks.warning(List.of(counter)));
    }

    @Test
    void theRunIsSavedAfterEachRoundAndGoneOnWith(@TempDir Path folder) throws IOException {
        var undisturbed = trainer(config -> {}).fit(new Tiny.Members(5), new Tiny.Points());
        var saving = ModelCheckpoint.of(folder, config -> config.newest(9));

        trainer(config -> config.callbacks(saving)).fit(new Tiny.Members(5), new Tiny.Points());

        var saved = new CheckpointFolder(folder).all();
        assertEquals(3, saved.size());
        for (Path checkpoint : saved) {
            var again =
                    trainer(config ->
                            config.callbacks(
                                    ModelCheckpoint.of(folder, config2 -> config2.newest(9))));
            assertEquals(
                    undisturbed,
                    again.fit(new Tiny.Members(5), new Tiny.Points(), Resume.from(checkpoint)));
        }
    }

    private static Trainer trainer(Consumer<TrainerConfig> further) {
        var trainer =
                Trainer.of(config -> {
                    config.maxEpochs(1).seed(4);
                    further.accept(config);
                });
        trainer.slots().fit().replace(_ -> new ParallelKFoldLoop(5, 2, FitLoop::new));
        return trainer;
    }

    @Test
    void anInterruptionAtTheEndOfARoundLetsItEnd(@TempDir Path folder) {
        var undisturbed = trainer(config -> {}).fit(new Tiny.Members(5), new Tiny.Points());
        var trainer = trainer(config -> config.folder(folder));
        trainer.slots()
                .fit()
                .replace(_ ->
                        new ParallelKFoldLoop(
                                5, 1, FitLoop::new, fold -> List.of(interrupting(fold))));

        var result = trainer.fit(new Tiny.Members(5), new Tiny.Points());

        assertEquals(
                Optional.of(
                        "interrupted: enough for today; go on with Resume.from(\"%s\")"
                                .formatted(folder.resolve("interrupted.ckpt"))),
                result.stopReason());
        assertEquals(Status.INTERRUPTED, trainer.status());
        var loop = trainer.slots().fit().get(ParallelKFoldLoop.class);
        assertEquals(2, loop.results().size());
        var again = trainer(config -> config.folder(folder));
        assertEquals(undisturbed, again.fit(new Tiny.Members(5), new Tiny.Points(), Resume.last()));
    }

    private static Callback interrupting(int fold) {
        return new Callback() {
            @Override
            public void onTrainEnd(RunView run) {
                if (fold == 1) {
                    run.interrupt("enough for today");
                }
            }
        };
    }

    @Test
    void anInterruptionCutsARoundShortAndItBeginsAnew(@TempDir Path folder) {
        var undisturbed = new Tiny.Members(5);
        var whole = trainer(config -> {}).fit(undisturbed, new Tiny.Points());
        for (int cut = 0; cut < 5; cut++) {
            int fold = cut;
            for (int at = 1; at <= 3; at++) {
                var interrupting = new InterruptAt(at);
                var trainer = trainer(config -> config.folder(folder).checkpointing(false));
                trainer.slots()
                        .fit()
                        .replace(
                                _ -> cut(each -> each == fold ? List.of(interrupting) : List.of()));

                var result = trainer.fit(new Tiny.Members(5), new Tiny.Points());

                assertEquals(
                        Optional.of(
                                "interrupted: enough for today, and the folds under way begin anew; go on with Resume.from(\"%s\")"
                                        .formatted(folder.resolve("interrupted.ckpt"))),
                        result.stopReason());
                var loop = trainer.slots().fit().get(ParallelKFoldLoop.class);
                assertEquals(cut / 2 * 2, loop.results().size());
                var resumed = new Tiny.Members(5);
                var again = trainer(config -> config.folder(folder).checkpointing(false));
                if (at % 2 == 0) {
                    again.slots().fit().replace(_ -> new KFoldLoop(5, new FitLoop()));
                }
                assertEquals(whole, again.fit(resumed, new Tiny.Points(), Resume.last()));
                assertEquals(bits(undisturbed), bits(resumed));
            }
        }
    }

    private static ParallelKFoldLoop cut(IntFunction<List<Callback>> callbacks) {
        return new ParallelKFoldLoop(5, 2, FitLoop::new, callbacks);
    }

    private static Fields bits(TrainingModule module) {
        return TensorState.fields(module.stateDict());
    }

    /// Asks for an interruption at the start of a batch.
    private record InterruptAt(int batch) implements Callback {
        @Override
        public void onTrainBatchStart(RunView run, Batch samples, int batchIndex) {
            if (run.scope().batches() == batch - 1) {
                run.interrupt("enough for today");
            }
        }
    }

    @Test
    void aRoundThatIsCutShortHasNoEnd() {
        var rounds = new ArrayList<RoundEnd>();
        var listener =
                new Callback() {
                    @Override
                    public List<Subscription<?>> subscriptions() {
                        return List.of(Subscription.to(RoundEnd.class, rounds::add));
                    }
                };
        var trainer = trainer(config -> config.callbacks(listener));
        trainer.slots()
                .fit()
                .replace(_ -> cut(fold -> fold == 3 ? List.of(new InterruptAt(1)) : List.of()));

        trainer.fit(new Tiny.Members(5), new Tiny.Points());

        assertEquals(1, rounds.size());
    }

    @Test
    void aLoopWhoseSafePointsNobodyWatchesIsLeftBeforeTheNextRound() {
        var small = new SmallFolds(3, 3, 6, 2, true, 99);
        var loop = new ParallelKFoldLoop(3, 2, FitLoop::new, _ -> List.of(new InterruptAt(1)));

        var left =
                assertThrows(
                        Interruption.class,
                        () -> loop.run(small.run(new SmallFolds.Members(3), small.data())));

        assertEquals(
                "interrupted: enough for today, and the folds under way begin anew; run the loop again",
                left.getMessage());
    }

    @Test
    void aFaultOfAFoldIsNotHiddenByTheInterruptionOfAnother() {
        var fault = new IllegalStateException("a fault");
        var failing =
                new Callback() {
                    @Override
                    public void onTrainBatchStart(RunView run, Batch samples, int batchIndex) {
                        run.interrupt("enough for today");
                        throw fault;
                    }
                };
        var trainer = trainer(config -> {});
        trainer.slots().fit().replace(_ -> cut(fold -> fold == 1 ? List.of(failing) : List.of()));

        assertSame(
                fault,
                assertThrows(
                        IllegalStateException.class,
                        () -> trainer.fit(new Tiny.Members(5), new Tiny.Points())));
    }

    @Test
    void aFoldThatAsksForACheckpointIsRefused(@TempDir Path folder) {
        var saving =
                new Callback() {
                    @Override
                    public void onTrainEnd(RunView run) {
                        run.save(folder);
                    }
                };
        for (Callback each : List.of(saving, ModelCheckpoint.everyEpoch(folder))) {
            var loop = new ParallelKFoldLoop(3, 1, FitLoop::new, _ -> List.of(each));
            var small = new SmallFolds(3, 3, 6, 2, true, 99);

            var refused =
                    assertThrows(
                            IllegalStateException.class,
                            () -> loop.run(small.run(new SmallFolds.Members(3), small.data())));

            assertEquals(
                    "ParallelKFoldLoop: a callback of a fold asks for a checkpoint, and folds that are trained at once are saved together, between rounds; leave the save to a callback of the run, as a ModelCheckpoint, which saves after each round",
                    refused.getMessage());
            assertEquals(0, FoldTrace.of(refused).orElseThrow().fold());
        }
    }

    @Test
    void noFoldAtOnceIsRefused() {
        var refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> new ParallelKFoldLoop(3, 0, FitLoop::new));

        assertEquals(
                "ParallelKFoldLoop: 0 folds at once; use a number from 1", refused.getMessage());
    }
}
