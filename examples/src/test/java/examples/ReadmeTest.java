package examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The README shows what the examples do.
class ReadmeTest {
    private static final Path README = Path.of("..", "README.md");

    @Test
    void itsProgramIsTheExampleLine() throws IOException {
        var example = Files.readString(Path.of("src/main/java/examples/FitLine.java"));
        var program = block("```java\n");
        int body = program.indexOf("\nvar x");

        assertTrue(body > 0, program);
        for (String part : List.of(program.substring(0, body), program.substring(body))) {
            assertTrue(dense(example).contains(dense(part)), () -> "not in FitLine.java:\n" + part);
        }
    }

    @Test
    void itsOutputIsThatOfTheExampleLine() throws IOException {
        var session = block("```text\n");
        var prompt = session.lines().findFirst().orElseThrow();
        assertEquals("$ ./loops run line", prompt);

        var run = CommandLineRun.of("run", "line");

        assertEquals(new CommandLineRun(0, session.substring(prompt.length() + 1), ""), run);
    }

    @Test
    void itHasAtMost150Lines() throws IOException {
        try (var lines = Files.lines(README)) {
            assertTrue(lines.count() <= 150);
        }
    }

    @Test
    void lineTakesNoOptions() {
        assertEquals(
                new CommandLineRun(
                        2,
                        "",
                        "--epochs=3: is no option of 'loops run line'; see 'loops run line --help'\n"),
                CommandLineRun.of("run", "line", "--epochs=3"));
    }

    /// {@return the first block of the README that begins so}
    private static String block(String fence) throws IOException {
        String readme = Files.readString(README);
        int from = readme.indexOf(fence) + fence.length();
        return readme.substring(from, readme.indexOf("```", from));
    }

    private static String dense(String code) {
        return code.replaceAll("\\s", "");
    }
}
