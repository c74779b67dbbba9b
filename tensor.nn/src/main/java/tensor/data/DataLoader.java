package tensor.data;

import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tensor.api.RandomKey;

/// Draws samples of a data set in some order and makes batches of them.
///
/// ```java
/// var loader = DataLoader.of(digits, config -> config.batchSize(32).shuffle(key));
/// try (BatchCursor batches = loader.open(epoch, 0)) {
///     while (batches.hasNext()) train(batches.next());
/// }
/// ```
///
/// The data set's code runs on worker threads (virtual ones), outside of any scope, with recording of gradients
/// switched off, on the device that was current in [#open]. Batches come in order. Neither the number of workers nor
/// how far they work ahead can change a batch; an exception of the data set comes out of [BatchCursor#next] at the
/// place where its batch would have come.
///
/// A plain [TensorDataset] without prefetch and transform has nothing to wait for: its batches are made by the caller's
/// thread.
///
/// Immutable. Cursors of one loader may be used at the same time.
public final class DataLoader implements BatchSource {
    private final Sampler sampler;
    private final BatchMaker maker;
    private final int batchSize;
    private final boolean dropLast;
    private final int prefetch;
    private final int workers;

    private DataLoader(BatchMaker maker, int datasetSize, Config<?> config) {
        Sampler chosen = config.sampler;
        RandomKey shuffleKey = config.shuffleKey;
        if (chosen != null) {
            this.sampler = chosen;
        } else if (shuffleKey != null) {
            this.sampler = Sampler.shuffled(datasetSize, shuffleKey);
        } else {
            this.sampler = Sampler.sequential(datasetSize);
        }
        this.maker = maker;
        this.batchSize = config.batchSize;
        this.dropLast = config.dropLast;
        this.prefetch = config.prefetch;
        this.workers = config.workers;
    }

    /// {@return a loader of batches of one sample each, in the order of the data set}
    ///
    /// @param dataset where samples come from
    public static DataLoader of(Dataset<Sample> dataset) {
        return of(dataset, config -> {});
    }

    /// {@return a loader that stacks samples into batches}
    ///
    /// @param dataset where samples come from
    /// @param config sets batch size, order and workers
    public static DataLoader of(Dataset<Sample> dataset, Consumer<Config<Sample>> config) {
        Config<Sample> chosen = new Config<>();
        config.accept(chosen);
        BatchMaker maker =
                dataset instanceof TensorDataset tensors && chosen.transform == null
                        ? new BatchMaker.OfTensors(tensors)
                        : maker(dataset, Batch::stack, chosen);
        return new DataLoader(maker, dataset.size(), chosen);
    }

    /// {@return a loader of batches of samples of any kind}
    ///
    /// @param dataset where samples come from
    /// @param <T> a sample
    /// @param collate makes a batch of samples; runs on the worker threads
    /// @param config sets batch size, order and workers
    public static <T> DataLoader of(
            Dataset<T> dataset, Collate<T> collate, Consumer<Config<T>> config) {
        Config<T> chosen = new Config<>();
        config.accept(chosen);
        return new DataLoader(maker(dataset, collate, chosen), dataset.size(), chosen);
    }

    private static <T> BatchMaker maker(Dataset<T> dataset, Collate<T> collate, Config<T> config) {
        return new BatchMaker.OfSamples<>(dataset, collate, config.transform, config.transformKey);
    }

    /// What a loader does, set in a chain of calls.
    ///
    /// @param <T> a sample
    public static final class Config<T> {
        private int batchSize = 1;
        private boolean dropLast = false;
        private int prefetch = 0;
        private int workers = 1;
        private @Nullable Sampler sampler;
        private @Nullable RandomKey shuffleKey;
        private @Nullable SampleTransform<T> transform;
        private RandomKey transformKey = RandomKey.of(0);

        private Config() {}

        /// Sets the number of samples in a batch; 1 unless said otherwise. The last batch of an epoch has what is left.
        ///
        /// @param samples how many, at least 1
        /// @return this
        /// @throws IllegalArgumentException if it is less than 1
        public Config<T> batchSize(int samples) {
            batchSize = atLeast(1, "batchSize", samples);
            return this;
        }

        /// Draws every sample once an epoch, in an order that depends on `key` and the epoch.
        ///
        /// @param key decides the order of every epoch
        /// @return this
        /// @throws IllegalStateException if the order has been set already
        public Config<T> shuffle(RandomKey key) {
            checkNoOrder();
            shuffleKey = key;
            return this;
        }

        /// Draws samples in the order of `order`.
        ///
        /// @param order what is drawn
        /// @return this
        /// @throws IllegalStateException if the order has been set already
        public Config<T> sampler(Sampler order) {
            checkNoOrder();
            sampler = order;
            return this;
        }

        /// Leaves out the last batch of an epoch if it is smaller than the others.
        ///
        /// @return this
        public Config<T> dropLast() {
            dropLast = true;
            return this;
        }

        /// Changes every sample that is drawn, at random.
        ///
        /// @param change what becomes of a sample
        /// @param key source of all randomness; a sample gets `key.fold(epoch).fold(index)`
        /// @return this
        public Config<T> transform(RandomKey key, SampleTransform<T> change) {
            transformKey = key;
            transform = change;
            return this;
        }

        /// Sets how many batches are made before they are asked for; none unless said otherwise.
        ///
        /// @param batches how many, from 0
        /// @return this
        /// @throws IllegalArgumentException if it is negative
        public Config<T> prefetch(int batches) {
            prefetch = atLeast(0, "prefetch", batches);
            return this;
        }

        /// Sets how many batches are made at the same time; 1 unless said otherwise. No more than `prefetch` are.
        ///
        /// @param threads how many, at least 1
        /// @return this
        /// @throws IllegalArgumentException if it is less than 1
        public Config<T> workers(int threads) {
            workers = atLeast(1, "workers", threads);
            return this;
        }

        private void checkNoOrder() {
            if (sampler != null || shuffleKey != null) {
                throw new IllegalStateException(
                        "DataLoader: the order is set twice; use shuffle(key) or sampler(order), once");
            }
        }

        private static int atLeast(int least, String name, int value) {
            if (value < least) {
                throw new IllegalArgumentException(
                        "DataLoader: %s is %d; use a number from %d".formatted(name, value, least));
            }
            return value;
        }
    }

    /// {@return how many batches an epoch has}
    @Override
    public OptionalInt batchCount() {
        return OptionalInt.of(count());
    }

    /// {@return how many samples a batch has, but for the last one of an epoch}
    public int batchSize() {
        return batchSize;
    }

    @Override
    public BatchCursor open(long epoch, long position) {
        if (epoch < 0) {
            throw new IllegalArgumentException(
                    "DataLoader: epoch is " + epoch + "; use a number from 0");
        }
        if (position < 0 || position > count()) {
            throw new IllegalArgumentException(
                    "DataLoader: position is %d; an epoch has %d batches, so use 0 to %d"
                            .formatted(position, count(), count()));
        }
        EpochBatches batches =
                new EpochBatches(maker, epoch, sampler.indices(epoch), batchSize, count());
        boolean inPlace = maker instanceof BatchMaker.OfTensors && prefetch == 0;
        return inPlace
                ? new InPlaceCursor(batches, (int) position)
                : new WorkerCursor(batches, (int) position, prefetch, workers);
    }

    private int count() {
        return dropLast ? sampler.size() / batchSize : Math.ceilDiv(sampler.size(), batchSize);
    }
}
