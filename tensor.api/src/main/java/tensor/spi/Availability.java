package tensor.spi;

/// Whether a backend can work on this machine, and why not.
public sealed interface Availability {

    /// It can.
    record Available() implements Availability {}

    /// It cannot.
    ///
    /// @param reason what is missing and what to do, one line:
    ///     `libcuda.so.1 not found; install the NVIDIA driver`
    record Unavailable(String reason) implements Availability {}
}
