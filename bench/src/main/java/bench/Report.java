package bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Prints and writes what came out.
final class Report {
    private Report() {}

    /// Prints a table.
    static void print(String peer, List<Contest.Outcome> outcomes) {
        System.out.printf("%-28s %13s %13s   %s%n", "", "ours", peer, "ratio");
        outcomes.forEach(outcome -> System.out.println(outcome.line()));
    }

    /// {@return the ratios of ours to the peer, where there was one}
    static List<Double> ratios(List<Contest.Outcome> outcomes) {
        return outcomes.stream().map(Contest.Outcome::ratio).flatMap(Optional::stream).toList();
    }

    /// Writes the outcomes as a JSON array of objects.
    static void write(Path file, List<Contest.Outcome> outcomes) throws IOException {
        JsonFile.write(
                file,
                outcomes,
                (json, outcome) -> {
                    json.writeStringProperty("name", outcome.name());
                    json.writeNumberProperty("ours_ms", outcome.ours());
                    outcome.peer().ifPresent(time -> json.writeNumberProperty("peer_ms", time));
                    outcome.ratio().ifPresent(ratio -> json.writeNumberProperty("ratio", ratio));
                });
    }
}
