package examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.stream.IntStream;
import loops.api.LoopState.Fields;
import loops.recipes.NegativeSource;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.data.TensorDataset;
import tensor.io.CsvFile;
import tensor.layout.Shape;

/// How users like items.
///
/// @param users how many users there are
/// @param items how many items there are
/// @param user of each rating, from 0
/// @param item of each rating, from 0
/// @param value of each rating
@SuppressWarnings("ArrayRecordComponent") // it is never compared
record Ratings(int users, int items, long[] user, long[] item, float[] value) {
    /// The deviation of what is made up from what a model could know.
    static final double NOISE = 0.5;

    static final String RATING = "rating";

    private static final int RANK = 3;

    /// {@return made-up ratings: two of three pairs, of rank 3 with a mean and biases, and noise}
    static Ratings generated(int users, int items, RandomKey key) {
        var tastes = Tensor.normal(key.fold("tastes"), Shape.of(users, RANK));
        var kinds = Tensor.normal(key.fold("kinds"), Shape.of(items, RANK)).mul(0.6);
        var shape = Shape.of(users, items);
        float[] all =
                tastes.matMul(kinds.t())
                        .add(Tensor.normal(key.fold("users"), Shape.of(users, 1)).mul(0.4))
                        .add(Tensor.normal(key.fold("items"), Shape.of(1, items)).mul(0.4))
                        .add(Tensor.normal(key.fold("noise"), shape).mul(NOISE))
                        .add(3)
                        .toFloats();
        int[] given = Arrays.copyOf(key.fold("given").permutation(all.length), all.length * 2 / 3);
        long[] user = IntStream.of(given).mapToLong(i -> i / items).toArray();
        long[] item = IntStream.of(given).mapToLong(i -> i % items).toArray();
        float[] value = new float[given.length];
        for (int i = 0; i < given.length; i++) {
            value[i] = all[given[i]];
        }
        return new Ratings(users, items, user, item, value);
    }

    /// {@return the ratings of a file as `u.data` of MovieLens-100k: user, item, rating, time, with tabs between}
    ///
    /// @throws IOException if it cannot be read, or numbers users or items from below 1
    static Ratings read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("--data: '%s' is no file; name one like u.data".formatted(file));
        }
        var table = CsvFile.read(file, config -> config.separator('\t'));
        if (table.columns() < 3) {
            throw new IOException(
                    "%s: has %d columns; a rating is a user, an item and a number, with tabs between"
                            .formatted(file, table.columns()));
        }
        long[] user = fromZero(file, table, 0);
        long[] item = fromZero(file, table, 1);
        requireOnce(file, table, user, item);
        return new Ratings(count(user), count(item), user, item, table.floats(2, 3));
    }

    private static void requireOnce(Path file, CsvFile table, long[] user, long[] item)
            throws IOException {
        var pairs = new HashSet<Long>();
        for (int row = 0; row < user.length; row++) {
            if (!pairs.add(user[row] * user.length + item[row])) {
                throw new IOException(
                        "%s, line %d: the user has rated this item before; give each rating once"
                                .formatted(file, table.line(row)));
            }
        }
    }

    /// Numbers in the order of what the file calls users or items; there may be gaps between those.
    private static long[] fromZero(Path file, CsvFile table, int column) throws IOException {
        long[] numbers = table.integers(column);
        for (int row = 0; row < numbers.length; row++) {
            if (numbers[row] < 1) {
                throw new IOException(
                        "%s, line %d, column %d: the number is %d; users and items count from 1"
                                .formatted(file, table.line(row), column + 1, numbers[row]));
            }
        }
        long[] known = Arrays.stream(numbers).distinct().sorted().toArray();
        return Arrays.stream(numbers).map(id -> Arrays.binarySearch(known, id)).toArray();
    }

    private static int count(long[] numbers) {
        return Math.toIntExact(Arrays.stream(numbers).max().orElse(-1) + 1);
    }

    int size() {
        return value.length;
    }

    /// {@return some of them, as samples}
    TensorDataset rows(int... rows) {
        var tensors = new LinkedHashMap<String, Tensor>();
        tensors.put(NegativeSource.USER, Tensor.of(chosen(user, rows)));
        tensors.put(NegativeSource.ITEM, Tensor.of(chosen(item, rows)));
        float[] values = new float[rows.length];
        for (int i = 0; i < rows.length; i++) {
            values[i] = value[rows[i]];
        }
        tensors.put(RATING, Tensor.of(values));
        return TensorDataset.of(Batch.of(tensors));
    }

    private static long[] chosen(long[] of, int... rows) {
        return IntStream.of(rows).mapToLong(row -> of[row]).toArray();
    }

    /// {@return what tells these ratings from others}
    Fields stateDict() {
        long content = Arrays.hashCode(user) * 31L + Arrays.hashCode(item);
        return Fields.empty()
                .with("ratings", size())
                .with("content", content * 31 + Arrays.hashCode(value));
    }
}
