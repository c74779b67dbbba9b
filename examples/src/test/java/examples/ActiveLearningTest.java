package examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import loops.recipes.Candidate;
import loops.recipes.Labelled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tensor.api.RandomKey;

/// The options and the output of `loops run active-learning`; its short run is in [ExamplesTest].
class ActiveLearningTest {
    @Test
    void explainShowsTheTreeWithTheLoopAroundTheFitAndRunsNothing() {
        var run = CommandLineRun.of("run", "active-learning", "--explain");

        assertEquals(0, run.status());
        assertEquals("", run.err());
        assertEquals("fit_loop: ActiveLearningLoop, FitRun → FitResult", run.lines().getFirst());
        assertTrue(run.out().contains("  oracle_loop: OracleLoop, Query → List<Labelled>"));
    }

    @Test
    void aRunThatIsAskedToEndGoesOnToTheSameNumbers(@TempDir Path folder) throws Exception {
        var command = List.of("run", "active-learning", "--smoke", "--checkpoint-dir=" + folder);
        var undisturbed = CommandLineRun.of("run", "active-learning", "--smoke");
        var errors = folder.resolve("errors.txt");

        var ended =
                new LoopsProcess(errors, command)
                        .endUpon(line ->
                                line.startsWith("seed")
                                        && LoopsProcess.saves(folder.resolve("entropy-0")));

        assertEquals(LoopsProcess.TERMINATED, ended.status());
        assertTrue(
                LoopsProcess.errors(errors).endsWith("go on with the same command and --resume\n"),
                LoopsProcess.errors(errors));
        var resumed =
                CommandLineRun.of(
                        Stream.concat(command.stream(), Stream.of("--resume"))
                                .toArray(String[]::new));
        assertEquals(0, resumed.status(), resumed.err());
        assertEquals(
                undisturbed.lines(),
                resumed.lines().stream()
                        .filter(line ->
                                !line.startsWith("resuming from ")
                                        && !line.startsWith("nothing was saved in "))
                        .toList());
    }

    @Test
    void aRoundLearnsFromWhatTheOracleSaidAndFromNothingElse() {
        var pool = new DigitsPool(RandomKey.of(1));
        var known =
                IntStream.of(5, 3, 8)
                        .mapToObj(sample -> new Labelled(0, new Candidate(sample, 0), 9 - sample))
                        .toList();
        try (var batches = pool.labelled(known).trainBatches().open(0, 0)) {
            var batch = batches.next();

            assertEquals(3, batch.size());
            assertEquals(List.of(1L, 4L, 6L), sorted(batch.target().toLongs()));
        }
        assertEquals(1200, pool.poolSize());
    }

    private static List<Long> sorted(long... values) {
        return Arrays.stream(values).sorted().boxed().toList();
    }
}
