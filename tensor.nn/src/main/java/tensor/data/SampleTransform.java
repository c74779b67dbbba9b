package tensor.data;

import tensor.api.RandomKey;

/// Changes a sample at random each time it is drawn: a shift of an image, noise, a dropped word.
///
/// All chance must come from the key that is given. It depends on the loader's key, the epoch and the sample's index
/// only, so neither workers nor the order of batches change what a sample becomes.
///
/// @param <T> a sample
@FunctionalInterface
public interface SampleTransform<T> {
    /// {@return what `sample` becomes this time}
    ///
    /// @param sample as the data set gives it
    /// @param key the source of all randomness of this call
    T apply(T sample, RandomKey key);
}
