package conformance.kit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What several runs have in common, where a case expects the same of all.
public final class Same {
    private Same() {}

    /// {@return the one value that all have, or the list of all if some differ}
    ///
    /// @param values what was seen of each, at least one
    public static @Nullable Object of(List<? extends @Nullable Object> values) {
        return values.stream().distinct().count() == 1 ? values.getFirst() : values;
    }
}
