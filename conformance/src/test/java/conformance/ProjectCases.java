package conformance;

import conformance.check.Case;
import conformance.check.CaseFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/// The cases of this project.
final class ProjectCases {
    private ProjectCases() {}

    static List<Case> read() throws IOException {
        try (var file = ProjectCases.class.getResourceAsStream("cases.json")) {
            var bytes = Objects.requireNonNull(file).readAllBytes();
            return CaseFile.parse(new String(bytes, StandardCharsets.UTF_8));
        }
    }
}
