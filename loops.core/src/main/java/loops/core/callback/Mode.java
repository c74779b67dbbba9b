package loops.core.callback;

/// Which values of a monitored metric are the better ones.
public enum Mode {
    /// Small values are better, as of a loss.
    MIN,
    /// Large values are better, as of an accuracy.
    MAX;

    /// {@return whether a value is better than another} NaN is not better than anything.
    ///
    /// @param value a value
    /// @param than the other
    public boolean better(double value, double than) {
        return this == MIN ? value < than : value > than;
    }

    /// {@return the infinity that every number is better than}
    public double worst() {
        return this == MIN ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    }
}
