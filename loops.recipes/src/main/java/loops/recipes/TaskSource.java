package loops.recipes;

import java.util.NoSuchElementException;
import java.util.OptionalInt;
import java.util.function.Function;
import tensor.api.RandomKey;
import tensor.data.Batch;
import tensor.data.BatchCursor;
import tensor.data.BatchSource;

/// Batches that are drawn, as of new tasks: each a pure function of the key, the epoch and its place, so any of them is reached
/// without drawing those before it.
///
/// @param batches how many an epoch has
/// @param key where all of them come from
/// @param draw makes a batch from a key of its own
public record TaskSource(int batches, RandomKey key, Function<RandomKey, Batch> draw)
        implements BatchSource {
    /// Checks the number.
    public TaskSource {
        if (batches < 0) {
            throw new IllegalArgumentException(
                    "TaskSource: batches is %d; use a number from 0".formatted(batches));
        }
    }

    @Override
    public OptionalInt batchCount() {
        return OptionalInt.of(batches);
    }

    @Override
    public BatchCursor open(long epoch, long position) {
        if (epoch < 0 || position < 0 || position > batches) {
            throw new IllegalArgumentException(
                    "TaskSource: epoch is %d and position %d; use an epoch from 0 and a position from 0 to %d"
                            .formatted(epoch, position, batches));
        }
        return new Cursor(epoch, position);
    }

    /// A place in an epoch.
    private final class Cursor implements BatchCursor {
        private final long epoch;
        private long position;
        private boolean closed;

        Cursor(long epoch, long position) {
            this.epoch = epoch;
            this.position = position;
        }

        @Override
        public boolean hasNext() {
            return position < batches;
        }

        @Override
        public Batch next() {
            if (closed) {
                throw new IllegalStateException("TaskSource: the cursor is closed; open another");
            }
            if (!hasNext()) {
                throw new NoSuchElementException(
                        "TaskSource: the epoch has %d batches, and all are drawn"
                                .formatted(batches));
            }
            Batch batch = draw.apply(key.fold(epoch).fold(position));
            position++;
            return batch;
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
