package bench;

import java.util.Optional;
import java.util.function.Supplier;

/// The other sides, made by a library that may not be there.
final class Peers {
    private final String library;
    private boolean isMissing;

    /// @param library its name
    Peers(String library) {
        this.library = library;
    }

    /// {@return the peer; nothing where its library is not there, which is said once on the error output}
    ///
    /// @param peer makes it
    Optional<Side> of(Supplier<Side> peer) {
        if (isMissing) {
            return Optional.empty();
        }
        try {
            return Optional.of(peer.get());
        } catch (LinkageError e) { // all that a missing or foreign native library may give
            isMissing = true;
            System.err.printf("bench: without %s, ours alone: %s%n", library, e.getMessage());
            return Optional.empty();
        }
    }
}
