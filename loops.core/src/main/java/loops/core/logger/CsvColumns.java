package loops.core.logger;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import loops.core.logger.DurableFile.Content;
import org.jspecify.annotations.Nullable;

/// The columns of a table of metrics, and how its lines look.
///
/// A table becomes wider by columns at its end, so the narrower table is in the wider one: each line without its last
/// values.
///
/// @param metrics the names of all columns but the first, which is `step`
record CsvColumns(List<String> metrics) {
    static final CsvColumns NONE = new CsvColumns(List.of());

    private static final String STEP = "step";

    CsvColumns {
        metrics = List.copyOf(metrics);
    }

    /// {@return these columns and those that are missing for `names`, in their order, `epoch` before others}
    ///
    /// @throws IllegalArgumentException if a name cannot be that of a column
    CsvColumns with(Collection<String> names) {
        var known = Set.copyOf(metrics);
        var missing = names.stream().filter(name -> !known.contains(name)).toList();
        missing.forEach(CsvColumns::requireName);
        var all = new ArrayList<>(metrics);
        missing.stream().filter(LoggerConfig.PLACES::contains).forEach(all::add);
        missing.stream().filter(name -> !LoggerConfig.PLACES.contains(name)).forEach(all::add);
        return new CsvColumns(all);
    }

    private static void requireName(String name) {
        if (name.equals(STEP)) {
            throw new IllegalArgumentException(
                    "CsvLogger: a metric is called 'step' as is the column of the rows' steps; call it something else");
        }
        if (name.contains("\n") || name.contains("\r")) {
            throw new IllegalArgumentException(
                    "CsvLogger: the name of a metric has a line break: '%s'; use a name of one line"
                            .formatted(name.replace("\n", "\\n").replace("\r", "\\r")));
        }
    }

    /// {@return the first line}
    String header() {
        return line(Stream.concat(Stream.of(STEP), metrics.stream()).map(CsvColumns::quoted));
    }

    /// {@return the line of one row} What it has no value for is empty.
    String row(Map<String, Double> values, long step) {
        return line(
                Stream.concat(
                        Stream.of(Long.toString(step)),
                        metrics.stream().map(name -> text(name, values.get(name)))));
    }

    private static String text(String name, @Nullable Double value) {
        if (value == null) {
            return "";
        }
        boolean whole = LoggerConfig.PLACES.contains(name) && value == value.intValue();
        return whole ? Integer.toString(value.intValue()) : value.toString();
    }

    private static String line(Stream<String> fields) {
        return fields.collect(Collectors.joining(",")) + "\n";
    }

    private static String quoted(String name) {
        return name.isEmpty() || name.contains(",") || name.contains("\"")
                ? '"' + name.replace("\"", "\"\"") + '"'
                : name;
    }

    /// {@return the table in `path`, which has these columns, with the columns of `wider`}
    Content widened(Path path, CsvColumns wider) {
        String empty = ",".repeat(wider.metrics.size() - metrics.size());
        return out -> copy(path, out, wider, line -> Optional.of(line + empty));
    }

    /// {@return the table in `path` with these columns only, if it has these and more at its end} It ends before the
    /// first row that has a value in one of the others.
    Optional<Content> narrowed(Path path) throws IOException {
        var more = columnsBehindThese(path);
        if (more.isEmpty()) {
            return Optional.empty();
        }
        String empty = ",".repeat(more.getAsInt());
        return Optional.of(out ->
                copy(
                        path,
                        out,
                        this,
                        line ->
                                line.endsWith(empty)
                                        ? Optional.of(
                                                line.substring(0, line.length() - empty.length()))
                                        : Optional.empty()));
    }

    /// How a row of one table looks in another.
    private interface Change {
        /// {@return the row in the other table; none if that one ends here}
        Optional<String> of(String line);
    }

    private static void copy(Path path, OutputStream to, CsvColumns columns, Change change)
            throws IOException {
        var out = new BufferedWriter(new OutputStreamWriter(to, UTF_8));
        try (var in = reader(path)) {
            in.readLine();
            out.write(columns.header());
            for (var row = next(in, change); row.isPresent(); row = next(in, change)) {
                out.write(row.get());
                out.write('\n');
            }
        }
        out.flush();
    }

    /// {@return a reader that takes any bytes: whether they are the right ones is seen by their checksum}
    private static BufferedReader reader(Path path) throws IOException {
        return new BufferedReader(new InputStreamReader(Files.newInputStream(path), UTF_8));
    }

    private static Optional<String> next(BufferedReader in, Change change) throws IOException {
        return Optional.ofNullable(in.readLine()).flatMap(change::of);
    }

    private OptionalInt columnsBehindThese(Path path) throws IOException {
        if (metrics.isEmpty() || !Files.exists(path)) {
            return OptionalInt.empty();
        }
        try (var in = reader(path)) {
            String found = Optional.ofNullable(in.readLine()).orElse("");
            String these = header().replace('\n', ',');
            return found.startsWith(these)
                    ? OptionalInt.of(1 + commas(found.substring(these.length())))
                    : OptionalInt.empty();
        }
    }

    /// {@return how many commas of a line stand outside of quotes}
    private static int commas(String line) {
        int commas = 0;
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            quoted ^= line.charAt(i) == '"';
            commas += line.charAt(i) == ',' && !quoted ? 1 : 0;
        }
        return commas;
    }
}
