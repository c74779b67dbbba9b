/// Tensors as users see them: values, parameters, gradients, lifetimes, devices, random keys.
///
/// A class is public here if a user names it; the machinery below a tensor is package-private.
package tensor.api;
