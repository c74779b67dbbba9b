package loops.core.training;

/// How the values of an epoch are made one.
public enum Reduce implements LogOption {
    /// The mean, each value weighted by the samples of its batch; what is meant if nothing is said.
    MEAN,
    /// The sum.
    SUM,
    /// The least.
    MIN,
    /// The greatest.
    MAX
}
