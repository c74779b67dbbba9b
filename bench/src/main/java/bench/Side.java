package bench;

/// One of two sides that do the same work: ours, or a peer's.
public interface Side {
    /// Does the work once.
    ///
    /// @return a number on which both sides must agree: the loss of a training step, an element of a product
    double run();
}
