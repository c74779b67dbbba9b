/// What a loop is: a protocol, places for children, counters and a state that can be saved and gone on from.
///
/// A class belongs here if a loop needs it whatever it works on. Nothing here knows of tensors or training.
package loops.api;
