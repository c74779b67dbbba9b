/// What a backend implements: memory on a device and the forward primitives, nothing else.
///
/// A class belongs here if a backend author needs it and a user of tensors does not.
package tensor.spi;
