package conformance;

import conformance.Outcome.Status;
import conformance.area.Area;
import conformance.area.Areas;
import conformance.check.Case;
import conformance.check.Examined;
import conformance.rule.Rule;
import conformance.rule.Rule.Deviation;
import conformance.rule.Rule.NotApplicable;
import conformance.rule.Rules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Runs cases: finds the interpreter of the area, applies the rules, compares.
final class Runner {
    private final Function<String, Optional<Area>> areas;
    private final List<Rule> rules;

    /// @param areas finds an area by its name
    /// @param rules the rules, in the order in which they are applied
    Runner(Function<String, Optional<Area>> areas, List<Rule> rules) {
        this.areas = areas;
        this.rules = List.copyOf(rules);
    }

    /// {@return a runner with all areas and rules}
    static Runner ofAll() {
        return new Runner(Areas::named, Rules.all());
    }

    /// {@return how a case ends}
    ///
    /// @param subject the case
    Outcome run(Case subject) {
        var area = areas.apply(subject.area()).orElse(null);
        if (area == null) {
            return new Outcome(
                    subject,
                    Status.FAILED,
                    List.of(),
                    Optional.empty(),
                    List.of("no interpreter knows the area '" + subject.area() + "'"));
        }
        var applied = new ArrayList<String>();
        var expected = subject;
        for (Rule rule : rules) {
            if (!rule.applies(expected)) {
                continue;
            }
            switch (rule) {
                case NotApplicable no -> {
                    var unknown = no.unknown(subject);
                    return new Outcome(
                            subject,
                            unknown.isEmpty() ? Status.NOT_APPLICABLE : Status.FAILED,
                            List.of(no.id()),
                            Optional.empty(),
                            unknown);
                }
                case Deviation deviation -> {
                    var instead = deviation.instead().apply(expected);
                    if (!instead.equals(expected)) {
                        applied.add(deviation.id());
                        expected = instead;
                    }
                }
            }
        }
        var compared = expected.expecting(area.compared(expected.expect()));
        var examined = Examined.of(compared, area::observe);
        return new Outcome(
                subject,
                status(examined, applied),
                applied,
                Optional.of(examined),
                examined.problems());
    }

    private static Status status(Examined examined, List<String> applied) {
        if (!examined.holds()) {
            return Status.FAILED;
        }
        return applied.isEmpty() ? Status.PASSED : Status.DEVIATION;
    }
}
