/// Where we differ from the original on purpose, and what has no meaning here.
///
/// A rule applies by what a set-up and an expectation say, never by the id of a case. Wherever possible it says what is
/// expected instead, so that the case is run and compared all the same. Each rule is described in
/// `conformance/deviations.md`, by its id.
package conformance.rule;
