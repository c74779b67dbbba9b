package loops.recipes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.data.DataLoader;
import tensor.data.TensorDataset;

class NegativeSourceTest {
    private static final int ITEMS = 6;

    /// Three users, of whom each likes the item of his number, and the first likes all but the last.
    private static NegativeSource source() {
        var tensors = new LinkedHashMap<String, Tensor>();
        tensors.put(
                NegativeSource.USER,
                Tensor.of(IntStream.range(0, 30).mapToLong(i -> i % 3).toArray()));
        tensors.put(
                NegativeSource.ITEM,
                Tensor.of(IntStream.range(0, 30).mapToLong(i -> i % 3).toArray()));
        return new NegativeSource(
                DataLoader.of(TensorDataset.of(Batch.of(tensors)), config -> config.batchSize(8)),
                List.of(likes(0, 1, 2, 3, 4), likes(1), likes(2)),
                ITEMS,
                RandomKey.of(4));
    }

    private static BitSet likes(int... items) {
        var liked = new BitSet();
        Arrays.stream(items).forEach(liked::set);
        return liked;
    }

    private static List<long[]> negatives(long epoch, long position) {
        var drawn = new ArrayList<long[]>();
        try (var batches = source().open(epoch, position)) {
            while (batches.hasNext()) {
                var batch = batches.next();
                assertEquals(
                        List.of("user", "item", "negative"), List.copyOf(batch.tensors().keySet()));
                drawn.add(batch.get(NegativeSource.NEGATIVE).toLongs());
            }
            assertEquals(4, batches.position());
        }
        return drawn;
    }

    @Test
    void whatAUserLikesIsNeverDrawn() {
        var all = negatives(0, 0).stream().flatMapToLong(Arrays::stream).toArray();

        assertEquals(30, all.length);
        for (int i = 0; i < all.length; i++) {
            assertFalse(source().liked().get(i % 3).get((int) all[i]), i + ": " + all[i]);
        }
    }

    @Test
    void aPlaceIsReachedWithoutDrawingWhatComesBefore() {
        var whole = negatives(1, 0);
        var rest = negatives(1, 2);

        assertEquals(4, source().batchCount().orElseThrow());
        assertArrayEquals(whole.get(2), rest.get(0));
        assertArrayEquals(whole.get(3), rest.get(1));
    }

    @Test
    void anotherEpochDrawsOthers() {
        assertFalse(Arrays.equals(negatives(0, 0).getFirst(), negatives(1, 0).getFirst()));
    }

    @Test
    void aUserWhoLikesEverythingIsRefused() {
        var source = source();
        var liked = List.of(likes(0), likes(0, 1, 2, 3, 4, 5));

        assertEquals(
                "NegativeSource: user 1 likes all 6 items, so there is none to draw; leave the user out",
                assertThrows(
                                IllegalArgumentException.class,
                                () ->
                                        new NegativeSource(
                                                source.pairs(), liked, ITEMS, source.key()))
                        .getMessage());
    }
}
