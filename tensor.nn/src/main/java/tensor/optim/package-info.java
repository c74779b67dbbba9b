/// How parameters learn from gradients.
///
/// A class belongs here if it turns gradients into updates, or keeps what that needs. Transforms are pure; the
/// [tensor.optim.Optimizer] is the one place where a learned value changes.
package tensor.optim;
