package examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertLinesMatch;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Programs on the class path, in a JVM without module `jdk.incubator.vector`.
class WithoutVectorsTest {
    private static final String MISSING =
            "module jdk.incubator.vector is missing, so long runs take several times as long; start"
                    + " java, or link its runtime, with --add-modules jdk.incubator.vector";

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"FitLine", "CharModel"})
    void anExamplePrintsWhatItsHeadCommentShows(String example) throws Exception {
        var session = ExamplesTest.Session.of(example);

        var ended = withoutVectors(session.arguments());

        assertEquals(0, ended.status());
        assertLinesMatch(session.shown(), ended.lines());
        assertEquals(
                List.of("WARNING: device 'cpu': " + MISSING),
                LoopsProcess.errors(errors())
                        .lines()
                        .filter(line -> line.contains("vector"))
                        .toList());
    }

    @Test
    void devicesSayWhatIsMissing() throws Exception {
        LoopsProcess.Ended devices = withoutVectors(List.of("devices"));

        String cpu = devices.linesWith("cpu").getFirst();
        assertTrue(cpu.matches("cpu        [0-9]+ threads; \\Q" + MISSING + "\\E"), cpu);
    }

    private LoopsProcess.Ended withoutVectors(List<String> arguments) throws Exception {
        return LoopsProcess.withoutVectors(errors(), arguments).run();
    }

    private Path errors() {
        return folder.resolve("errors.txt");
    }
}
