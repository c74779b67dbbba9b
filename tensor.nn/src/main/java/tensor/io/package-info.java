/// Tensors and numbers in files.
///
/// A class belongs here if it turns the bytes of a file into numbers or back, and reports the first fault with its
/// place in the file.
package tensor.io;
