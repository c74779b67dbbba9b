/// Pictures in files, as numbers.
///
/// A class belongs here if it needs `javax.imageio`.
package tensor.image;
