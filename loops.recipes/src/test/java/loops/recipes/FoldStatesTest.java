package loops.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import loops.api.LoopState.Fields;
import loops.api.Slot;
import loops.core.training.FitRun;
import loops.core.training.TensorState;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// What a cross-validation in series has saved, one in parallel goes on with, and the other way round.
class FoldStatesTest {
    @Property(tries = 8)
    void aStateOfTheSeriesIsGoneOnWithInParallelToTheSameBits(
            @ForAll long seed,
            @ForAll @IntRange(min = 2, max = 4) int folds,
            @ForAll @IntRange(min = 1, max = 3) int atOnce,
            @ForAll boolean tested) {
        var small = new SmallFolds(seed, folds, 6, 1, tested, 99);

        int cuts = goesOn(small, SmallFolds::loop, each -> each.parallel(atOnce));

        assertTrue(cuts > 2 * folds, () -> cuts + " cuts");
    }

    @Property(tries = 8)
    void aStateOfParallelFoldsIsGoneOnWithInSeriesToTheSameBits(
            @ForAll long seed,
            @ForAll @IntRange(min = 2, max = 4) int folds,
            @ForAll @IntRange(min = 1, max = 3) int atOnce,
            @ForAll boolean tested) {
        var small = new SmallFolds(seed, folds, 6, 2, tested, 3);

        int cuts = goesOn(small, each -> each.parallel(atOnce), SmallFolds::loop);

        assertTrue(cuts >= 3, () -> cuts + " cuts");
    }

    @Test
    void aFoldThatWasCutHasNotBegunInParallel() {
        var small = new SmallFolds(3, 3, 6, 2, true, 99);
        var cut = cuts(small, small.loop()).get(10).loops();
        var loop = small.parallel(2);

        loop.loadStateDict(cut);

        assertEquals(
                Fields.empty()
                        .with("ready", 0)
                        .with("started", 0)
                        .with("processed", 0)
                        .with("completed", 0),
                loop.stateDict().fields("fold_progress").fields("total"));
        assertEquals(List.of(), loop.results());
    }

    @Test
    void aStateOfAnotherNumberOfFoldsIsRefusedAndNothingIsChanged() {
        var three = new SmallFolds(3, 3, 6, 1, true, 99);
        for (int folds : List.of(2, 4)) {
            var other = new SmallFolds(3, folds, 6, 1, true, 99);
            for (CrossValidationLoop saved : List.of(three.loop(), three.parallel(1))) {
                var cuts = cuts(three, saved);
                for (Cut cut : List.of(cuts.getFirst(), cuts.getLast())) {
                    assertRefused("KFoldLoop", folds, other.loop(), cut);
                    assertRefused("ParallelKFoldLoop", folds, other.parallel(2), cut);
                }
            }
        }
    }

    private static void assertRefused(
            String name, int folds, CrossValidationLoop loop, Cut cutOfThree) {
        var before = loop.stateDict();

        var refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> loop.loadStateDict(cutOfThree.loops()));

        assertEquals(
                "loadStateDict: 'folds' cannot be read: the run was begun with 3 folds, and this %s has %d; go on with one of 3 folds and an ensemble of as many, or begin anew"
                        .formatted(name, folds),
                refused.getMessage());
        assertEquals(before, loop.stateDict());
    }

    @Test
    void aLoopThatHasNotRunGivesWayToOneOfOtherFolds() {
        var fit = Slot.root("fit_loop", new SmallFolds(3, 3, 6, 1, true, 99).loop());
        var two = new SmallFolds(3, 2, 6, 1, true, 99);

        fit.replace(_ -> two.loop());

        assertEquals(outcome(two.loop(), run(two)), outcome(fit.get(KFoldLoop.class), run(two)));
    }

    private record Cut(Fields loops, Fields scope) {}

    /// {@return at how many cuts of one loop another went on to the same}
    private static int goesOn(
            SmallFolds small,
            Function<SmallFolds, CrossValidationLoop> one,
            Function<SmallFolds, CrossValidationLoop> other) {
        var undisturbed = outcome(one.apply(small), run(small));
        var cuts = cuts(small, one.apply(small));
        for (Cut cut : cuts) {
            var loop = other.apply(small);
            var run = run(small);
            loop.loadStateDict(cut.loops());
            run.scope().loadStateDict(cut.scope());

            assertEquals(undisturbed, outcome(loop, run));
        }
        return cuts.size();
    }

    private static List<Cut> cuts(SmallFolds small, CrossValidationLoop loop) {
        var cuts = new ArrayList<Cut>();
        var run = run(small);
        loop.run(run, point -> cuts.add(new Cut(point.state(), run.scope().stateDict())));
        return cuts;
    }

    private static FitRun run(SmallFolds small) {
        return small.run(new SmallFolds.Members(small.folds()), small.data());
    }

    private static List<Object> outcome(CrossValidationLoop loop, FitRun run) {
        return List.of(
                loop.run(run),
                loop.results(),
                loop.values().fields("fold_progress"),
                TensorState.fields(run.scope().module().stateDict()));
    }
}
