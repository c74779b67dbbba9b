package conformance.check;

/// Something in a case is not known to the interpreter of its area.
public final class NotUnderstoodException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// Says what is not known.
    ///
    /// @param message what is not known, and what would be
    public NotUnderstoodException(String message) {
        super(message);
    }
}
