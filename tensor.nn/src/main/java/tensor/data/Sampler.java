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

    /// {@return an order in which as many streams go on side by side: the first sample of each, then the second of each} A
    /// stream is so many samples in a row, as the windows of a text. In batches of `streams` samples each place of a batch
    /// goes on where it was in the batch before. Samples behind the last whole stream are left out.
    ///
    /// @param size how many samples there are
    /// @param streams how many go on side by side, from 1
    /// @throws IllegalArgumentException if a number is out of its range
    static Sampler streams(int size, int streams) {
        return of(SamplerOf.streams(SamplerOf.checkSize("Sampler.streams", size), streams));
    }

    /// {@return these indices, in this order, in every epoch}
    ///
    /// @param indices which samples, from 0
    static Sampler of(int... indices) {
        return new SamplerOf.Fixed(indices.clone());
    }
}
