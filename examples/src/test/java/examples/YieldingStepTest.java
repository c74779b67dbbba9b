package examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.Shape;

/// The options and the output of `loops run yielding-step`; its short run is in [ExamplesTest].
class YieldingStepTest {
    @Test
    void explainShowsTheTreeWithTheReplacedLoopAndRunsNothing() {
        var run = CommandLineRun.of("run", "yielding-step", "--explain");

        assertEquals(0, run.status());
        assertEquals("", run.err());
        assertEquals("fit_loop: FitLoop, FitRun → FitResult", run.lines().getFirst());
        assertTrue(
                run.out().contains("optimizer_loop: YieldLoop, SplitRun → SplitResult"), run.out());
    }

    @Test
    void realPointsLieInAllModes() {
        try (var batches = Ring.data(RandomKey.of(1), 10).trainBatches().open(0, 0)) {
            var all = batches.next().input();
            while (batches.hasNext()) {
                all = Tensor.concat(0, all, batches.next().input());
            }

            var score = Ring.score(all);

            assertEquals(Shape.of(1280, 2), all.shape());
            assertEquals(8, score.modes());
            assertTrue(score.share() > 0.97 && score.share() < 1, score.toString());
        }
    }

    @Test
    void aModeCountsFromATenthOfItsShareOnAndASampleWithinThreeSigma() {
        var at = new float[2 * 80];
        at[0] = 2; // one of 80 is a tenth of an eighth
        at[3] = 2.0599f;
        at[5] = 2.0601f;

        var score = Ring.score(Tensor.of(at, Shape.of(80, 2)));

        assertEquals(new Ring.Score(2, 2 / 80.0), score);
    }
}
