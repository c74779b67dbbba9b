package tensor.data;

import java.util.OptionalInt;
import tensor.api.TensorScope;

/// One source of a combined one, on its way through an epoch: begun again as often as need be.
final class CombinedLane implements AutoCloseable {
    private static final long ROUND = 1L << 32;

    private final String name;
    private final BatchSource source;
    private final long epoch;

    /// How often it has been begun again.
    private long round;

    /// How many batches it had when it ended for the first time; −1 before.
    private long firstCount = -1;

    private BatchCursor cursor;

    /// Enters the epoch at a position of the whole.
    ///
    /// @param repeats whether it begins again after its end
    CombinedLane(String name, BatchSource source, long epoch, boolean repeats, long position) {
        this.name = name;
        this.source = source;
        this.epoch = epoch;
        OptionalInt count = source.batchCount();
        if (!repeats || (count.isPresent() && position <= count.getAsInt())) {
            this.cursor = source.open(epoch, position);
        } else if (count.isPresent()) {
            checkNotEmpty(count.getAsInt());
            this.firstCount = count.getAsInt();
            this.round = position / firstCount;
            this.cursor = source.open(roundEpoch(), position % firstCount);
        } else {
            this.cursor = source.open(epoch, 0);
            walk(position);
        }
    }

    private void walk(long batches) {
        try {
            for (long i = 0; i < batches; i++) {
                TensorScope.run("skipped batch", this::next);
            }
        } catch (RuntimeException | Error e) {
            cursor.close();
            throw e;
        }
    }

    String name() {
        return name;
    }

    boolean hasNext() {
        return cursor.hasNext();
    }

    /// {@return whether it has not been begun again}
    boolean inFirstRound() {
        return round == 0;
    }

    long firstCount() {
        return firstCount;
    }

    /// {@return the next batch, if need be the first of a new round}
    Batch next() {
        if (!cursor.hasNext()) {
            long count = cursor.position();
            checkNotEmpty(count);
            if (round == 0) {
                firstCount = count;
            }
            BatchCursor again = source.open(epoch + (round + 1) * ROUND, 0);
            cursor.close();
            cursor = again;
            round++;
            checkNotEmpty(cursor.hasNext() ? 1 : 0);
        }
        return cursor.next();
    }

    /// Takes the last batch back, so that it comes again.
    void back() {
        long position = cursor.position() - 1;
        cursor.close();
        cursor = source.open(roundEpoch(), position);
    }

    @Override
    public void close() {
        cursor.close();
    }

    private long roundEpoch() {
        return epoch + round * ROUND;
    }

    private void checkNotEmpty(long count) {
        if (count == 0) {
            throw new IllegalStateException(
                    "CombinedSource: '%s' has no batches in its epoch %d, so it cannot begin again; leave it out, or use MIN_SIZE"
                            .formatted(name, roundEpoch()));
        }
    }
}
