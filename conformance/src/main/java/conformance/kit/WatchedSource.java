package conformance.kit;

import java.util.OptionalInt;
import tensor.data.BatchCursor;
import tensor.data.BatchSource;

/// A source that says when it is opened, and may keep to itself how many batches it has.
///
/// @param inner where the batches come from
/// @param sized whether it says how many there are
/// @param opened told of every opening, before it
public record WatchedSource(BatchSource inner, boolean sized, Runnable opened)
        implements BatchSource {
    @Override
    public OptionalInt batchCount() {
        return sized ? inner.batchCount() : OptionalInt.empty();
    }

    @Override
    public BatchCursor open(long epoch, long position) {
        opened.run();
        return inner.open(epoch, position);
    }
}
