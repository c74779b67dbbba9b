package loops.core.defects;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The table of defects names all of them, and their tests.
class DefectsTableTest {
    private static final int DEFECTS = 34;
    private static final Path TABLE = Path.of("..", "docs", "defects.md");
    private static final List<Path> TESTS =
            List.of(
                    Path.of("src", "test", "java", "loops", "core", "defects"),
                    Path.of("..", "loops.recipes", "src", "test", "java", "loops", "recipes"));
    private static final Pattern ROW =
            Pattern.compile("\\| F(\\d+) \\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\|");
    private static final Pattern NAME = Pattern.compile("`(\\w+\\.f\\d\\d\\w+)`");
    private static final Pattern METHOD = Pattern.compile("@Test\\s+void (f(\\d\\d)\\w+)\\(\\)");

    @Test
    void everyDefectHasARowAndTheTableNamesAllItsTests() throws IOException {
        var named = new TreeMap<Integer, SortedSet<String>>();
        for (String line : Files.readAllLines(TABLE)) {
            var row = ROW.matcher(line);
            if (row.matches()) {
                var names = new TreeSet<String>();
                NAME.matcher(row.group(4)).results().forEach(found -> names.add(found.group(1)));
                assertTrue(named.put(Integer.parseInt(row.group(1)), names) == null, line);
            }
        }

        assertEquals(
                IntStream.rangeClosed(1, DEFECTS).boxed().toList(),
                new ArrayList<>(named.keySet()));
        assertEquals(tests(), named);
    }

    /// {@return the tests of each defect}
    private static SortedMap<Integer, SortedSet<String>> tests() throws IOException {
        var tests = new TreeMap<Integer, SortedSet<String>>();
        for (Path folder : TESTS) {
            try (var files = Files.newDirectoryStream(folder, "*DefectsTest.java")) {
                for (Path file : files) {
                    String type = file.getFileName().toString().replace(".java", ".");
                    METHOD.matcher(Files.readString(file))
                            .results()
                            .forEach(found ->
                                    tests.computeIfAbsent(
                                                    Integer.parseInt(found.group(2)),
                                                    _ -> new TreeSet<>())
                                            .add(type + found.group(1)));
                }
            }
        }
        return tests;
    }
}
