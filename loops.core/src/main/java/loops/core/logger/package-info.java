/// Where the numbers of a run are written down: CSV tables, TensorBoard, memory.
///
/// A class belongs here if it keeps what a run logs, or helps to. Nothing here knows of training: a logger is given
/// names, numbers and steps.
package loops.core.logger;
