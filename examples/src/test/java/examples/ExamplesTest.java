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
    static List<String> examples() {
        return Examples.all().stream().map(example -> example.getClass().getSimpleName()).toList();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void printsWhatItsHeadCommentShows(String example) throws IOException {
        var session = Session.of(example);
        var out = new StringWriter();
        var err = new StringWriter();

        int status =
                Main.run(
                        new PrintWriter(out, true),
                        new PrintWriter(err, true),
                        session.arguments().toArray(String[]::new));

        assertEquals("", err.toString());
        assertEquals(0, status);
        assertLinesMatch(session.shown(), out.toString().lines().toList());
    }

    /// What a head comment shows.
    ///
    /// @param arguments the command line of `./loops`
    /// @param shown a regular expression for each line of the output
    record Session(List<String> arguments, List<String> shown) {
        private static final String PROMPT = "/// $ ./loops ";

        static Session of(String example) throws IOException {
            var source = Path.of("src/main/java/examples", example + ".java");
            var lines =
                    Files.readAllLines(source).stream()
                            .dropWhile(line -> !line.startsWith(PROMPT))
                            .takeWhile(line -> line.startsWith("///") && !line.equals("/// ```"))
                            .toList();
            assertFalse(lines.isEmpty(), source + ": has no line that starts with " + PROMPT);
            return new Session(
                    List.of(lines.getFirst().substring(PROMPT.length()).split(" +")),
                    lines.stream().skip(1).map(Session::pattern).toList());
        }

        private static String pattern(String line) {
            String text = line.substring("///".length()).replaceFirst("^ ", "");
            return "\\Q" + text.replace("...", "\\E.*\\Q") + "\\E";
        }
    }
}
