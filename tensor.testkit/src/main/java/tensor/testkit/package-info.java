/// The oracle, and the tests that hold every backend to it.
///
/// A class belongs here if a backend author needs it in tests.
package tensor.testkit;
