package tensor.data;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tensor.api.RandomKey;

/// Turns indices into a batch: a pure function, called by any thread.
sealed interface BatchMaker {
    /// {@return the batch of the samples with these indices}
    ///
    /// @throws DataLoaderException if the data set throws
    Batch make(long epoch, int batchIndex, int[] indices);

    /// Copies rows of tensors that are in memory.
    record OfTensors(TensorDataset dataset) implements BatchMaker {
        @Override
        public Batch make(long epoch, int batchIndex, int[] indices) {
            try {
                return dataset.batch(indices);
            } catch (RuntimeException e) {
                throw new DataLoaderException(epoch, batchIndex, "", e);
            }
        }
    }

    /// Gets sample by sample and collates them.
    record OfSamples<T>(
            Dataset<T> dataset,
            Collate<T> collate,
            @Nullable SampleTransform<T> transform,
            RandomKey key)
            implements BatchMaker {
        @Override
        public Batch make(long epoch, int batchIndex, int[] indices) {
            List<T> samples = new ArrayList<>(indices.length);
            for (int index : indices) {
                try {
                    samples.add(sample(epoch, index));
                } catch (RuntimeException e) {
                    throw new DataLoaderException(epoch, batchIndex, ", sample " + index, e);
                }
            }
            try {
                return collate.apply(samples);
            } catch (RuntimeException e) {
                throw new DataLoaderException(epoch, batchIndex, "", e);
            }
        }

        private T sample(long epoch, int index) {
            T sample = dataset.get(index);
            return transform == null
                    ? sample
                    : transform.apply(sample, key.fold(epoch).fold(index));
        }
    }
}
