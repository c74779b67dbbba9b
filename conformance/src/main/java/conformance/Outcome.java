package conformance;

import conformance.check.Case;
import conformance.check.Examined;
import java.util.List;
import java.util.Optional;

/// How a case ended.
///
/// @param subject the case, as the file has it
/// @param status how it ended
/// @param rules the rules that changed what is expected, or that say why it does not apply
/// @param examined the run, if there was one
/// @param problems why it failed, a line each
record Outcome(
        Case subject,
        Status status,
        List<String> rules,
        Optional<Examined> examined,
        List<String> problems) {
    /// {@return whether the case was run and came out as it should, by itself or by a rule}
    boolean holds() {
        return status == Status.PASSED || status == Status.DEVIATION;
    }

    /// The ways to end.
    enum Status {
        /// What was expected was observed.
        PASSED("passed"),
        /// Something else was observed.
        FAILED("failed"),
        /// A rule says that we do otherwise, and what it says was observed.
        DEVIATION("deviations"),
        /// A rule says that the case has no meaning here.
        NOT_APPLICABLE("not applicable");

        private final String plural;

        Status(String plural) {
            this.plural = plural;
        }

        @Override
        public String toString() {
            return plural;
        }
    }
}
