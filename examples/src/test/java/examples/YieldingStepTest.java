package examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

    @Test
    void aPointThatLiesNowhereLeavesNoShare() {
        var score = Ring.score(Tensor.of(new float[] {2, 0, Float.NaN, 0}, Shape.of(2, 2)));

        assertEquals(new Ring.Score(1, Double.NaN), score);
    }

    @Test
    void aRunThatIsSavedIsGoneOnWith(@TempDir Path folder) {
        String[] command = {"run", "yielding-step", "--smoke", "--checkpoint-dir=" + folder};
        var whole = CommandLineRun.of(command);
        var again = CommandLineRun.of(more(command, "--resume"));
        var mixed = CommandLineRun.of(command);

        assertEquals(0, whole.status(), whole.err());
        var resumed = again.lines().stream().filter(line -> line.startsWith("resuming")).toList();
        assertEquals(2, resumed.size(), again.out());
        assertTrue(resumed.getFirst().startsWith("resuming from " + folder.resolve("seed-0")));
        assertEquals(
                whole.lines(),
                again.lines().stream().filter(line -> !resumed.contains(line)).toList());
        assertEquals(
                new CommandLineRun(
                        2,
                        "seed  modes  within 3 sigma\n",
                        "--checkpoint-dir: is '%s', which holds an earlier run; add --resume to go on with it, or name another folder\n"
                                .formatted(folder.resolve("seed-0"))),
                mixed);
    }

    @Test
    void aRunThatWasSavedWithOtherChoicesIsNotGoneOnWith(@TempDir Path folder) {
        String[] command = {"run", "yielding-step", "--smoke", "--checkpoint-dir=" + folder};
        CommandLineRun.of(command);
        command[2] = "--resume";

        assertEquals(
                "--smoke: is 'false', but the run was saved with 'true'; give the same, or name another folder\n",
                CommandLineRun.of(command).err());
    }

    private static String[] more(String[] command, String option) {
        return Stream.concat(Stream.of(command), Stream.of(option)).toArray(String[]::new);
    }
}
