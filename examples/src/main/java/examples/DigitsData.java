package examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import loops.api.LoopState.Fields;
import loops.core.training.DataModule;
import loops.recipes.FoldData;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.BatchSource;
import tensor.data.DataLoader;
import tensor.data.Split;
import tensor.data.Splits;
import tensor.data.TensorDataset;
import tensor.io.CsvFile;
import tensor.layout.Shape;

/// Handwritten digits of 8 x 8 pixels, as UCI gives them: 64 columns of 0 to 16, then the digit.
///
/// A stratified tenth is held out for the test; the folds, stratified too, are made of the rest. Pixels are divided by
/// 16. All is a pure function of the file, the batch size and the key, so a resumed run sees the same batches.
final class DigitsData implements FoldData {
    static final int PIXELS = 64;
    static final int CLASSES = 10;

    private static final int DARKEST = 16;
    private static final String RESOURCE = "digits.csv.gz";
    private static final double TEST_PART = 0.1;

    private final float[] pixels;
    private final long[] labels;
    private final Split test;
    private final int batchSize;
    private final RandomKey key;

    private DigitsData(CsvFile table, int batchSize, RandomKey key) throws IOException {
        this.pixels = table.floats(0, PIXELS);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] /= DARKEST;
        }
        this.labels = table.integers(PIXELS);
        this.batchSize = batchSize;
        this.key = key;
        this.test = Splits.stratifiedHoldOut(labels, TEST_PART, key.fold("test"));
    }

    /// {@return the digits of a file, or those that come with this example}
    static DigitsData read(Optional<Path> file, int batchSize, RandomKey key) throws IOException {
        return new DigitsData(file.isPresent() ? table(file.get()) : table(), batchSize, key);
    }

    private static CsvFile table(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException("%s: is a folder; name a file of digits".formatted(file));
        }
        var table = CsvFile.read(file);
        if (table.columns() != PIXELS + 1) {
            throw fault(
                    file,
                    table,
                    0,
                    Math.min(table.columns(), PIXELS + 1) + 1,
                    "the row has %d values; a digit is %d pixels and its class"
                            .formatted(table.columns(), PIXELS));
        }
        long[] labels = table.integers(PIXELS);
        for (int row = 0; row < labels.length; row++) {
            for (int column = 0; column < PIXELS; column++) {
                double pixel = table.value(row, column);
                if (!(pixel >= 0 && pixel <= DARKEST)) {
                    throw fault(
                            file,
                            table,
                            row,
                            column + 1,
                            "the pixel is %s; use 0 to %d".formatted(pixel, DARKEST));
                }
            }
            if (labels[row] < 0 || labels[row] >= CLASSES) {
                throw fault(
                        file,
                        table,
                        row,
                        PIXELS + 1,
                        "the class is %d; use 0 to %d".formatted(labels[row], CLASSES - 1));
            }
        }
        return table;
    }

    private static IOException fault(Path file, CsvFile table, int row, int column, String fault) {
        return new IOException(
                "%s, line %d, column %d: %s".formatted(file, table.line(row), column, fault));
    }

    private static CsvFile table() {
        try (var in = DigitsData.class.getResourceAsStream(RESOURCE)) {
            return CsvFile.read(Objects.requireNonNull(in, RESOURCE), RESOURCE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// {@return the most folds that each class has a member for}
    int mostFolds() {
        int[] members = new int[CLASSES];
        for (int index : test.train()) {
            members[(int) labels[index]]++;
        }
        return Arrays.stream(members).filter(count -> count > 0).min().orElse(0);
    }

    @Override
    public DataModule fold(int index, int folds) {
        int[] rest = test.train();
        long[] classes = Arrays.stream(rest).mapToLong(i -> labels[i]).toArray();
        var split = Splits.stratifiedKFold(classes, folds, key.fold("folds")).get(index);
        return DataModule.of(
                shuffled(chosen(rest, split.train()), key.fold("shuffle").fold(index)),
                inOrder(chosen(rest, split.held())));
    }

    @Override
    public BatchSource trainBatches() {
        return shuffled(test.train(), key.fold("shuffle"));
    }

    @Override
    public List<BatchSource> testBatches() {
        return List.of(inOrder(test.held()));
    }

    private static int[] chosen(int[] of, int[] places) {
        return Arrays.stream(places).map(place -> of[place]).toArray();
    }

    private BatchSource shuffled(int[] rows, RandomKey order) {
        return DataLoader.of(rows(rows), config -> config.batchSize(batchSize).shuffle(order));
    }

    private BatchSource inOrder(int[] rows) {
        return DataLoader.of(rows(rows), config -> config.batchSize(256));
    }

    private TensorDataset rows(int[] rows) {
        float[] inputs = new float[rows.length * PIXELS];
        long[] targets = new long[rows.length];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(pixels, rows[i] * PIXELS, inputs, i * PIXELS, PIXELS);
            targets[i] = labels[rows[i]];
        }
        return TensorDataset.of(
                Tensor.of(inputs, Shape.of(rows.length, PIXELS)), Tensor.of(targets));
    }

    /// {@return what a resumed run must have in common with the saved one}
    @Override
    public Fields stateDict() {
        return Fields.empty()
                .with("rows", labels.length)
                .with("content", Arrays.hashCode(pixels) * 31L + Arrays.hashCode(labels))
                .with("batch_size", batchSize)
                .with("key", key.key());
    }

    @Override
    public void loadStateDict(Fields saved) {
        var now = stateDict();
        if (!now.equals(saved)) {
            throw new IllegalArgumentException(
                    "the run was saved with the data %s, it is to go on with %s; give the same --data, --batch-size and --seed"
                            .formatted(saved, now));
        }
    }
}
