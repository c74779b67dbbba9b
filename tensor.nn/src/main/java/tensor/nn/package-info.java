/// What models are made of: modules with learned parameters, and functions of tensors.
///
/// A class belongs here if it has parameters, or is a step of a forward pass or a loss. What needs no state is a
/// function in [tensor.nn.Functional].
package tensor.nn;
