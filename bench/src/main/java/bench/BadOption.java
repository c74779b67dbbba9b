package bench;

/// What is asked for on the command line cannot be done; says why and what can.
final class BadOption extends RuntimeException {
    private static final long serialVersionUID = 1;

    BadOption(String message, Throwable cause) {
        super(message, cause);
    }
}
