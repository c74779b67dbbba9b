/// Checks for authors of loops: that a loop can be cut anywhere, and that its slots are transparent.
///
/// A class belongs here if it helps to test a loop that somebody else wrote. Needs no test framework: a check that
/// fails throws [AssertionError].
package loops.api.testkit;
