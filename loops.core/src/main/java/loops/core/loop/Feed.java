package loops.core.loop;

import java.util.OptionalInt;
import loops.core.training.LoaderRun;
import org.jspecify.annotations.Nullable;
import tensor.api.Device;
import tensor.data.Batch;
import tensor.data.BatchCursor;
import tensor.data.BatchSource;

/// The batches of one epoch by number, each as often as it is asked for while it is the current one.
///
/// It starts wherever it is first asked, so that a resumed loop gets the batch that it was working on.
final class Feed implements AutoCloseable {
    /// The length of an epoch that only the source knows.
    static final long UNKNOWN = -1;

    private final BatchSource source;
    private final long epoch;
    private final OptionalInt limit;
    private @Nullable BatchCursor cursor;
    private @Nullable Batch current;
    private int currentIndex = -1;

    /// @param limit after how many batches the epoch ends; empty if only the source knows
    Feed(BatchSource source, long epoch, OptionalInt limit) {
        this.source = source;
        this.epoch = epoch;
        this.limit = limit;
    }

    /// {@return the batches of one data loader}
    static Feed of(LoaderRun run) {
        return new Feed(run.source(), run.evaluation().epoch(), run.batchCount());
    }

    /// {@return how many batches an epoch has, as a part of a state}
    static long length(OptionalInt batches) {
        return batches.isPresent() ? batches.getAsInt() : UNKNOWN;
    }

    /// {@return such a length, for people}
    static String words(long length) {
        return length == UNKNOWN ? "an unknown number of" : String.valueOf(length);
    }

    /// {@return whether there is a batch of that number}
    boolean has(int index) {
        if (limit.isPresent() && index >= limit.getAsInt()) {
            return false;
        }
        boolean counted = limit.isPresent() && source.batchCount().isPresent();
        return counted || cursorAt(index).hasNext();
    }

    /// {@return whether the source has no batch after that number, whatever the limit}
    boolean endsWith(int index) {
        var count = source.batchCount();
        return count.isPresent() ? index + 1 >= count.getAsInt() : !cursorAfter(index).hasNext();
    }

    /// {@return the batch of that number, on the current device}
    Batch at(int index) {
        var batch = current;
        if (batch == null || currentIndex != index) {
            batch = cursorAt(index).next().to(Device.current());
            current = batch;
            currentIndex = index;
        }
        return batch;
    }

    private BatchCursor cursorAfter(int index) {
        at(index);
        return cursorAt(index + 1);
    }

    private BatchCursor cursorAt(int index) {
        var open = cursor;
        if (open == null || open.position() != index) {
            close();
            open = source.open(epoch, index);
            cursor = open;
        }
        return open;
    }

    @Override
    public void close() {
        if (cursor != null) {
            cursor.close();
            cursor = null;
        }
        current = null;
    }
}
