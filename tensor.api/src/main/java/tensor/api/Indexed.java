package tensor.api;

/// Elements and where they stood along an axis.
///
/// Gradients lead through the values to the elements that were picked.
///
/// @param values the elements
/// @param indices their positions, int64, of the same shape
public record Indexed(Tensor values, Tensor indices) {}
