package loops.recipes;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalInt;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.data.BatchCursor;
import tensor.data.BatchSource;

/// Pairs of users and items, each with an item drawn that the user is not known to like: what a ranking is learned from.
///
/// It adds a tensor [#NEGATIVE] to each batch of another source. What is drawn is a pure function of the key, the epoch, the batch
/// and the place in it, so a run that is gone on with sees the same, and any place is reached without drawing what comes before.
///
/// @param pairs batches with the tensors [#USER] and [#ITEM], int64 `[pairs]`
/// @param liked of each user the items that are never drawn
/// @param items how many items there are
/// @param key where all draws come from
public record NegativeSource(BatchSource pairs, List<BitSet> liked, int items, RandomKey key)
        implements BatchSource {
    /// The numbers of users, from 0.
    public static final String USER = "user";

    /// The numbers of items, from 0.
    public static final String ITEM = "item";

    /// The numbers of items that were drawn.
    public static final String NEGATIVE = "negative";

    /// Copies the list.
    ///
    /// @throws IllegalArgumentException if a user likes all items, so that there is none to draw
    public NegativeSource {
        liked = List.copyOf(liked);
        for (int user = 0; user < liked.size(); user++) {
            if (liked.get(user).nextClearBit(0) >= items) {
                throw new IllegalArgumentException(
                        "NegativeSource: user %d likes all %d items, so there is none to draw; leave the user out"
                                .formatted(user, items));
            }
        }
    }

    @Override
    public OptionalInt batchCount() {
        return pairs.batchCount();
    }

    @Override
    public BatchCursor open(long epoch, long position) {
        return new Cursor(pairs.open(epoch, position), key.fold(epoch));
    }

    private int draw(RandomKey of, int user) {
        int item = 0;
        boolean found = false;
        for (int attempt = 0; !found; attempt++) {
            item = of.below(attempt, items);
            found = !liked.get(user).get(item);
        }
        return item;
    }

    /// A place in an epoch of the pairs.
    private final class Cursor implements BatchCursor {
        private final BatchCursor cursor;
        private final RandomKey ofEpoch;

        Cursor(BatchCursor cursor, RandomKey ofEpoch) {
            this.cursor = cursor;
            this.ofEpoch = ofEpoch;
        }

        @Override
        public boolean hasNext() {
            return cursor.hasNext();
        }

        @Override
        public Batch next() {
            var ofBatch = ofEpoch.fold(cursor.position());
            var batch = cursor.next();
            long[] users = batch.get(USER).toLongs();
            long[] negatives = new long[users.length];
            for (int i = 0; i < users.length; i++) {
                negatives[i] = draw(ofBatch.fold(i), Math.toIntExact(users[i]));
            }
            var tensors = new LinkedHashMap<>(batch.tensors());
            tensors.put(NEGATIVE, Tensor.of(negatives));
            return Batch.of(tensors);
        }

        @Override
        public long position() {
            return cursor.position();
        }

        @Override
        public void close() {
            cursor.close();
        }
    }
}
