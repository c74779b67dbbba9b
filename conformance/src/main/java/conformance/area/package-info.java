/// One interpreter for each area of cases.
///
/// An interpreter builds what a set-up describes, runs it on the real loops and gives its [conformance.check.Answers],
/// by the names that expectations have for them. It works for every set-up of its area's kind, whatever the numbers:
/// it never
/// sees the id of a case, and of what is expected only the questions, and inputs that a case gives there.
///
/// How to write one:
/// 1. One file, `NameArea`, that implements [conformance.area.Area]; a line in [conformance.area.Areas].
/// 2. Read *every* key of the set-up, through [conformance.check.Keys]: what is left unread is a failure. Read a key
///    only where the scenario heeds it.
/// 3. Read words by [conformance.check.Phrases]: patterns with parameters, never whole sentences where a number or a
///    name stands in them.
/// 4. Answer what was *observed*, in the plain form of the expectation: numbers, texts, lists, maps. What was thrown is
///    answered by `Observed.kind` and `Observed.message`. Answers are worked out only when a case asks for them.
/// 5. What needs a Trainer is built with `conformance.kit`.
///
/// An expectation that we do not meet on purpose is no matter of the interpreter, but of a rule in `conformance.rule`.
package conformance.area;
