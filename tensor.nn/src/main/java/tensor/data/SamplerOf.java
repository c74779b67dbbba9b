package tensor.data;

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
