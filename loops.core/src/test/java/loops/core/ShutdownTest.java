package loops.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that trains and is asked to end, by the signal that systems send.
class ShutdownTest {
    /// What the system says of a process that SIGTERM has ended: 128 + 15.
    private static final int TERMINATED = 143;

    private static final long PATIENCE_SECONDS = 60;

    private static final Pattern LAST_LINE =
            Pattern.compile(
                    "loops: interrupted: the process was asked to end; go on with Resume\\.from\\(\"(.*)\"\\)");

    @TempDir private Path folder;

    @Test
    void aProcessThatIsAskedToEndSavesItsTrainingAndSaysHowToGoOn() throws Exception {
        var undisturbed = new Slope();
        ShutdownProgram.fit(folder.resolve("undisturbed"), undisturbed, Resume.never());

        var checkpoint = checkpointOfAnEndedProcess(folder.resolve("ended"));
        var whatWasLogged = logged("ended");
        var resumed = new Slope();
        ShutdownProgram.fit(folder.resolve("ended"), resumed, Resume.from(checkpoint));

        assertEquals(folder.resolve("ended").resolve("interrupted.ckpt"), checkpoint);
        assertTrue(logged("undisturbed").startsWith(whatWasLogged));
        assertFalse(logged("undisturbed").equals(whatWasLogged));
        assertEquals(logged("undisturbed"), logged("ended"));
        assertEquals(undisturbed.values(), resumed.values());
    }

    @Test
    void aProcessWithoutAPlaceForItsTrainingSaysThatItIsNotSaved() throws Exception {
        assertEquals(
                List.of(
                        "loops: asked to end; the run is left at its next safe point",
                        "loops: interrupted: the process was asked to end; the run was not saved, give the trainer a folder(..)"),
                lastLinesOfAnEndedProcess("unsaved", folder));
    }

    @Test
    void aProcessThatIsAskedToEndInATestSaysSoToo() throws Exception {
        assertEquals(
                List.of(
                        "loops: asked to end; the run is left at its next safe point",
                        "loops: interrupted: the process was asked to end; run the test again"),
                lastLinesOfAnEndedProcess("tests", folder));
    }

    @Test
    void aProcessThatIsAskedToEndInTheLastHookSaysThatTheRunIsOver() throws Exception {
        assertEquals(
                List.of(
                        "loops: asked to end; the run is left at its next safe point",
                        "loops: the run was over before that"),
                lastLinesOfAnEndedProcess("late", folder));
    }

    @Test
    void aRunThatEndsItsProcessByItselfIsNotWaitedFor() throws Exception {
        var errors = folder.resolve("errors.txt");
        var process = program("exits", folder).redirectError(errors.toFile()).start();
        try {
            assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), () -> text(errors));
            assertEquals(ShutdownProgram.EXITED, process.exitValue(), () -> text(errors));
        } finally {
            process.destroyForcibly();
        }
    }

    private Path checkpointOfAnEndedProcess(Path place) throws IOException, InterruptedException {
        var last = LAST_LINE.matcher(lastLinesOfAnEndedProcess("waits", place).getLast());
        assertTrue(last.matches(), last::toString);
        return Path.of(last.group(1));
    }

    private List<String> lastLinesOfAnEndedProcess(String how, Path place)
            throws IOException, InterruptedException {
        var errors = folder.resolve("errors.txt");
        var process = program(how, place).redirectError(errors.toFile()).start();
        try (var out = process.inputReader(StandardCharsets.UTF_8)) {
            assertEquals(ShutdownProgram.WAITS, out.readLine(), () -> text(errors));
            process.destroy();
            assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), () -> text(errors));
            assertEquals(TERMINATED, process.exitValue(), () -> text(errors));
        } finally {
            process.destroyForcibly();
        }
        return text(errors).lines().filter(line -> line.startsWith("loops: ")).toList();
    }

    /// With the classes of this process, whether they are in modules or not.
    private static ProcessBuilder program(String how, Path place) {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var classes =
                Stream.of("java.class.path", "jdk.module.path")
                        .flatMap(name -> Optional.ofNullable(System.getProperty(name)).stream())
                        .collect(Collectors.joining(File.pathSeparator));
        return new ProcessBuilder(
                List.of(
                        java,
                        "--add-modules",
                        "jdk.incubator.vector",
                        "-cp",
                        classes,
                        ShutdownProgram.class.getName(),
                        how,
                        place.toString()));
    }

    private String logged(String run) throws IOException {
        return Files.readString(folder.resolve(run).resolve("log/loops/version_0/metrics.csv"));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
