package examples;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import loops.recipes.NegativeSource;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.data.BatchSource;
import tensor.data.DataLoader;
import tensor.data.Dataset;

/// Ratings in the order in which [AlternatingFactors] solve for what they tell: all of them for the mean, those of some users
/// together for their factors, and those of some items for theirs.
///
/// A block is a combined batch, whose first part says what is solved for. It is made when it is asked for.
///
/// @param all makes each of them
record RatingBlocks(List<Supplier<Batch>> all) implements Dataset<Supplier<Batch>> {
    static final String MEAN = "mean";
    static final String USERS = "users";
    static final String ITEMS = "items";

    /// The part with the ratings of users or items.
    static final String RATINGS = "ratings";

    /// Of each rating the row of the other side, and the place of its own row in the block.
    static final String OTHER = "other";

    static final String PLACE = "place";

    private static final int ROWS = 50;

    /// {@return the blocks of some ratings}
    static BatchSource of(Ratings all, int... rows) {
        var ratings = all.rows(rows).all();
        var blocks = new ArrayList<Supplier<Batch>>();
        blocks.add(() -> combined(MEAN, all.rows(rows).all()));
        long[] user = ratings.get(NegativeSource.USER).toLongs();
        long[] item = ratings.get(NegativeSource.ITEM).toLongs();
        float[] value = ratings.get(Ratings.RATING).toFloats();
        addSide(blocks, USERS, user, item, value);
        addSide(blocks, ITEMS, item, user, value);
        return DataLoader.of(
                new RatingBlocks(List.copyOf(blocks)),
                block -> block.getFirst().get(),
                config -> config.batchSize(1));
    }

    private static void addSide(
            List<Supplier<Batch>> blocks, String side, long[] own, long[] other, float[] value) {
        int[] order =
                IntStream.range(0, own.length)
                        .boxed()
                        .sorted((a, b) -> Long.compare(own[a], own[b]))
                        .mapToInt(i -> i)
                        .toArray();
        long[] present = Arrays.stream(own).distinct().sorted().toArray();
        int from = 0;
        for (int first = 0; first < present.length; first += ROWS) {
            long[] rows =
                    Arrays.copyOfRange(present, first, Math.min(first + ROWS, present.length));
            int to = from;
            while (to < order.length && own[order[to]] <= rows[rows.length - 1]) {
                to++;
            }
            int[] ratings = Arrays.copyOfRange(order, from, to);
            blocks.add(() -> block(side, rows, ratings, own, other, value));
            from = to;
        }
    }

    @Override
    public int size() {
        return all.size();
    }

    @Override
    public Supplier<Batch> get(int index) {
        return all.get(index);
    }

    private static Batch block(
            String side, long[] rows, int[] ratings, long[] own, long[] other, float[] value) {
        var tensors = new LinkedHashMap<String, Tensor>();
        float[] values = new float[ratings.length];
        for (int i = 0; i < ratings.length; i++) {
            values[i] = value[ratings[i]];
        }
        tensors.put(Ratings.RATING, Tensor.of(values));
        tensors.put(OTHER, Tensor.of(IntStream.of(ratings).mapToLong(i -> other[i]).toArray()));
        tensors.put(
                PLACE,
                Tensor.of(
                        IntStream.of(ratings)
                                .mapToLong(i -> Arrays.binarySearch(rows, own[i]))
                                .toArray()));
        var parts = new LinkedHashMap<String, Batch>();
        parts.put(side, Batch.of(Tensor.of(rows)));
        parts.put(RATINGS, Batch.of(tensors));
        return Batch.combine(parts);
    }

    private static Batch combined(String name, Batch batch) {
        var parts = new LinkedHashMap<String, Batch>();
        parts.put(name, batch);
        return Batch.combine(parts);
    }
}
