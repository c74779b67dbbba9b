package gpucheck;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A speed that is aimed at, and what was measured of it: the worst of its cases.
///
/// @param name what is aimed at
/// @param wanted the least ratio
/// @param worst the case that is furthest from it, or nothing if none was measured
/// @param why nothing was measured
record Target(String name, double wanted, Optional<Case> worst, String why) {

    /// What stands against something else.
    ///
    /// @param name of what was run
    /// @param ratio how many times as fast it is
    record Case(String name, double ratio) {}

    /// {@return the target with the worst of its cases}
    ///
    /// @param why there is none, where there is none
    static Target of(String name, double wanted, List<Case> cases, String why) {
        Optional<Case> worst = cases.stream().min(Comparator.comparingDouble(Case::ratio));
        return new Target(name, wanted, worst, why);
    }

    /// {@return `met`, `missed` or `not measured`}
    String status() {
        return worst.map(each -> each.ratio >= wanted ? "met" : "missed").orElse("not measured");
    }

    /// {@return all of it in a line}
    String line() {
        String aim = String.format(Locale.ROOT, "target %s at least %.2f", name, wanted);
        return worst.map(each ->
                        String.format(
                                Locale.ROOT,
                                "%s: %s, %.2f (%s)",
                                aim,
                                status(),
                                each.ratio,
                                each.name))
                .orElse(aim + ": not measured, " + why);
    }

    /// {@return all of it as JSON}
    String json() {
        return String.format(
                Locale.ROOT,
                "{\"name\": \"%s\", \"wanted\": %.2f, \"measured\": %s, \"worst\": %s, \"status\": \"%s\"}",
                name,
                wanted,
                worst.map(each -> String.format(Locale.ROOT, "%.4f", each.ratio)).orElse("null"),
                worst.map(each -> "\"" + each.name + "\"").orElse("null"),
                status());
    }
}
