package conformance.area;

import conformance.check.Answers;
import conformance.check.Expectation;
import conformance.check.Keys;
import conformance.json.Json.Fields;

/// Runs the cases of one area.
public interface Area {
    /// {@return the name that cases have for it}
    String name();

    /// {@return what of an expectation is compared} An area leaves out here what the cases allow a system not to have, by
    /// one table with a reason each. Default: all of it.
    ///
    /// @param expect what a case expects
    default Fields compared(Fields expect) {
        return expect;
    }

    /// Builds a scenario, runs it and gives what was observed.
    ///
    /// @param setup what to build; every key has to be read
    /// @param expect what is asked; for its questions, and for inputs that stand there
    /// @return what was observed
    /// @throws conformance.check.NotUnderstoodException if something in the set-up is not known
    Answers observe(Keys setup, Expectation expect);
}
