package tensor.data;

/// Makes each batch when it is asked for, on the caller's thread.
final class InPlaceCursor implements BatchCursor {
    private final EpochBatches batches;
    private int position;
    private boolean closed;

    InPlaceCursor(EpochBatches batches, int position) {
        this.batches = batches;
        this.position = position;
    }

    @Override
    public boolean hasNext() {
        return position < batches.count();
    }

    @Override
    public Batch next() {
        batches.check(position, closed);
        Batch batch = batches.make(position);
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
