package loops.core.logger;

import java.util.List;
import java.util.Set;
import loops.api.LoopState.Fields;

/// The keys that a state needs to have.
final class StateKeys {
    private StateKeys() {}

    /// Checks that a state has these keys and no other.
    ///
    /// @throws IllegalArgumentException if one is missing or unknown
    static void require(String owner, Fields state, String... keys) {
        if (!state.entries().keySet().equals(Set.of(keys))) {
            throw new IllegalArgumentException(
                    "%s: the state has the keys %s, needs %s; load a state that this class gave"
                            .formatted(owner, state.entries().keySet(), List.of(keys)));
        }
    }
}
