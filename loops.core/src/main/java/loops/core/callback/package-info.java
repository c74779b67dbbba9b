/// Callbacks ready to use.
///
/// A class belongs here if it only listens: whoever wants to change the procedure writes a loop.
package loops.core.callback;
