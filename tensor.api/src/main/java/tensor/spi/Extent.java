package tensor.spi;

/// How many numbers a value of a [Program] is.
public enum Extent {
    /// One number, the same for all elements.
    ONE,

    /// One number for each row: a run of elements along the last axis.
    ROW,

    /// One number for each element.
    ALL
}
