package examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import loops.core.training.DataModule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import tensor.api.RandomKey;
import tensor.api.TensorScope;
import tensor.io.TensorFile;
import tensor.optim.Adam;

/// The parts of `loops run resume-after-kill`; its short run, with real kills, is in [ExamplesTest], and the law of
/// resuming in [KilledTrainingPropertyTest].
class ResumeAfterKillTest {
    @TempDir private Path folder;

    @Test
    void theTrainingIsTheLoopWrittenByHand() throws IOException {
        var byHand = KilledTraining.model();
        byHand.initialize(RandomKey.of(0).fold("module"));
        var optimizer = Adam.of(byHand.parameters(), 1e-3);
        for (int epoch = 0; epoch < 2; epoch++) {
            try (var batches = data().trainBatches().open(epoch, 0)) {
                while (batches.hasNext()) {
                    var batch = batches.next();
                    TensorScope.run(
                            "step",
                            () -> {
                                optimizer.zeroGrad();
                                byHand.loss(batch).backward();
                                optimizer.step();
                            });
                }
            }
        }

        new KilledTraining(folder, 2).run(new PrintWriter(new StringWriter()));

        var learned = KilledTraining.model();
        learned.loadStateDict(TensorFile.read(folder.resolve("model.safetensors")).tensors());
        assertEquals(0, Bits.differences(byHand, learned));
    }

    private static DataModule data() {
        try {
            return KilledTraining.data();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void differencesAreCountedInBytesOfWhatWasLearnedAndLogged() throws IOException {
        var one = results("one", "same", "a,b,c");

        assertEquals(0, one.differences(results("two", "same", "a,b,c")));
        assertEquals(1, one.differences(results("three", "some", "a,b,c")));
        assertEquals(3, one.differences(results("four", "same", "a,x,c,d")));
    }

    private KilledTraining results(String name, String model, String table) throws IOException {
        Path logged = folder.resolve(name).resolve("loops/version_0");
        Files.createDirectories(logged);
        Files.writeString(folder.resolve(name).resolve("model.safetensors"), model);
        Files.writeString(logged.resolve("metrics.csv"), table);
        return new KilledTraining(folder.resolve(name), 1);
    }

    @Test
    void aRunOfItsOwnThatFailsIsSaid() throws IOException {
        Path left;
        try (var runs = new ChildRuns("failing")) {
            left = runs.folder();
            var failed =
                    assertThrows(
                            IOException.class,
                            () -> runs.await(runs.start(List.of("run", "compare", "--first=x"))));
            assertEquals(
                    "a run of its own ended with status 2: --first: is 'x'; use at least two numbers with commas between",
                    failed.getMessage());
        }
        assertTrue(Files.notExists(left));
    }

    @Test
    void onlyADeathByTheSignalIsAKill() throws Exception {
        try (var runs = new ChildRuns("kills")) {
            var training = training(runs);
            var killed = Stretch.of(training, 3, 0, runs);
            assertEquals(new Stretch(1, 3, true), killed);
            var rest = Stretch.of(training(runs), Long.MAX_VALUE, 0, runs);
            assertEquals(41, rest.to());
            assertFalse(rest.killed());
            assertEquals(
                    new Stretch(41, 41, false),
                    Stretch.of(training(runs), Long.MAX_VALUE, 0, runs));

            var failed = runs.start(List.of("run", "compare", "--first=x"));
            failed.waitFor();
            assertFailed(() -> runs.kill(failed));
            var failing = runs.start(List.of("run", "compare", "--first=x"));
            assertFailed(() -> Stretch.of(failing, 1, 0, runs));

            var ended = runs.start(List.of("list"));
            ended.waitFor();
            assertFalse(runs.kill(ended));
        }
    }

    private static void assertFailed(Executable use) {
        assertEquals(
                "a run of its own ended with status 2: --first: is 'x'; use at least two numbers with commas between",
                assertThrows(IOException.class, use).getMessage());
    }

    private static Process training(ChildRuns runs) throws IOException {
        var in = runs.folder().resolve("training");
        return runs.start(List.of("run", "resume-after-kill", "--smoke", "--in=" + in));
    }

    @Test
    void aStretchSaysWhereItWentOnAndWhereItWasKilled() {
        assertEquals("from step 31 to step 60 of 492: killed", new Stretch(31, 60, true).text(492));
        assertEquals(
                "from step 56 to step 492 of 492: ended", new Stretch(56, 492, false).text(492));
    }

    @Test
    void aRunOfItsOwnThatIsLeftIsEnded() throws IOException {
        Process process;
        try (var runs = new ChildRuns("left")) {
            var training = runs.folder().resolve("training");
            process = runs.start(List.of("run", "resume-after-kill", "--in=" + training));
            process.inputReader().readLine();
        }

        assertFalse(process.isAlive());
    }

    @Test
    void explainShowsTheTreeAndRunsNothing() {
        var run = CommandLineRun.of("run", "resume-after-kill", "--explain");

        assertEquals(0, run.status());
        assertEquals("fit_loop: FitLoop, FitRun → FitResult", run.lines().getFirst());
    }
}
