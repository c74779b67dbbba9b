package conformance.rule;

import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.json.Json.Items;
import java.util.Set;
import java.util.stream.Stream;

/// The keys that a set-up or an expectation may have, at every level.
///
/// `EarlyStopping/mode` is the key `mode` of what stands at `EarlyStopping`, and `EarlyStopping` is known with it. The elements
/// of a list stand at the place of the list. Below `values/*` the content is free.
///
/// @param paths the keys, each with those above it
record KnownKeys(Set<String> paths) {
    private static final String BELOW = "/";
    private static final String FREE = "/*";

    /// Copies the set.
    KnownKeys {
        paths = Set.copyOf(paths);
    }

    /// {@return the keys that are not known, each with those above it}
    ///
    /// @param said a set-up or an expectation
    Stream<String> unknown(Fields said) {
        return unknown("", said);
    }

    /// @param above where it stands; empty, or ends with `/`
    private Stream<String> unknown(String above, Json said) {
        return switch (said) {
            case Fields(var entries) ->
                    entries.entrySet().stream()
                            .flatMap(each -> unknown(above, each.getKey(), each.getValue()));
            case Items(var values) -> values.stream().flatMap(each -> unknown(above, each));
            default -> Stream.of();
        };
    }

    private Stream<String> unknown(String above, String name, Json value) {
        String path = above + name;
        if (name.contains(BELOW) || !isKnown(path)) {
            return Stream.of(path);
        }
        return paths.contains(path + FREE) ? Stream.of() : unknown(path + BELOW, value);
    }

    private boolean isKnown(String path) {
        return paths.stream()
                .anyMatch(known -> known.equals(path) || known.startsWith(path + BELOW));
    }
}
