package loops.core.training;

/// Where a logged value goes.
public enum LogFlag implements LogOption {
    /// The value of each step is reported.
    ON_STEP,
    /// The values of an epoch are reduced to one, which is reported.
    ON_EPOCH,
    /// It is shown beside the progress bar.
    PROGRESS_BAR,
    /// It is not written by the loggers, only there to be monitored.
    NO_LOGGER,
    /// Its name is the same for all data loaders of an evaluation.
    SAME_NAME
}
