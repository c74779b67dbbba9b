package loops.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/// What loops refuse to do.
final class Refusals {
    private Refusals() {}

    static void refused(String message, Runnable call) {
        var error = assertThrows(IllegalStateException.class, call::run);

        assertEquals(message, error.getMessage());
    }
}
