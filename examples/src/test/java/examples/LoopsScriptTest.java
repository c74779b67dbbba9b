package examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the script `loops` says before it needs a build.
class LoopsScriptTest {
    private record Said(int status, String text) {}

    @TempDir private Path folder;

    @Test
    void helpNamesTheCommands() throws Exception {
        var said = loops("--help");

        assertEquals(0, said.status());
        assertEquals("usage: ./loops COMMAND", said.text().lines().findFirst().orElse(""));
    }

    @Test
    void anUnknownCommandIsRefused() throws Exception {
        assertEquals(
                new Said(
                        2,
                        "loops: there is no command 'fly'; use list, devices, run, conformance, fixtures, bench, test or --help\n"),
                loops("fly"));
    }

    @Test
    void noCommandIsRefused() throws Exception {
        assertEquals(
                new Said(
                        2,
                        "loops: names no command; use list, devices, run, conformance, fixtures, bench, test or --help\n"),
                loops());
    }

    @Test
    void testTakesNothingButItsOptions() throws Exception {
        assertEquals(
                new Said(2, "loops: test: takes --full and -DNAME=VALUE, not '--ful'\n"),
                loops("test", "--ful"));
    }

    private Said loops(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("sh", "../loops"));
        command.addAll(List.of(arguments));
        var output = Files.createTempFile(folder, "loops", ".txt");
        var process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        return new Said(process.waitFor(), Files.readString(output));
    }
}
