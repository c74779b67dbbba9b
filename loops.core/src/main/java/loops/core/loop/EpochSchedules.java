package loops.core.loop;

import loops.core.training.EpochRun;

/// A loop over an epoch that moves schedulers, and is asked once more when the metrics of the epoch are there.
public interface EpochSchedules {
    /// Moves the schedulers of epochs that look at a metric.
    ///
    /// @param epoch the epoch that has ended
    void moveMonitoredSchedulers(EpochRun epoch);
}
