package loops.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import loops.api.LoopState.Fields;
import org.jspecify.annotations.Nullable;

/// Nested fields under dotted keys: how the parts of one loop share a state dict.
final class StateTree {
    private final Map<String, Object> entries = new LinkedHashMap<>();

    /// Puts a state under a dotted key.
    @SuppressWarnings("unchecked") // inner maps are made here alone
    void put(String key, LoopState value) {
        var at = entries;
        String rest = key;
        for (int dot = rest.indexOf('.'); dot >= 0; dot = rest.indexOf('.')) {
            at =
                    (Map<String, Object>)
                            at.computeIfAbsent(
                                    rest.substring(0, dot), any -> new LinkedHashMap<>());
            rest = rest.substring(dot + 1);
        }
        at.put(rest, value);
    }

    /// {@return all that was put, nested}
    Fields fields() {
        return fields(entries);
    }

    @SuppressWarnings("unchecked") // inner maps are made by put alone
    private static Fields fields(Map<String, Object> entries) {
        var fields = new LinkedHashMap<String, LoopState>();
        entries.forEach((name, value) ->
                fields.put(
                        name,
                        value instanceof LoopState state
                                ? state
                                : fields((Map<String, Object>) value)));
        return new Fields(fields);
    }

    /// {@return what stands under a dotted key, or null}
    static @Nullable LoopState find(Fields state, String key) {
        int dot = key.indexOf('.');
        if (dot < 0) {
            return state.entries().get(key);
        }
        return state.entries().get(key.substring(0, dot)) instanceof Fields inner
                ? find(inner, key.substring(dot + 1))
                : null;
    }

    /// {@return the dotted paths in a state that none of the known keys covers}
    static List<String> unknownKeys(Fields state, Set<String> known) {
        var unknown = new ArrayList<String>();
        collectUnknown(state, "", known, unknown);
        return unknown;
    }

    private static void collectUnknown(
            Fields state, String prefix, Set<String> known, List<String> unknown) {
        state.entries()
                .forEach((name, value) -> {
                    String path = prefix + name;
                    if (known.contains(path)) {
                        return;
                    }
                    if (value instanceof Fields inner
                            && known.stream().anyMatch(key -> key.startsWith(path + "."))) {
                        collectUnknown(inner, path + ".", known, unknown);
                    } else {
                        unknown.add(path);
                    }
                });
    }
}
