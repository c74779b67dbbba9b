package gpucheck;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How long something took, as `bench device` says it in a line, and PyTorch's side likewise.
///
/// @param name what was run
/// @param millis of one run
/// @param rate of it, or 0 where it has none
/// @param unit of the rate
record Timing(String name, double millis, double rate, String unit) {
    private static final Pattern LINE =
            Pattern.compile("(\\S.*?) +([0-9.]+) ms(?: +([0-9.]+) (\\S+))?");

    /// {@return what the lines of a file say, by their names; nothing where there is no file}
    static Map<String, Timing> read(Path file) throws IOException {
        Map<String, Timing> timings = new LinkedHashMap<>();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                of(line).ifPresent(timing -> timings.put(timing.name, timing));
            }
        }
        return timings;
    }

    /// {@return what a line says, if it says a time}
    static Optional<Timing> of(String line) {
        Matcher matcher = LINE.matcher(line.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        boolean hasRate = matcher.group(3) != null;
        return Optional.of(
                new Timing(
                        matcher.group(1),
                        Double.parseDouble(matcher.group(2)),
                        hasRate ? Double.parseDouble(matcher.group(3)) : 0,
                        hasRate ? matcher.group(4) : ""));
    }
}
