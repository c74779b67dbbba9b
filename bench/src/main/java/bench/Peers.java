package bench;

import java.util.Optional;
import java.util.function.Supplier;

/// The other sides, which may not be there.
final class Peers {
    private Peers() {}

    /// {@return the peer, or nothing and a line on the error output where its library is not there}
    ///
    /// @param name of the library
    /// @param peer makes it
    static Optional<Side> of(String name, Supplier<Side> peer) {
        try {
            return Optional.of(peer.get());
        } catch (LinkageError e) { // all that a missing or foreign native library may give
            System.err.printf("bench: without %s, ours alone: %s%n", name, e.getMessage());
            return Optional.empty();
        }
    }
}
