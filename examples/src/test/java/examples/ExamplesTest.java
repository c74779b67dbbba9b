package examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertLinesMatch;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Runs every example as its head comment shows and compares what it prints.
///
/// The head comment holds a line `$ ./loops run …` and below it the output, up to the end of the block.
/// Three dots in it stand for any text, as for a time that was measured.
class ExamplesTest {
    private static final String PROMPT = "/// $ ./loops ";

    static List<String> examples() {
        return Examples.all().stream().map(example -> example.getClass().getSimpleName()).toList();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void printsWhatItsHeadCommentShows(String example) throws IOException {
        var source = Path.of("src/main/java/examples", example + ".java");
        var session =
                Files.readAllLines(source).stream()
                        .dropWhile(line -> !line.startsWith(PROMPT))
                        .takeWhile(line -> line.startsWith("///") && !line.equals("/// ```"))
                        .toList();
        assertFalse(session.isEmpty(), source + ": has no line that starts with " + PROMPT);
        var arguments = session.getFirst().substring(PROMPT.length()).split(" +");
        var shown = session.stream().skip(1).map(ExamplesTest::pattern).toList();
        var out = new StringWriter();
        var err = new StringWriter();

        int status = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);

        assertEquals("", err.toString());
        assertEquals(0, status);
        assertLinesMatch(shown, out.toString().lines().toList());
    }

    /// A regular expression for one line of a head comment.
    private static String pattern(String line) {
        String text = line.substring("///".length()).replaceFirst("^ ", "");
        return "\\Q" + text.replace("...", "\\E.*\\Q") + "\\E";
    }
}
