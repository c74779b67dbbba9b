package conformance.check;

/// What user code throws in a case. It has to surface as it is.
public final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String kind;

    /// An error of a kind of the original.
    ///
    /// @param kind the original's name of the error
    /// @param message its message
    public UserError(String kind, String message) {
        super(message);
        this.kind = kind;
    }

    /// {@return the original's name of the error}
    public String kind() {
        return kind;
    }
}
