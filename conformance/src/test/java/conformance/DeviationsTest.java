package conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import conformance.rule.Rule;
import conformance.rule.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The rules in `deviations.md` are those of the code.
class DeviationsTest {
    private static final Path ROOT = Path.of("..");

    @Test
    void everyRuleStandsInTheFileAndInTheCode() throws IOException {
        var inTheFile =
                Section.ofTheFile().stream()
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
        for (Section section : Section.ofTheFile()) {
            boolean deviation = "deviation".equals(section.parts().get("Kind"));
            var needed = deviation ? List.of("Instead", "Shown by") : List.of("Reason");

            assertTrue(section.parts().keySet().containsAll(needed), section.toString());
            assertTrue(
                    !deviation || testExists(section.parts().getOrDefault("Shown by", "")),
                    section.toString());
        }
    }

    @Test
    void whatARuleReplacesStandsInTheFileAndInTheCode() throws IOException {
        var inTheFile = new TreeMap<String, String>();
        for (Section section : Section.ofTheFile()) {
            if (section.parts().containsKey("Replaces")) {
                inTheFile.put(section.id(), section.parts().get("Replaces"));
            }
        }

        var inTheCode = new TreeMap<String, String>();
        for (Rule rule : Rules.all()) {
            if (rule instanceof Rule.Deviation deviation && !deviation.replaced().isEmpty()) {
                inTheCode.put(
                        rule.id(),
                        deviation.replaced().stream()
                                .sorted()
                                .map("`%s`"::formatted)
                                .collect(Collectors.joining(", ")));
            }
        }
        assertEquals(inTheCode, inTheFile);
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
}
