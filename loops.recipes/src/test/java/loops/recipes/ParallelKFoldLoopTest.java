package loops.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import loops.api.testkit.ResumeCheck;
import loops.api.testkit.Scenario;
import loops.core.loop.FitLoop;
import loops.core.training.BatchResult;
import loops.core.training.Callback;
import loops.core.training.FitResult;
import loops.core.training.FitRun;
import loops.core.training.RunView;
import loops.core.training.TensorState;
import loops.core.training.TrainingModule;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
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
    private static List<Object> run(SmallFolds small, KFoldLoop loop) {
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
    void whatAFoldThrowsArrivesWhenAllHaveEnded() {
        var fault = new IllegalStateException("a fault");
        var failing =
                new Callback() {
                    @Override
                    public void onTrainBatchEnd(
                            RunView run, BatchResult result, Batch batch, int index) {
                        throw fault;
                    }
                };
        var small = new SmallFolds(3, 3, 6, 2, true, 99);
        TrainingModule members = new SmallFolds.Members(3);
        var loop = new ParallelKFoldLoop(3, 2, FitLoop::new, () -> List.of(failing));

        var thrown =
                assertThrows(
                        IllegalStateException.class,
                        () -> loop.run(small.run(members, small.data())));

        assertSame(fault, thrown);
        assertEquals(List.of(), loop.results());
    }

    @Test
    void noFoldAtOnceIsRefused() {
        var refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> new ParallelKFoldLoop(3, 0, FitLoop::new, List::of));

        assertEquals(
                "ParallelKFoldLoop: 0 folds at once; use a number from 1", refused.getMessage());
    }
}
