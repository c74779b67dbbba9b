package guide;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What the documents show, and the sources that it is taken from.
///
/// A snippet in a document is a region of a source that is compiled and run. A region lies between two lines:
///
/// ```text
/// // @start region=countdown
/// // @end region=countdown
/// ```
///
/// Regions of one name in one file are pieces of one.
final class Snippets {
    private static final String FENCE = "```";
    private static final String START = "// @start region=";
    private static final String END = "// @end region=";

    private Snippets() {}

    /// A block between two fences.
    ///
    /// @param place the document and the line of the first fence
    /// @param language what stands behind that fence
    /// @param text the lines between
    record Block(String place, String language, String text) {}

    /// {@return all blocks of the README and the guide}
    static List<Block> blocks() {
        return Stream.concat(
                        Stream.of(Path.of("..", "README.md")),
                        files(Path.of("..", "docs", "guide"), ".md"))
                .flatMap(document -> blocks(document).stream())
                .toList();
    }

    static List<Block> blocks(Path document) {
        var blocks = new ArrayList<Block>();
        var lines = lines(document);
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith(FENCE)) {
                int first = i;
                var text = new StringBuilder();
                for (i++; i < lines.size() && !lines.get(i).equals(FENCE); i++) {
                    text.append(lines.get(i)).append('\n');
                }
                blocks.add(
                        new Block(
                                document.getFileName() + ":" + (first + 1),
                                lines.get(first).substring(FENCE.length()),
                                text.toString()));
            }
        }
        return blocks;
    }

    /// {@return the one block that begins with a line}
    ///
    /// @param document its file name
    /// @param line its first line
    static String block(String document, String line) {
        var found =
                blocks().stream()
                        .filter(block -> block.place().startsWith(document + ":"))
                        .filter(block -> block.text().startsWith(line + "\n"))
                        .toList();
        if (found.size() != 1) {
            throw new AssertionError(
                    "%s: has %d blocks that begin with '%s', needs one"
                            .formatted(document, found.size(), line));
        }
        return found.getFirst().text();
    }

    /// {@return a document of the guide}
    ///
    /// @param document its file name
    static String text(String document) {
        return String.join("\n", lines(Path.of("..", "docs", "guide", document)));
    }

    /// {@return the rows of a table}
    ///
    /// @param document its file name
    /// @param head its first line
    static List<String> table(String document, String head) {
        return lines(Path.of("..", "docs", "guide", document)).stream()
                .dropWhile(line -> !line.equals(head))
                .takeWhile(line -> line.startsWith("|"))
                .skip(2)
                .toList();
    }

    /// {@return the regions of the tests of the guide, of the examples and of the recipes, by file and name:
    /// `OwnLoopGuideTest.java#countdown`}
    static Map<String, String> regions() {
        var regions = new LinkedHashMap<String, String>();
        var recipes = Path.of("..", "loops.recipes", "src", "main", "java", "loops", "recipes");
        Stream.of(
                        files(Path.of("src", "test", "java", "guide"), "GuideTest.java"),
                        files(Path.of("src", "main", "java", "examples"), ".java"),
                        files(recipes, ".java"))
                .flatMap(sources -> sources)
                .forEach(source -> regions.putAll(regions(source)));
        return regions;
    }

    static Map<String, String> regions(Path source) {
        var regions = new LinkedHashMap<String, String>();
        var open = new ArrayList<String>();
        for (String line : lines(source)) {
            String code = line.strip();
            if (code.startsWith(START)) {
                open.add(source.getFileName() + "#" + code.substring(START.length()));
            } else if (code.startsWith(END)) {
                String name = source.getFileName() + "#" + code.substring(END.length());
                if (!open.remove(name)) {
                    throw new AssertionError(name + ": ends and has not begun");
                }
            } else {
                open.forEach(name -> regions.merge(name, line + "\n", String::concat));
            }
        }
        if (!open.isEmpty()) {
            throw new AssertionError(open.getFirst() + ": begins and does not end");
        }
        return regions;
    }

    /// {@return a line for each snippet that is no region}
    static List<String> untested(List<Block> blocks, Map<String, String> regions) {
        var tested = regions.values().stream().map(Snippets::dense).toList();
        return blocks.stream()
                .filter(block -> block.language().equals("java"))
                .filter(block -> !tested.contains(dense(block.text())))
                .map(block ->
                        "%s: this snippet is no region of a test or an example:\n%s"
                                .formatted(block.place(), block.text()))
                .toList();
    }

    /// {@return a line for each region that no document shows}
    static List<String> unshown(List<Block> blocks, Map<String, String> regions) {
        var shown = blocks.stream().map(block -> dense(block.text())).toList();
        return regions.entrySet().stream()
                .filter(region -> !shown.contains(dense(region.getValue())))
                .map(region -> region.getKey() + ": this region is shown nowhere")
                .toList();
    }

    /// {@return code without the spaces and line breaks, in which a document may differ}
    private static String dense(String code) {
        return code.replaceAll("\\s", "");
    }

    private static Stream<Path> files(Path folder, String ending) {
        try (var files = Files.list(folder)) {
            return files
                    .filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
