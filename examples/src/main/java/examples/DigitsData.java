package examples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import loops.api.LoopState.Fields;
import loops.core.training.DataModule;
import loops.recipes.FoldData;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import tensor.api.RandomKey;
import tensor.data.BatchSource;
import tensor.data.DataLoader;
import tensor.data.Split;
import tensor.data.Splits;

/// Handwritten digits in folds.
///
/// A stratified tenth is held out for the test; the folds, stratified too, are made of the rest. All is a pure function of
/// the file, the batch size and the key, so a resumed run sees the same batches.
final class DigitsData implements FoldData {
    private static final double TEST_PART = 0.1;

    private final Digits digits;
    private final Split test;
    private final int batchSize;
    private final RandomKey key;

    private DigitsData(Digits digits, int batchSize, RandomKey key) {
        this.digits = digits;
        this.batchSize = batchSize;
        this.key = key;
        this.test = Splits.stratifiedHoldOut(digits.labels(), TEST_PART, key.fold("test"));
    }

    /// {@return the digits of a file, or those that come with the examples}
    static DigitsData read(Optional<Path> file, int batchSize, RandomKey key) throws IOException {
        var digits = file.isPresent() ? Digits.read(file.get()) : Digits.included();
        return new DigitsData(digits, batchSize, key);
    }

    /// {@return the digits that a command's options choose, if they are enough for the folds}
    static DigitsData of(KFoldOptions options, CommandSpec spec) throws IOException {
        var key = RandomKey.of(options.seed).fold("data");
        var data = read(options.data(), options.batchSize, key);
        if (data.mostFolds() < 2) {
            throw new IOException(
                    "%s: a class has fewer than 2 members to learn from, too few for folds; give more digits"
                            .formatted(options.data().orElseThrow()));
        }
        if (options.folds() > data.mostFolds()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--folds: is '%d'; the rarest class has %d members to learn from, use at most that"
                            .formatted(options.folds(), data.mostFolds()));
        }
        return data;
    }

    /// {@return the most folds that each class has a member for}
    private int mostFolds() {
        int[] members = new int[Digits.CLASSES];
        for (int index : test.train()) {
            members[(int) digits.labels()[index]]++;
        }
        return Arrays.stream(members).filter(count -> count > 0).min().orElse(0);
    }

    @Override
    public DataModule fold(int index, int folds) {
        int[] rest = test.train();
        long[] classes = Arrays.stream(rest).mapToLong(i -> digits.labels()[i]).toArray();
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
        return DataLoader.of(
                digits.rows(rows), config -> config.batchSize(batchSize).shuffle(order));
    }

    private BatchSource inOrder(int[] rows) {
        return DataLoader.of(digits.rows(rows), config -> config.batchSize(256));
    }

    /// {@return what a resumed run must have in common with the saved one}
    @Override
    public Fields stateDict() {
        return digits.stateDict().with("batch_size", batchSize).with("key", key.key());
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
