package loops.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import loops.api.LoopState.Fields;
import loops.api.testkit.ReplaceCheck;
import loops.api.testkit.ResumeCheck;
import loops.api.testkit.Scenario;
import loops.core.Trainer;
import loops.core.callback.LambdaCallback;
import loops.core.logger.CsvLogger;
import loops.core.loop.FitLoop;
import loops.core.training.BatchResult;
import loops.core.training.Callback;
import loops.core.training.DataModule;
import loops.core.training.FitResult;
import loops.core.training.FitRun;
import loops.core.training.HookPoint;
import loops.core.training.Hooks;
import loops.core.training.RunView;
import loops.core.training.SaveRequest;
import loops.core.training.TrainingModule;
import loops.core.training.TrainingScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tensor.data.Batch;
import tensor.data.BatchSource;

class KFoldLoopTest {
    private static final int FOLDS = 2;

    @Test
    void aFoldGivesTheSameAloneAsInItsPlace() {
        var ensemble = new Tiny.Members(FOLDS);
        var loop = new KFoldLoop(FOLDS, new FitLoop());
        loop.run(run(ensemble));

        for (int fold = FOLDS - 1; fold >= 0; fold--) {
            var alone = TrainingScope.fresh(new Tiny(), Tiny.KEY.fold("fold").fold(fold));
            var result =
                    new FitLoop()
                            .run(FitRun.of(alone, new Tiny.Points().fold(fold, FOLDS), Tiny.PLAN));

            assertEquals(new FoldResult(fold, result), loop.results().get(fold));
            assertEquals(weights(alone.module()), weights(ensemble.members().get(fold)));
        }
    }

    @Test
    void itsResultSumsUpTheFoldsAndMeasuresTheEnsemble() {
        var loop = new KFoldLoop(FOLDS, new FitLoop());

        var result = loop.run(run(new Tiny.Members(FOLDS)));

        assertEquals(4, result.epochs());
        assertEquals(8, result.globalStep());
        assertEquals(
                loop.results().stream()
                        .mapToDouble(fold -> fold.fit().metric("val_loss"))
                        .average()
                        .orElseThrow(),
                result.metric("val_loss"),
                1e-12);
        assertTrue(Double.isFinite(result.metric("test_loss")));
    }

    @Test
    void aTrainerPutsItAroundItsFit() {
        var trainer = Trainer.of(config -> config.maxEpochs(2).seed(5));
        trainer.slots().fit().replace(fit -> new KFoldLoop(FOLDS, fit));

        var result = trainer.fit(new Tiny.Members(FOLDS), new Tiny.Points());

        assertEquals(new KFoldLoop(FOLDS, new FitLoop()).run(run(new Tiny.Members(FOLDS))), result);
    }

    @Test
    void aTrialTestsOnItsBatchesOnly() {
        var tested = new AtomicInteger();
        var counter = LambdaCallback.on(HookPoint.TEST_BATCH_END, run -> tested.incrementAndGet());
        var trainer = Trainer.of(config -> config.fastDevRun(1).callbacks(counter));
        trainer.slots().fit().replace(fit -> new KFoldLoop(FOLDS, fit));

        trainer.fit(new Tiny.Members(FOLDS), new Tiny.Points());

        assertEquals(1, tested.get());
    }

    @Test
    void itIsResumedAtEveryCut() {
        int cuts = ResumeCheck.everyCut(KFoldLoopTest::scenario);

        assertTrue(cuts > 30, () -> cuts + " cuts");
    }

    @Test
    void anyOfItsLoopsIsReplaced() {
        assertTrue(ReplaceCheck.everySlot(KFoldLoopTest::scenario) >= 9);
    }

    private static Scenario<FitRun, FitResult> scenario() {
        var run = run(new Tiny.Members(FOLDS));
        return new Scenario<>(
                new KFoldLoop(FOLDS, new FitLoop(), _ -> List.of(new Counter())), run, run.scope());
    }

    /// Counts batches.
    private static final class Counter implements Callback {
        private long batches;

        @Override
        public void onTrainBatchEnd(RunView run, BatchResult result, Batch batch, int index) {
            batches++;
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

    @Test
    void eachFoldHasCallbacksOfItsOwn() {
        var made = new ArrayList<Counter>();
        var loop =
                new KFoldLoop(
                        FOLDS,
                        new FitLoop(),
                        _ -> {
                            made.add(new Counter());
                            return List.of(made.getLast());
                        });

        loop.run(run(new Tiny.Members(FOLDS)));

        assertEquals(List.of(4L, 4L), made.stream().map(counter -> counter.batches).toList());
    }

    @Test
    void twoStatesOfOneFoldUnderOneKeyAreRefusedBeforeItIsTrained() {
        var counters = List.of(new Counter(), new Counter());
        var loop = new KFoldLoop(FOLDS, new FitLoop(), _ -> List.copyOf(counters));

        assertRefused(
                "Hooks: two callbacks have the state key 'Counter'; override stateKey() in one of them",
                () -> loop.run(run(new Tiny.Members(FOLDS))));

        assertEquals(List.of(0L, 0L), counters.stream().map(counter -> counter.batches).toList());
    }

    @Test
    void aFoldMayHaveCallbacksOfTheKindThatTheWholeHas() {
        var whole = new Counter();
        var loop = new KFoldLoop(FOLDS, new FitLoop(), _ -> List.of(new Counter()));

        loop.run(run(new Tiny.Members(FOLDS), whole));

        assertEquals(8, whole.batches);
    }

    @Test
    void aStopInOneFoldDoesNotStopTheNext() {
        var ensemble = new Tiny.Members(FOLDS);
        var stopper =
                new Callback() {
                    @Override
                    public void onTrainBatchEnd(
                            RunView run, BatchResult result, Batch batch, int index) {
                        if (run.module().equals(ensemble.members().getFirst())) {
                            run.stop("enough");
                        }
                    }
                };
        var loop = new KFoldLoop(FOLDS, new FitLoop());

        loop.run(run(ensemble, stopper));

        var first = loop.results().getFirst().fit();
        assertEquals(1, first.epochs());
        assertEquals(1, first.globalStep());
        assertEquals(Optional.of("enough"), first.stopReason());
        var second = loop.results().getLast().fit();
        assertEquals(2, second.epochs());
        assertEquals(4, second.globalStep());
        assertEquals(Optional.empty(), second.stopReason());
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertRefused(
                "KFoldLoop: folds is 1; use a number from 2",
                () -> new KFoldLoop(1, new FitLoop()));
        assertRefused("Ensemble: size is 0; use a number from 1", () -> new Tiny.Members(0));
        assertRefused(
                "KFoldLoop: 2 folds and an ensemble of 3; give it a member for each fold",
                () -> new KFoldLoop(FOLDS, new FitLoop()).run(run(new Tiny.Members(3))));
        assertRefused(
                "KFoldLoop: the module is a Tiny; fit an Ensemble with a member for each fold",
                () -> new KFoldLoop(FOLDS, new FitLoop()).run(run(new Tiny())));
        var scope = TrainingScope.of(new Tiny.Members(FOLDS), Tiny.KEY);
        var plain = new PlainData(new Tiny.Points().fold(0, FOLDS));
        assertRefused(
                "KFoldLoop: the data is a PlainData; fit on FoldData, which knows its folds",
                () -> new KFoldLoop(FOLDS, new FitLoop()).run(FitRun.of(scope, plain, Tiny.PLAN)));
    }

    private record PlainData(DataModule fold) implements DataModule {
        @Override
        public BatchSource trainBatches() {
            return fold.trainBatches();
        }
    }

    private static void assertRefused(String message, Runnable call) {
        var refused = assertThrows(IllegalArgumentException.class, call::run);
        assertEquals(message, refused.getMessage());
    }

    private static FitRun run(TrainingModule module, Callback... callbacks) {
        return new FitRun(
                TrainingScope.of(module, Tiny.KEY),
                new Tiny.Points(),
                new Hooks(List.of(callbacks), module),
                Tiny.PLAN,
                new SaveRequest());
    }

    private static List<Double> weights(TrainingModule module) {
        return module.parameters().stream().map(weight -> weight.value().item()).toList();
    }

    @Test
    void eachRowThatIsLoggedNamesItsFold(@TempDir Path folder) throws IOException {
        var trainer =
                Trainer.of(config ->
                        config.maxEpochs(1)
                                .plan(plan -> plan.logEvery(1))
                                .loggers(CsvLogger.of(folder)));
        trainer.slots().fit().replace(fit -> new KFoldLoop(2, fit));

        trainer.fit(new Tiny.Members(2), new Tiny.Points());

        var table = Files.readAllLines(folder.resolve("loops/version_0/metrics.csv"));
        assertEquals("step,epoch,fold,loss,val_loss,test_loss", table.getFirst());
        assertEquals(
                List.of("0", "0", "0", "1", "1", "1", ""),
                table.stream().skip(1).map(row -> row.split(",", -1)[2]).toList());
    }
}
