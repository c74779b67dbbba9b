package conformance.rule;

import conformance.check.Case;
import conformance.rule.Rule.Deviation;
import conformance.rule.Rule.NotApplicable;
import java.util.ArrayList;
import java.util.List;

/// What the rules make of a case.
public sealed interface Ruling {
    /// The case is not run.
    ///
    /// @param by the rule that says why
    record Left(NotApplicable by) implements Ruling {}

    /// The case is run.
    ///
    /// @param instead the case with what is expected of us
    /// @param by the rules that changed it, in their order
    record Expected(Case instead, List<Deviation> by) implements Ruling {
        /// Copies the list.
        public Expected {
            by = List.copyOf(by);
        }

        /// {@return whether one of the rules says that it replaces what the original did in a place}
        ///
        /// @param path the place, as `rows[2].message`
        public boolean replaces(String path) {
            return by.stream().anyMatch(rule -> rule.replaces(path));
        }
    }

    /// {@return what rules make of a case}
    ///
    /// @param subject the case, as the file has it
    /// @param rules the rules, in the order in which they are applied
    static Ruling of(Case subject, List<Rule> rules) {
        var expected = subject;
        var by = new ArrayList<Deviation>();
        for (Rule rule : rules) {
            if (!rule.applies(expected)) {
                continue;
            }
            switch (rule) {
                case NotApplicable no -> {
                    return new Left(no);
                }
                case Deviation deviation -> {
                    var instead = deviation.instead().apply(expected);
                    if (!instead.equals(expected)) {
                        by.add(deviation);
                        expected = instead;
                    }
                }
            }
        }
        return new Expected(expected, by);
    }
}
