package bench;

import java.util.function.Consumer;
import tensor.api.TensorScope;
import tensor.data.Batch;
import tensor.data.BatchCursor;
import tensor.data.DataLoader;

/// How long an epoch took, and how long of that it waited for batches. Both count from when the first batch was there: before,
/// there was nothing that a loader could have used to work ahead.
///
/// @param millis how long the epoch took
/// @param waitedMillis how long of that a batch was asked for and not there yet
record LoadedEpoch(double millis, double waitedMillis) {
    /// {@return what an epoch takes}
    ///
    /// @param loader makes its batches, at least one
    /// @param number of the epoch, from 0
    /// @param train what is done with each batch
    static LoadedEpoch of(DataLoader loader, long number, Consumer<Batch> train) {
        var clock = new Clock();
        try (BatchCursor batches = loader.open(number, 0)) {
            TensorScope.run("batch", () -> train.accept(clock.first(batches)));
            while (batches.hasNext()) {
                TensorScope.run("batch", () -> train.accept(clock.next(batches)));
            }
        }
        return clock.stopped();
    }

    /// {@return the part of the epoch that was spent waiting, from 0 to 1}
    double waitedPart() {
        return waitedMillis / millis;
    }

    /// Takes the time of what it hands on.
    private static final class Clock {
        private long start;
        private long waited;

        Batch first(BatchCursor batches) {
            Batch batch = batches.next();
            start = System.nanoTime();
            return batch;
        }

        Batch next(BatchCursor batches) {
            long asked = System.nanoTime();
            Batch batch = batches.next();
            waited += System.nanoTime() - asked;
            return batch;
        }

        LoadedEpoch stopped() {
            return new LoadedEpoch((System.nanoTime() - start) / 1e6, waited / 1e6);
        }
    }
}
