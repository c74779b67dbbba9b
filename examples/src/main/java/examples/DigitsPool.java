package examples;

import java.util.List;
import java.util.stream.IntStream;
import loops.core.training.DataModule;
import loops.recipes.Labelled;
import loops.recipes.Oracle;
import loops.recipes.PoolData;
import tensor.api.RandomKey;
import tensor.data.BatchSource;
import tensor.data.DataLoader;
import tensor.data.Split;
import tensor.data.Splits;

/// Handwritten digits as a pool of 1,200 whose labels are hidden, and 597 to test on, stratified. Who goes where is a pure
/// function of the key.
final class DigitsPool implements PoolData {
    private static final double TEST_PART = 597.0 / 1797;

    private final Digits digits = Digits.included();
    private final RandomKey key;
    private final Split split;

    DigitsPool(RandomKey key) {
        this.key = key;
        split = Splits.stratifiedHoldOut(digits.labels(), TEST_PART, key.fold("test"));
    }

    /// {@return one that knows what each digit of the pool is}
    Oracle oracle() {
        return Oracle.of(IntStream.of(split.train()).mapToLong(i -> digits.labels()[i]).toArray());
    }

    @Override
    public int poolSize() {
        return split.train().length;
    }

    // @start region=pool
    @Override
    public DataModule labelled(List<Labelled> known) {
        int[] rows = known.stream().mapToInt(labelled -> row(labelled.sample())).toArray();
        long[] labels = digits.labels().clone();
        known.forEach(labelled -> labels[row(labelled.sample())] = labelled.label());
        return DataModule.of(
                DataLoader.of(
                        new Digits(digits.pixels(), labels).rows(rows),
                        config -> config.batchSize(32).shuffle(key.fold("order"))));
    }

    @Override
    public BatchSource unlabelled(List<Integer> samples) {
        return inOrder(samples.stream().mapToInt(this::row).toArray());
    }

    // @end region=pool

    @Override
    public List<BatchSource> testBatches() {
        return List.of(inOrder(split.held()));
    }

    private int row(int sample) {
        return split.train()[sample];
    }

    private BatchSource inOrder(int[] rows) {
        return DataLoader.of(digits.rows(rows), config -> config.batchSize(300));
    }
}
