/// What a training run works on: the module and its steps, the data, the hooks, and the inputs of the built-in loops.
///
/// A class belongs here if the built-in loops, the callbacks and the trainer all speak of it. Nothing here runs a loop.
package loops.core.training;
