package tensor.data;

import java.util.Arrays;
import java.util.NoSuchElementException;
import tensor.api.Tensor;

/// The batches of one epoch, each reached by its index.
final class EpochBatches {
    private final BatchMaker maker;
    private final long epoch;
    private final int[] order;
    private final int batchSize;
    private final int count;

    /// Takes the order as it is, without a copy.
    ///
    /// @param order the indices that the epoch draws, in order
    /// @param count how many batches it has
    EpochBatches(BatchMaker maker, long epoch, int[] order, int batchSize, int count) {
        this.maker = maker;
        this.epoch = epoch;
        this.order = order;
        this.batchSize = batchSize;
        this.count = count;
    }

    long epoch() {
        return epoch;
    }

    int count() {
        return count;
    }

    Batch make(int batchIndex) {
        int from = batchIndex * batchSize;
        int to = Math.min(order.length, from + batchSize);
        int[] indices = Arrays.copyOfRange(order, from, to);
        return Tensor.noGrad(() -> maker.make(epoch, batchIndex, indices).indexed(indices));
    }

    void check(int batchIndex, boolean closed) {
        if (closed) {
            throw new IllegalStateException(
                    "DataLoader: the cursor is closed; open another at position " + batchIndex);
        }
        if (batchIndex >= count) {
            throw new NoSuchElementException(
                    "DataLoader: epoch %d has %d batches and all are consumed"
                            .formatted(epoch, count));
        }
    }
}
