package loops.api;

import java.util.ArrayList;
import java.util.List;

/// A load in two steps: first everything is read and checked, then everything changes, or nothing.
final class Staging {
    private final List<String> missing = new ArrayList<>();
    private final List<String> unknown = new ArrayList<>();
    private final List<Runnable> changes = new ArrayList<>();

    void missing(String path) {
        missing.add(path);
    }

    void unknown(String path) {
        unknown.add(path);
    }

    void onCommit(Runnable change) {
        changes.add(change);
    }

    void commit(String where) {
        if (!missing.isEmpty() || !unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "loadStateDict: the state does not fit the loop '%s': missing %s, unknown %s; load it into the tree of loops that saved it"
                            .formatted(where, missing, unknown));
        }
        changes.forEach(Runnable::run);
    }
}
