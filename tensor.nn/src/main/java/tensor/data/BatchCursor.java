package tensor.data;

import java.util.NoSuchElementException;

/// A place in an epoch, moved on by taking batches.
///
/// **Ownership.** The tensors of a batch belong to the [tensor.api.TensorScope] in which [#next] is called.
/// **Threads.** Used by one thread at a time.
public interface BatchCursor extends AutoCloseable {
    /// {@return whether the epoch has a further batch}
    boolean hasNext();

    /// {@return the next batch}
    ///
    /// @throws NoSuchElementException if the epoch has no further one
    /// @throws DataLoaderException if the data set failed to make it; the cursor stays where it is, and a further call
    ///     tries again
    /// @throws IllegalStateException if the cursor is closed
    Batch next();

    /// {@return how many batches of the epoch have been consumed}
    long position();

    /// Ends all work on further batches; returns when it has ended. A second call changes nothing.
    @Override
    void close();
}
