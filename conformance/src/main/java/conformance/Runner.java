package conformance;

import conformance.Outcome.Status;
import conformance.area.Area;
import conformance.area.Areas;
import conformance.check.Case;
import conformance.check.Examined;
import conformance.check.Examined.Mutated;
import conformance.check.NotUnderstoodException;
import conformance.json.Json.Fields;
import conformance.rule.Rule;
import conformance.rule.Rule.Deviation;
import conformance.rule.Rule.NotApplicable;
import conformance.rule.Rules;
import conformance.rule.Ruling;
import conformance.rule.Ruling.Expected;
import conformance.rule.Ruling.Left;
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

    /// {@return how a case ends} What a rule or an area throws is a failure of this case, and of no other.
    ///
    /// @param subject the case
    Outcome run(Case subject) {
        var area = areas.apply(subject.area()).orElse(null);
        if (area == null) {
            return failed(subject, "no interpreter knows the area '" + subject.area() + "'");
        }
        try {
            return switch (Ruling.of(subject, rules)) {
                case Left(NotApplicable no) -> left(subject, no);
                case Expected expected -> compared(subject, area, expected);
            };
        } catch (NotUnderstoodException e) {
            return failed(subject, String.valueOf(e.getMessage()));
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            return failed(subject, "threw " + e);
        }
    }

    private static Outcome failed(Case subject, String problem) {
        return new Outcome(subject, Status.FAILED, List.of(), Optional.empty(), List.of(problem));
    }

    private static Outcome left(Case subject, NotApplicable by) {
        var unknown = by.unknown(subject);
        return new Outcome(
                subject,
                unknown.isEmpty() ? Status.NOT_APPLICABLE : Status.FAILED,
                List.of(by.id()),
                Optional.empty(),
                unknown);
    }

    private static Outcome compared(Case subject, Area area, Expected expected) {
        var examined = Examined.of(shared(area, expected), area::observe);
        var applied = expected.by().stream().map(Deviation::id).toList();
        return new Outcome(
                subject,
                status(examined, applied),
                applied,
                Optional.of(examined),
                examined.problems());
    }

    private static Case shared(Area area, Expected expected) {
        return expected.instead().expecting(area.compared(expected.instead().expect()));
    }

    private static Status status(Examined examined, List<String> applied) {
        if (!examined.holds()) {
            return Status.FAILED;
        }
        return applied.isEmpty() ? Status.PASSED : Status.DEVIATION;
    }

    /// {@return what becomes of a case that holds when what the original did is altered, one value after the other} Each time
    /// the rules are applied anew. Every alteration should be noticed, but in places that a rule says it replaces.
    ///
    /// @param outcome how the case ended
    /// @throws IllegalStateException if the case does not hold as it is, or was not run
    Mutated mutate(Outcome outcome) {
        var subject = outcome.subject();
        if (!(Ruling.of(subject, rules) instanceof Expected expected)) {
            throw new IllegalStateException(
                    "%s: was not run, so there is nothing to alter".formatted(subject.id()));
        }
        var area = areas.apply(subject.area()).orElseThrow();
        return outcome.examined()
                .orElseThrow()
                .mutated(subject.expect(), new Altering(subject, area, expected));
    }

    /// Runs a case anew, with another expectation.
    private final class Altering implements Examined.Rerun {
        private final Case subject;
        private final Area area;
        private final Expected before;

        /// @param before what the rules made of the case as it is
        Altering(Case subject, Area area, Expected before) {
            this.subject = subject;
            this.area = area;
            this.before = before;
        }

        @Override
        public Fields shared(Fields original) {
            try {
                return area.compared(original);
            } catch (RuntimeException e) {
                return original;
            }
        }

        @Override
        public Optional<Fields> instead(Fields original) {
            try {
                return Ruling.of(subject.expecting(original), rules) instanceof Expected now
                                && now.instead().setup().equals(before.instead().setup())
                        ? Optional.of(Runner.shared(area, now).expect())
                        : Optional.empty();
            } catch (RuntimeException e) {
                return Optional.empty();
            }
        }

        /// Where fewer rules apply than before and the case holds, it says what we do.
        @Override
        public boolean holds(Fields original) {
            var outcome = run(subject.expecting(original));
            return outcome.status() != Status.FAILED
                    && outcome.rules().size() >= before.by().size();
        }

        @Override
        public boolean replaces(String path) {
            return before.replaces(path);
        }
    }
}
