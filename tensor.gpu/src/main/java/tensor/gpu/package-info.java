/// A whole backend over a [tensor.gpu.Driver]: memory, kernels and what is launched for each primitive.
///
/// A class is public here if a driver needs it.
package tensor.gpu;
