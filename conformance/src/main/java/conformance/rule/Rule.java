package conformance.rule;

import conformance.check.Case;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// Why a case is not expected to end as in the original.
public sealed interface Rule {
    /// {@return its name in `deviations.md`, as `F9`}
    String id();

    /// {@return whether it applies to a case}
    ///
    /// @param subject the case
    boolean applies(Case subject);

    /// The case pins something that we do otherwise, and what we do is expected instead.
    ///
    /// @param id its name
    /// @param when the cases that it applies to
    /// @param instead the case with what is expected instead; its set-up stays, but for what cannot be said here
    record Deviation(String id, Predicate<Case> when, UnaryOperator<Case> instead) implements Rule {
        @Override
        public boolean applies(Case subject) {
            return when.test(subject);
        }
    }

    /// The case has no meaning on the JVM.
    ///
    /// @param id its name
    /// @param when the cases that it applies to
    record NotApplicable(String id, Predicate<Case> when) implements Rule {
        @Override
        public boolean applies(Case subject) {
            return when.test(subject);
        }
    }
}
