package loops.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import loops.api.Loop;
import loops.core.Trainer;
import loops.core.callback.Timer;
import loops.core.loop.FitLoop;
import loops.core.training.Callback;
import loops.core.training.DataModule;
import loops.core.training.FitResult;
import loops.core.training.FitRun;
import org.junit.jupiter.api.Test;
import tensor.data.BatchSource;

/// Folds that do not come to their fit, and times of a fold.
class FoldFaultsTest {
    private static final int FOLDS = 3;

    @Test
    void whatTheDataOfAFoldThrowsArrivesWithItsFold() {
        for (CrossValidationLoop loop : loops(_ -> List.of())) {
            var fault = new IllegalStateException("no such fold");

            assertFault(fault, 1, loop, new FaultyPoints(fault));
        }
    }

    /// Has no data for the second fold.
    private record FaultyPoints(IllegalStateException fault) implements FoldData {
        @Override
        public DataModule fold(int index, int folds) {
            if (index == 1) {
                throw fault;
            }
            return new Tiny.Points().fold(index, folds);
        }

        @Override
        public BatchSource trainBatches() {
            return new Tiny.Points().trainBatches();
        }
    }

    @Test
    void whatTheFactoryOfAFoldsCallbacksThrowsArrivesWithItsFold() {
        var fault = new IllegalStateException("no such callback");
        IntFunction<List<Callback>> faulty =
                fold -> {
                    if (fold == 2) {
                        throw fault;
                    }
                    return List.of();
                };

        for (CrossValidationLoop loop : loops(faulty)) {
            assertFault(fault, 2, loop, new Tiny.Points());
        }
    }

    @Test
    void whatTheFactoryOfFitsThrowsArrivesWithItsFold() {
        var fault = new IllegalStateException("no such loop");
        Supplier<Loop<FitRun, FitResult>> faulty =
                () -> {
                    throw fault;
                };

        assertFault(fault, 0, new ParallelKFoldLoop(FOLDS, 2, faulty), new Tiny.Points());
    }

    private static void assertFault(
            RuntimeException fault, int fold, CrossValidationLoop loop, FoldData data) {
        var trainer = Trainer.of(config -> config.maxEpochs(1));
        trainer.slots().fit().replace(_ -> loop);

        var thrown =
                assertThrows(
                        RuntimeException.class, () -> trainer.fit(new Tiny.Members(FOLDS), data));

        assertSame(fault, thrown);
        assertEquals(
                "in fold %d of 0 to 2".formatted(fold),
                FoldTrace.of(thrown).orElseThrow().getMessage());
    }

    @Test
    void aTimeOfTheRunIsRefused() {
        for (CrossValidationLoop loop : loops(_ -> List.of())) {
            var trainer = Trainer.of(config -> config.maxEpochs(1).maxTime(Duration.ofHours(1)));
            trainer.slots().fit().replace(_ -> loop);

            var refused =
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> trainer.fit(new Tiny.Members(FOLDS), new Tiny.Points()));

            assertEquals(
                    "%s: maxTime, or a Timer of the run, would leave folds untrained; give each of the 3 folds a time of its own, by the factory of its callbacks: fold -> List.of(Timer.of(time))"
                            .formatted(loop.getClass().getSimpleName()),
                    refused.getMessage());
        }
    }

    @Test
    void eachFoldMayHaveATimeOfItsOwn() {
        for (CrossValidationLoop loop : loops(_ -> List.of(Timer.of(Duration.ZERO)))) {
            var trainer = Trainer.of(config -> config.maxEpochs(1));
            trainer.slots().fit().replace(_ -> loop);

            trainer.fit(new Tiny.Members(FOLDS), new Tiny.Points());

            assertEquals(
                    List.of(1L, 1L, 1L),
                    loop.results().stream().map(fold -> fold.fit().globalStep()).toList());
        }
    }

    private static List<CrossValidationLoop> loops(IntFunction<List<Callback>> ofAFold) {
        return List.of(
                new KFoldLoop(FOLDS, new FitLoop(), ofAFold),
                new ParallelKFoldLoop(FOLDS, 1, FitLoop::new, ofAFold),
                new ParallelKFoldLoop(FOLDS, 3, FitLoop::new, ofAFold));
    }
}
