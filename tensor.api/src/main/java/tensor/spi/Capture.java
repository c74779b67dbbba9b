package tensor.spi;

/// What a backend was asked for once, to be done again as a whole, see [Backend#capture].
///
/// **Threads.** One thread at a time.
public interface Capture extends AutoCloseable {

    /// Starts all of it again, in its order and in the memory of the first time, behind what was called before.
    ///
    /// @throws IndexOutOfBoundsException if a position was outside of its axis
    /// @throws ArithmeticException if a whole number was divided by 0
    void replay();

    /// Gives back the memory, which may be used again at once.
    @Override
    void close();
}
