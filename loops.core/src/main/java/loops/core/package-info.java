/// The trainer: puts a module, data, callbacks and a tree of loops together and runs them.
///
/// A class belongs here if it is the first thing a user meets. Only this package sees all the others.
package loops.core;
