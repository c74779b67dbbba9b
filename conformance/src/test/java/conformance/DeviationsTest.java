package conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import conformance.Outcome.Status;
import conformance.area.Areas;
import conformance.rule.Rule;
import conformance.rule.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The rules in `deviations.md` are those of the code, and they take no more cases than they may.
class DeviationsTest {
    private static final Path ROOT = Path.of("..");
    private static final double SHARE_OF_ALL = 0.16;
    private static final double SHARE_OF_ONE = 0.04;

    /// A section of the file: what stands after each of its labels.
    private record Section(String id, Map<String, String> parts) {}

    @Test
    void everyRuleStandsInTheFileAndInTheCode() throws IOException {
        var inTheFile =
                sections().stream()
                        .map(section -> section.id() + " " + section.parts().get("Kind"))
                        .toList();

        var inTheCode =
                Rules.all().stream()
                        .map(rule -> rule.id() + " " + kind(rule))
                        .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(inTheCode, new TreeSet<>(inTheFile));
        assertEquals(inTheCode.size(), inTheFile.size());
    }

    @Test
    void everySectionSaysWhyAndNamesItsTest() throws IOException {
        for (Section section : sections()) {
            boolean deviation = "deviation".equals(section.parts().get("Kind"));
            var needed = deviation ? List.of("Instead", "Shown by") : List.of("Reason");

            assertTrue(section.parts().keySet().containsAll(needed), section.toString());
            assertTrue(
                    !deviation || testExists(section.parts().getOrDefault("Shown by", "")),
                    section.toString());
        }
    }

    @Test
    void theRulesTakeNoMoreCasesThanTheyMay() throws IOException {
        var cases = ProjectCases.read();
        var runner = Runner.ofAll();
        var byRule = new TreeMap<String, Integer>();
        int all = 0;
        for (var subject : cases) {
            if (Areas.named(subject.area()).isPresent()) {
                var outcome = runner.run(subject);
                outcome.rules().forEach(rule -> byRule.merge(rule, 1, Integer::sum));
                all +=
                        outcome.status() == Status.DEVIATION
                                        || outcome.status() == Status.NOT_APPLICABLE
                                ? 1
                                : 0;
            }
        }

        assertTrue(all <= SHARE_OF_ALL * cases.size(), all + " cases: " + byRule);
        for (Section section : sections()) {
            int taken = byRule.getOrDefault(section.id(), 0);
            assertTrue(taken > 0, section.id() + " takes no case");
            assertTrue(
                    taken <= SHARE_OF_ONE * cases.size() || decisionExists(section),
                    "%s takes %d cases and names no decision".formatted(section.id(), taken));
        }
    }

    private static String kind(Rule rule) {
        return switch (rule) {
            case Rule.Deviation _ -> "deviation";
            case Rule.NotApplicable _ -> "not applicable";
        };
    }

    private static boolean testExists(String name) throws IOException {
        var matcher = Pattern.compile("([\\w.]+)\\.(\\w+)#(\\w+)").matcher(name);
        assertTrue(matcher.matches(), name);
        String file = matcher.group(1).replace('.', '/') + "/" + matcher.group(2) + ".java";
        try (var modules = Files.list(ROOT)) {
            for (Path module : modules.toList()) {
                var source = module.resolve("src/test/java").resolve(file);
                if (Files.exists(source)) {
                    return Files.readString(source).contains("void " + matcher.group(3) + "(");
                }
            }
        }
        return false;
    }

    private static boolean decisionExists(Section section) {
        String decision = section.parts().get("Decision");
        return decision != null && Files.exists(ROOT.resolve(decision));
    }

    /// Reads headings `## ID title` and below each its lines `- Label: text`, which may go on.
    private static List<Section> sections() throws IOException {
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
