package conformance.rule;

import conformance.check.Case;
import conformance.json.Json.Text;
import conformance.rule.Rule.NotApplicable;
import java.util.List;
import java.util.Set;

/// Where what is logged, and who looks at it, differs.
final class LoggingRules {
    private static final Set<String> MODES = Set.of("min", "max");

    private LoggingRules() {}

    static List<Rule> all() {
        return List.of(
                new NotApplicable("RANKS", LoggingRules::isOfARank),
                new NotApplicable("TYPES", LoggingRules::hasNoSuchMode));
    }

    private static boolean isOfARank(Case subject) {
        return subject.setup().has("world_size") && subject.setup().has("global_rank");
    }

    private static boolean hasNoSuchMode(Case subject) {
        return subject.setup()
                .at("EarlyStopping", "mode")
                .filter(mode -> mode instanceof Text(String text) && !MODES.contains(text))
                .isPresent();
    }
}
