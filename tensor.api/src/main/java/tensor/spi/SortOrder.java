package tensor.spi;

/// Which way elements are sorted. NaN counts as greater than all numbers, zeros of both signs as equal.
public enum SortOrder {
    /// The least first, NaN last.
    ASCENDING,
    /// NaN first, then the greatest.
    DESCENDING
}
