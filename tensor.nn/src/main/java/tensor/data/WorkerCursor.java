package tensor.data;

import java.util.ArrayDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import tensor.api.Device;
import tensor.api.TensorScope;

/// Has batches made by worker threads and hands them out in order.
///
/// At most `max(1, prefetch)` batches are in work or waiting, so memory is bounded. Workers are never interrupted,
/// because an interrupt closes a file that is being read; they end with the batch that they are making. A worker
/// without work ends after a moment, so a cursor that nobody closes leaves no thread behind either.
final class WorkerCursor implements BatchCursor {
    private static final long IDLE_MILLIS = 100;

    private final EpochBatches batches;
    private final int prefetch;
    private final Device device = Device.current();
    private final ThreadPoolExecutor workers;

    /// The batches from `position` on that have been handed to the workers.
    private final ArrayDeque<Future<Batch>> ahead = new ArrayDeque<>();

    private int position;

    WorkerCursor(EpochBatches batches, int position, int prefetch, int workerCount) {
        this.batches = batches;
        this.position = position;
        this.prefetch = prefetch;
        this.workers =
                new ThreadPoolExecutor(
                        workerCount,
                        workerCount,
                        IDLE_MILLIS,
                        TimeUnit.MILLISECONDS,
                        new LinkedBlockingQueue<>(),
                        Thread.ofVirtual().name("data-loader-", 0).factory());
        workers.allowCoreThreadTimeOut(true);
        workAhead(prefetch);
    }

    @Override
    public boolean hasNext() {
        return position < batches.count();
    }

    @Override
    public Batch next() {
        batches.check(position, workers.isShutdown());
        workAhead(Math.max(1, prefetch));
        Batch batch = await(ahead.getFirst());
        ahead.removeFirst();
        position++;
        workAhead(prefetch);
        batch.tensors().values().forEach(TensorScope::give);
        return batch;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public void close() {
        dropAhead();
        workers.close();
    }

    private void workAhead(int depth) {
        while (ahead.size() < depth && position + ahead.size() < batches.count()) {
            int batchIndex = position + ahead.size();
            ahead.addLast(workers.submit(() -> device.with(() -> batches.make(batchIndex))));
        }
    }

    private Batch await(Future<Batch> batch) {
        try {
            return batch.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(
                    "DataLoader: interrupted while waiting for batch %d of epoch %d"
                            .formatted(position, batches.epoch()),
                    e);
        } catch (ExecutionException e) {
            dropAhead(); // the next call starts anew from here
            switch (e.getCause()) {
                case DataLoaderException ofDataset -> throw ofDataset.here();
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }

    private void dropAhead() {
        ahead.forEach(batch -> batch.cancel(false));
        ahead.clear();
    }
}
