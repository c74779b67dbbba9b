package conformance.check;

import conformance.json.Json.Fields;

/// One case: a set-up and what was seen of it in the original.
///
/// @param id its name, for people
/// @param area which interpreter runs it
/// @param source the test that it was taken from
/// @param setup what to build
/// @param expect what was seen, by the name of the thing compared
public record Case(String id, String area, String source, Fields setup, Fields expect) {
    /// {@return this case with another set-up and expectation}
    ///
    /// @param changed what to build instead
    /// @param instead what is expected instead
    public Case with(Fields changed, Fields instead) {
        return new Case(id, area, source, changed, instead);
    }

    /// {@return this case with another expectation}
    ///
    /// @param changed what is expected instead
    public Case expecting(Fields changed) {
        return new Case(id, area, source, setup, changed);
    }
}
