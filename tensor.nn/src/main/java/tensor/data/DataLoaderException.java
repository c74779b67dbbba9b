package tensor.data;

import java.io.Serial;

/// Says which batch could not be made; the cause is what the data set threw.
public final class DataLoaderException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    private final long epoch;
    private final int batchIndex;
    private final String place;
    private final Throwable thrown;

    DataLoaderException(long epoch, int batchIndex, String place, Throwable cause) {
        super(
                "DataLoader: batch %d of epoch %d%s: %s".formatted(batchIndex, epoch, place, cause),
                cause);
        this.epoch = epoch;
        this.batchIndex = batchIndex;
        this.place = place;
        this.thrown = cause;
    }

    /// {@return the same fault with the stack of the calling thread instead of the worker's}
    DataLoaderException here() {
        return new DataLoaderException(epoch, batchIndex, place, thrown);
    }

    /// {@return the epoch, from 0}
    public long epoch() {
        return epoch;
    }

    /// {@return the index of the batch in its epoch, from 0}
    public int batchIndex() {
        return batchIndex;
    }
}
