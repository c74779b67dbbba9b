/// Programs to run, one file and one idea each, with the expected output in the head comment.
///
/// An example is a class here that implements [Example] and stands in the list of [Examples].
package examples;
