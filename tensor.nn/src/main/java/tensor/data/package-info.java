/// Data on its way into a model: samples, the order in which they are drawn, batches, and parts of a data set.
///
/// A class belongs here if it knows nothing of models. What order or chance decides is a pure function of a
/// [tensor.api.RandomKey], an epoch and a position.
package tensor.data;
