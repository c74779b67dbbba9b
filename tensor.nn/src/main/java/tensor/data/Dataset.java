package tensor.data;

import java.util.function.Function;

/// Samples that are reached by their index.
///
/// **Threads.** A [DataLoader] calls [#get] on its worker threads, on several at once if it has several workers, and
/// never within a [tensor.api.TensorScope]: tensors made there, also those kept for later, live as long as they are
/// reachable.
/// **Randomness.** [#get] gives the same sample each time; random changes belong into a [SampleTransform].
///
/// @param <T> a sample
public interface Dataset<T> {
    /// {@return the number of samples}
    int size();

    /// {@return the sample with this index, from 0}
    ///
    /// @param index from 0 to before the size
    /// @throws IndexOutOfBoundsException if there is none
    T get(int index);

    /// {@return the samples with these indices, in this order} An index may occur more than once.
    ///
    /// @param indices which samples, from 0
    /// @throws IndexOutOfBoundsException if one of them does not exist
    default Dataset<T> subset(int... indices) {
        return new Subset<>(this, indices);
    }

    /// {@return the same samples, each changed by `change` when it is asked for}
    ///
    /// @param <U> a changed sample
    /// @param change a pure function
    default <U> Dataset<U> map(Function<? super T, ? extends U> change) {
        return new MappedDataset<>(this, change);
    }
}
