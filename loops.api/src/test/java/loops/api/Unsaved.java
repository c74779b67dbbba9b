package loops.api;

import java.util.Optional;

/// Steps whose output cannot be saved.
class Unsaved extends Steps {
    Unsaved(String name, int limit) {
        super(name, limit);
    }

    @Override
    protected Optional<Codec<String>> outputCodec() {
        return Optional.empty();
    }
}
