package conformance.rule;

import conformance.check.Case;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

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

    /// The case has no meaning on the JVM. It is not run, so the rule has to know what its cases may say: a key that it
    /// does not know is one that nobody has understood.
    ///
    /// @param id its name
    /// @param when the cases that it applies to
    /// @param keys what they may say, beside the flags of the trainer and the error that is expected
    record NotApplicable(String id, Predicate<Case> when, Set<String> keys) implements Rule {
        private static final Set<String> OF_ALL =
                Set.of(
                        "trainer",
                        "fit_raises",
                        "constructor_raises",
                        "raises",
                        "error_kind",
                        "message_contains",
                        "message_regex");

        /// {@return what a case says that is not known, a line each}
        ///
        /// @param subject the case
        public List<String> unknown(Case subject) {
            return Stream.concat(
                            subject.setup().entries().keySet().stream()
                                    .map("setup key '%s'"::formatted),
                            subject.expect().entries().keySet().stream()
                                    .map("expectation key '%s'"::formatted))
                    .filter(said -> {
                        String key = said.substring(said.indexOf('\'') + 1, said.length() - 1);
                        return !OF_ALL.contains(key) && !keys.contains(key);
                    })
                    .map(said -> said + " is not known")
                    .toList();
        }

        @Override
        public boolean applies(Case subject) {
            return when.test(subject);
        }
    }
}
