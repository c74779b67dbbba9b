package conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A rule as `deviations.md` tells of it.
///
/// @param id the rule
/// @param parts what stands after each of its labels
record Section(String id, Map<String, String> parts) {

    /// Reads headings `## ID title` and below each its lines `- Label: text`, which may go on.
    static List<Section> ofTheFile() throws IOException {
        var sections = new ArrayList<Section>();
        String label = "";
        for (String line : Files.readAllLines(Path.of("deviations.md"))) {
            if (line.startsWith("## ")) {
                sections.add(new Section(line.split(" ", 3)[1], new TreeMap<>()));
                label = "";
            } else if (line.startsWith("- ") && !sections.isEmpty()) {
                label = line.substring(2, line.indexOf(':'));
                sections.getLast()
                        .parts()
                        .put(label, line.substring(line.indexOf(':') + 1).strip());
            } else if (line.startsWith("  ") && !label.isEmpty()) {
                sections.getLast().parts().merge(label, line.strip(), (a, b) -> a + " " + b);
            }
        }
        return sections;
    }
}
