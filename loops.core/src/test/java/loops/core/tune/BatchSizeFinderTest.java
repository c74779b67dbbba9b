package loops.core.tune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import loops.api.LoopTrace;
import loops.api.testkit.ReplaceCheck;
import loops.api.testkit.ResumeCheck;
import loops.core.Trainer;
import loops.core.logger.MemoryLogger;
import loops.core.loop.FitLoop;
import loops.core.training.DataModule;
import loops.core.training.TensorState;
import loops.core.tune.BatchSizeFinder.Config;
import org.junit.jupiter.api.Test;
import tensor.api.RandomKey;

class BatchSizeFinderTest {
    private static final AnySize DATA = new AnySize(40, 5);

    /// {@return a module for which memory is out in batches of more samples}
    private static Noisy upTo(int samples) {
        var module = new Noisy(0.1);
        module.before =
                batch -> {
                    if (batch.size() > samples) {
                        throw new OutOfMemoryError("batch of " + batch.size());
                    }
                };
        return module;
    }

    private static BatchSizeFound found(Noisy module, Consumer<Config> config) {
        var finder = new BatchSizeFinder(new FitLoop(), config);
        var trainer = Trainer.of(choices -> choices.maxEpochs(0));
        trainer.slots().fit().connect(finder);
        trainer.fit(module, DATA);
        return finder.found().orElseThrow();
    }

    private static List<Integer> sizes(BatchSizeFound found) {
        return found.trials().stream().map(BatchSizeFound.Attempt::size).toList();
    }

    // ---- which sizes

    @Test
    void theSizeIsDoubledUntilMemoryIsOut() {
        var found = found(upTo(11), config -> {});

        assertEquals(List.of(2, 4, 8, 16), sizes(found));
        assertEquals(8, found.size());
        assertEquals(new BatchSizeFound.Attempt(16, false, false), found.trials().getLast());
    }

    @Test
    void theRangeThatIsLeftIsHalvedIfWanted() {
        var found = found(upTo(11), config -> config.bisect());

        assertEquals(List.of(2, 4, 8, 16, 12, 10, 11), sizes(found));
        assertEquals(11, found.size());
    }

    @Test
    void aFirstSizeThatIsTooLargeIsHalvedUntilItFits() {
        assertEquals(List.of(30, 15, 7), sizes(found(upTo(11), config -> config.start(30))));
        assertEquals(
                List.of(30, 15, 7, 11, 13, 12),
                sizes(found(upTo(11), config -> config.start(30).bisect())));
    }

    @Test
    void noSizeBeyondTheLimitIsTried() {
        var found = found(upTo(100), config -> config.limit(13));

        assertEquals(List.of(2, 4, 8, 13), sizes(found));
        assertEquals(13, found.size());
    }

    @Test
    void oneBatchOfAllDataIsEnough() {
        var found = found(upTo(100), config -> {});

        assertEquals(List.of(2, 4, 8, 16, 32, 64), sizes(found));
        assertEquals(64, found.size());
    }

    @Test
    void aTrialTakesAFewBatches() {
        int[] batches = {0};
        var module = new Noisy(0.1);
        module.before = batch -> batches[0]++;

        found(module, config -> config.start(4).limit(4).batches(2));

        assertEquals(2, batches[0]);
    }

    @Test
    void memoryThatIsOutWhileABatchIsMadeCountsToo() {
        var module = new Noisy(0.1);
        module.before =
                batch -> {
                    if (batch.size() > 4) {
                        throw new IllegalStateException(
                                "a batch cannot be made", new OutOfMemoryError("in a worker"));
                    }
                };

        assertEquals(4, found(module, config -> {}).size());
    }

    // ---- no trace

    @Test
    void theFitThatFollowsIsTheFitOnBatchesOfThatSize() {
        var given =
                Traces.of(upTo(11), DATA.batchSize(8), fit -> fit, config -> config.maxEpochs(2));

        var found = Traces.of(upTo(11), DATA, BatchSizeFinder::new, config -> config.maxEpochs(2));

        assertEquals(given, found);
    }

    @Test
    void trialsAreCutAnywhereAndGoneOnWith() {
        int cuts =
                ResumeCheck.everyCut(() ->
                        Traces.scenario(
                                new BatchSizeFinder(
                                        new FitLoop(), config -> config.bisect().batches(1)),
                                upTo(3),
                                new AnySize(5, 1)));

        assertTrue(cuts > 60, () -> cuts + " cuts");
    }

    @Test
    void anyLoopMayStandInItsPlaces() {
        assertEquals(
                7,
                ReplaceCheck.everySlot(() ->
                        Traces.scenario(
                                new BatchSizeFinder(new FitLoop(), config -> config.batches(1)),
                                upTo(3),
                                new AnySize(5, 1))));
    }

    @Test
    void bothFindersMayStandAroundAFit() {
        var alone = new BatchSizeFinder(new FitLoop());
        var trainer = Trainer.of(config -> config.maxEpochs(1).seed(3));
        trainer.slots()
                .fit()
                .connect(
                        new BatchSizeFinder(
                                new LearningRateFinder(
                                        new FitLoop(),
                                        config ->
                                                config.range(1e-3, 10)
                                                        .steps(8)
                                                        .leaveOut(1, 1)
                                                        .smoothing(0.5))));
        var both = trainer.fit(upTo(11), DATA);

        var second = Trainer.of(config -> config.maxEpochs(1).seed(3));
        second.slots().fit().connect(alone);
        assertEquals(second.fit(upTo(11), DATA).globalStep(), both.globalStep());
    }

    @Test
    void inAFastDevRunNothingIsLookedFor() {
        var rates = new LearningRateFinder(new FitLoop());
        var sizes = new BatchSizeFinder(rates);
        var trainer = Trainer.of(config -> config.fastDevRun(1).seed(3));
        trainer.slots().fit().connect(sizes);
        var module = upTo(11);

        assertEquals(1, trainer.fit(module, DATA).globalStep());

        assertEquals(Optional.empty(), sizes.found());
        assertEquals(Optional.empty(), rates.found());
        var plain = upTo(11);
        Trainer.of(config -> config.fastDevRun(1).seed(3)).fit(plain, DATA);
        assertEquals(TensorState.fields(plain.stateDict()), TensorState.fields(module.stateDict()));
    }

    @Test
    void callbacksHearWhatWasFoundOnce() {
        var ear = new Traces.Ear();
        var trainer = Traces.trainer(ear, MemoryLogger.of(), config -> {});
        trainer.slots().fit().replace(BatchSizeFinder::new);

        trainer.fit(upTo(11), DATA);

        assertEquals(1, ear.found.size());
        assertEquals(8, ((BatchSizeFound) ear.found.getFirst()).size());
    }

    // ---- what is refused

    @Test
    void whereNotEvenOneSampleFitsTheErrorLeavesUnchanged() {
        var error = new OutOfMemoryError("too small a machine");
        var module = new Noisy(0.1);
        module.initialize(RandomKey.of(1));
        var before = TensorState.fields(module.stateDict());
        module.before =
                batch -> {
                    throw error;
                };

        assertSame(error, assertThrows(OutOfMemoryError.class, () -> found(module, config -> {})));
        assertEquals(
                "in loop 'fit_loop.fit_loop.epoch_loop.batch_loop.optimizer_loop', advance",
                LoopTrace.of(error).orElseThrow().getMessage());
        assertEquals(before, TensorState.fields(module.stateDict()));
    }

    @Test
    void otherFaultsAreNotTakenForAnAnswer() {
        var module = new Noisy(0.1);
        module.before =
                batch -> {
                    throw new IllegalStateException("a fault");
                };

        var thrown = assertThrows(IllegalStateException.class, () -> found(module, config -> {}));

        assertEquals("a fault", thrown.getMessage());
    }

    @Test
    void dataOfOneSizeIsRefused() {
        var trainer = Trainer.of(config -> config.maxEpochs(1));
        trainer.slots().fit().replace(BatchSizeFinder::new);
        DataModule data = new Fixed();

        assertRefused(
                "BatchSizeFinder: the data is a Fixed; fit on TunableData, which comes in batches of any size",
                () -> trainer.fit(new Noisy(0.1), data));
    }

    private static final class Fixed implements DataModule {
        @Override
        public tensor.data.BatchSource trainBatches() {
            return DATA.trainBatches();
        }
    }

    @Test
    void choicesOutOfRangeAreRefused() {
        assertRefused(
                "BatchSizeFinder: start is 0; use a number from 1",
                config(config -> config.start(0)));
        assertRefused(
                "BatchSizeFinder: limit is 0; use a number from 1",
                config(config -> config.limit(0)));
        assertRefused(
                "BatchSizeFinder: batches is 0; use a number from 1",
                config(config -> config.batches(0)));
        assertRefused(
                "BatchSizeFinder: the first size is 8 and the limit 4; start below it",
                config(config -> config.start(8).limit(4)));
    }

    private static Runnable config(Consumer<Config> config) {
        return () -> new BatchSizeFinder(new FitLoop(), config);
    }

    private static void assertRefused(String message, Runnable body) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, body::run).getMessage());
    }
}
