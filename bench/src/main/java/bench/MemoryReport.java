package bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/// Writes what memory was taken.
final class MemoryReport {
    private MemoryReport() {}

    /// Writes the outcomes as a JSON array of objects.
    static void write(Path file, List<MemoryOutcome> outcomes) throws IOException {
        JsonFile.write(
                file,
                outcomes,
                (json, outcome) -> {
                    json.writeStringProperty("name", outcome.ours().name());
                    json.writeNumberProperty("garbage_bytes", outcome.ours().garbageBytes());
                    resident(json, "ours", Optional.of(outcome.ours()));
                    resident(json, "peer", outcome.peer());
                    number(json, "ratio", outcome.ratio());
                    number(json, "peak_ratio", outcome.peakRatio());
                });
    }

    private static void resident(JsonGenerator json, String who, Optional<Footprint> side) {
        side.flatMap(Footprint::resident)
                .ifPresent(memory -> {
                    json.writeNumberProperty(who + "_bytes", memory.bytes());
                    json.writeNumberProperty(who + "_peak_bytes", memory.peakBytes());
                });
    }

    private static void number(JsonGenerator json, String name, Optional<Double> value) {
        value.ifPresent(it -> json.writeNumberProperty(name, it));
    }
}
