package conformance.check;

import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import loops.core.training.Interruption;

/// What the original's kinds of errors are here. This is the only table of them.
public final class ErrorKinds {
    private static final Map<String, List<Class<? extends Throwable>>> KINDS =
            Map.of(
                    "MisconfigurationException",
                            List.of(IllegalArgumentException.class, IllegalStateException.class),
                    "ValueError",
                            List.of(IllegalArgumentException.class, IllegalStateException.class),
                    "TypeError", List.of(IllegalArgumentException.class, ClassCastException.class),
                    "AttributeError",
                            List.of(IllegalArgumentException.class, IllegalStateException.class),
                    "RuntimeError", List.of(IllegalStateException.class),
                    "NotImplementedError", List.of(UnsupportedOperationException.class),
                    "FileNotFoundError",
                            List.of(NoSuchFileException.class, IllegalArgumentException.class),
                    "KeyboardInterrupt", List.of(Interruption.class),
                    "StopIteration", List.of(NoSuchElementException.class));

    private ErrorKinds() {}

    /// {@return whether what was thrown is of a kind of the original}
    ///
    /// An error that a case throws from user code is of the kind that it was made with, and no other.
    ///
    /// @param kind the original's name
    /// @param thrown what was thrown here
    public static boolean matches(String kind, Throwable thrown) {
        if (thrown instanceof UserError user) {
            return user.kind().equals(kind);
        }
        return KINDS.getOrDefault(kind, List.of()).stream()
                .anyMatch(each -> each.isInstance(thrown));
    }
}
