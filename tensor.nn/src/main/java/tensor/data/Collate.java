package tensor.data;

import java.util.List;

/// Makes one batch of some samples.
///
/// The batch's tensors are its own: made here, not kept by the data set, because the scope in which the batch is used
/// releases them.
///
/// @param <T> a sample
@FunctionalInterface
public interface Collate<T> {
    /// {@return the batch of these samples, at least one, in this order}
    ///
    /// @param samples at least one
    Batch apply(List<T> samples);
}
