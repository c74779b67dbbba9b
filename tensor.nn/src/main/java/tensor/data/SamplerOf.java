package tensor.data;

import java.util.stream.IntStream;
import tensor.api.RandomKey;

/// The samplers that [Sampler] makes.
final class SamplerOf {
    private SamplerOf() {}

    static int checkSize(String where, int size) {
        if (size < 0) {
            throw new IllegalArgumentException(
                    where + ": size is " + size + "; use a number from 0");
        }
        return size;
    }

    static int[] streams(int size, int streams) {
        if (streams < 1) {
            throw new IllegalArgumentException(
                    "Sampler.streams: streams is " + streams + "; use a number from 1");
        }
        int length = size / streams;
        return IntStream.range(0, length * streams)
                .map(i -> i % streams * length + i / streams)
                .toArray();
    }

    /// The same indices in every epoch.
    static final class Fixed implements Sampler {
        private final int[] indices;

        Fixed(int[] indices) {
            this.indices = indices;
        }

        @Override
        public int size() {
            return indices.length;
        }

        @Override
        public int[] indices(long epoch) {
            return indices.clone();
        }
    }

    /// A permutation for each epoch.
    record Shuffled(int size, RandomKey key) implements Sampler {
        @Override
        public int[] indices(long epoch) {
            return key.fold(epoch).permutation(size);
        }
    }
}
