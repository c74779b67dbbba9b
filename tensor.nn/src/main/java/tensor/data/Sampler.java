package tensor.data;

import java.util.stream.IntStream;
import tensor.api.RandomKey;

/// The order in which samples are drawn.
///
/// The order of an epoch is a pure function of the sampler and the epoch's number: nothing is carried over, so any
/// place in any epoch can be reached without drawing what comes before.
public interface Sampler {
    /// {@return how many samples an epoch draws}
    int size();

    /// {@return the indices drawn in an epoch, in order}
    ///
    /// @param epoch from 0
    int[] indices(long epoch);

    /// {@return every index from 0 to before `size`, in order, in every epoch}
    ///
    /// @param size how many samples there are
    /// @throws IllegalArgumentException if `size` is negative
    static Sampler sequential(int size) {
        return of(IntStream.range(0, SamplerOf.checkSize("Sampler.sequential", size)).toArray());
    }

    /// {@return every index from 0 to before `size`, in an order that depends on `key` and the epoch}
    ///
    /// @param size how many samples there are
    /// @param key decides the order of every epoch
    /// @throws IllegalArgumentException if `size` is negative
    static Sampler shuffled(int size, RandomKey key) {
        return new SamplerOf.Shuffled(SamplerOf.checkSize("Sampler.shuffled", size), key);
    }

    /// {@return these indices, in this order, in every epoch}
    ///
    /// @param indices which samples, from 0
    static Sampler of(int... indices) {
        return new SamplerOf.Fixed(indices.clone());
    }
}
