package conformance.kit;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import tensor.data.Dataset;

/// Numbers that are counted as they are asked for.
///
/// **Threads.** Asked for by the workers of a loader, counted by the one that trains.
public final class CountedDataset implements Dataset<Long> {
    private static final long PATIENCE_SECONDS = 20;

    private final List<Long> numbers;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private int asked;

    /// Numbers of which none has been asked for.
    ///
    /// @param numbers the samples
    public CountedDataset(List<Long> numbers) {
        this.numbers = List.copyOf(numbers);
    }

    @Override
    public int size() {
        return numbers.size();
    }

    @Override
    public Long get(int index) {
        lock.lock();
        try {
            asked++;
            more.signalAll();
        } finally {
            lock.unlock();
        }
        return numbers.get(index);
    }

    /// Counts from 0 again.
    public void restart() {
        lock.lock();
        try {
            asked = 0;
        } finally {
            lock.unlock();
        }
    }

    /// {@return how many have been asked for, once it is so many; after a while without them, how many it is}
    ///
    /// @param wanted how many the loader should ask for by now
    public int asked(int wanted) {
        lock.lock();
        try {
            long left = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (asked < wanted && left > 0) {
                left = more.awaitNanos(left);
            }
            return asked;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return asked;
        } finally {
            lock.unlock();
        }
    }
}
