package tensor.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import tensor.api.RandomKey;
import tensor.api.Tensor;

class DataLoaderPropertyTest {
    /// Samples that take differently long to make, so that workers finish out of order.
    private record Uneven(int size) implements Dataset<Sample> {
        @Override
        public Sample get(int index) {
            int[] work = RandomKey.of(index).permutation(1 + index % 3 * 2000);
            return Sample.of(Tensor.of((float) index, work[0] * 0.5f));
        }
    }

    private static final SampleTransform<Sample> NOISE =
            (sample, key) -> Sample.of(sample.input().add(key.uniform(0)));

    @Property(tries = 150)
    void neitherWorkersNorPrefetchChangeABatch(
            @ForAll @IntRange(max = 30) int size,
            @ForAll @IntRange(min = 1, max = 7) int batchSize,
            @ForAll boolean dropLast,
            @ForAll @IntRange(max = 6) int prefetch,
            @ForAll @IntRange(min = 1, max = 4) int workers,
            @ForAll @IntRange(max = 5) int epoch,
            @ForAll long seed) {
        DataLoader plain = loader(new Uneven(size), batchSize, dropLast, 0, 1, seed);
        DataLoader busy = loader(new Uneven(size), batchSize, dropLast, prefetch, workers, seed);

        assertEquals(rest(plain, epoch, 0), rest(busy, epoch, 0));
    }

    @Property(tries = 150)
    void openingAtAnyPositionGivesExactlyTheRestOfTheEpoch(
            @ForAll @IntRange(max = 30) int size,
            @ForAll @IntRange(min = 1, max = 7) int batchSize,
            @ForAll @IntRange(max = 3) int prefetch,
            @ForAll @IntRange(max = 100) int cut,
            @ForAll @IntRange(max = 5) int epoch,
            @ForAll long seed) {
        DataLoader loader = loader(new Uneven(size), batchSize, false, prefetch, 2, seed);
        int position = cut % (loader.batchCount().orElseThrow() + 1);
        List<List<Float>> whole = rest(loader, epoch, 0);

        List<List<Float>> resumed = rest(loader, epoch, position);

        assertEquals(whole.subList(position, whole.size()), resumed);
    }

    private static DataLoader loader(
            Dataset<Sample> dataset,
            int batchSize,
            boolean dropLast,
            int prefetch,
            int workers,
            long seed) {
        RandomKey key = RandomKey.of(seed);
        return DataLoader.of(
                dataset,
                config -> {
                    config.batchSize(batchSize)
                            .shuffle(key.fold("order"))
                            .transform(key.fold("noise"), NOISE)
                            .prefetch(prefetch)
                            .workers(workers);
                    if (dropLast) {
                        config.dropLast();
                    }
                });
    }

    private static List<List<Float>> rest(BatchSource source, long epoch, long position) {
        List<List<Float>> batches = new ArrayList<>();
        try (BatchCursor cursor = source.open(epoch, position)) {
            while (cursor.hasNext()) {
                assertEquals(position + batches.size(), cursor.position());
                float[] values = cursor.next().input().toFloats();
                List<Float> boxed = new ArrayList<>();
                for (float value : values) {
                    boxed.add(value);
                }
                batches.add(boxed);
            }
        }
        return batches;
    }
}
