package examples;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import loops.core.training.DataModule;
import loops.core.training.EvaluationResult;
import tensor.api.RandomKey;
import tensor.data.BatchSource;
import tensor.data.DataLoader;
import tensor.data.Split;
import tensor.data.Splits;

/// Handwritten digits of which four in ten of those to learn from have a wrong label. The 100 to validate on and the
/// fifth to test on are clean. Who goes where, and what is wrong, is a pure function of the key.
final class NoisyDigits implements DataModule {
    private static final double NOISE = 0.4;
    private static final int VALIDATION = 100;
    private static final double TEST_PART = 0.2;

    private final Digits clean = Digits.included();
    private final RandomKey key;
    private final Split test;
    private final Split validation;

    NoisyDigits(RandomKey key) {
        this.key = key;
        test = Splits.stratifiedHoldOut(clean.labels(), TEST_PART, key.fold("test"));
        long[] classes = Arrays.stream(test.train()).mapToLong(i -> clean.labels()[i]).toArray();
        double share = (double) VALIDATION / classes.length;
        validation = Splits.stratifiedHoldOut(classes, share, key.fold("validation"));
    }

    @Override
    public BatchSource trainBatches() {
        int[] rows = chosen(validation.train());
        long[] labels = clean.labels().clone();
        int[] order = key.fold("wrong").permutation(rows.length);
        for (int i = 0; i < Math.round(NOISE * rows.length); i++) {
            int row = rows[order[i]];
            int further = 1 + key.fold("label").below(row, Digits.CLASSES - 1);
            labels[row] = (labels[row] + further) % Digits.CLASSES;
        }
        return DataLoader.of(
                new Digits(clean.pixels(), labels).rows(rows),
                config -> config.batchSize(32).shuffle(key.fold("order")));
    }

    @Override
    public List<BatchSource> validationBatches() {
        return List.of(whole(chosen(validation.held())));
    }

    @Override
    public List<BatchSource> testBatches() {
        return List.of(whole(test.held()));
    }

    /// {@return the share of digits that are read} NaN if the loss on them is no number, so that it is not overlooked.
    ///
    /// @param measured what a network came to
    static double accuracy(EvaluationResult measured) {
        double loss = Objects.requireNonNull(measured.metrics().get("val_loss"));
        double accuracy = Objects.requireNonNull(measured.metrics().get("val_acc"));
        return Double.isFinite(loss) ? accuracy : Double.NaN;
    }

    private int[] chosen(int[] places) {
        return Arrays.stream(places).map(place -> test.train()[place]).toArray();
    }

    private BatchSource whole(int[] rows) {
        return DataLoader.of(clean.rows(rows), config -> config.batchSize(rows.length));
    }
}
