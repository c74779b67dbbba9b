package loops.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import loops.api.LoopState.Fields;
import org.jspecify.annotations.Nullable;

/// The declared parts of one loop, by name, in the order of their declaration.
final class Parts {
    /// The keys of a loop's state that are not a part's.
    static final String RUN = "run";

    static final String VERSION = "version";

    private static final Set<String> RESERVED = Set.of(RUN, VERSION);

    private final Map<String, Part> parts = new LinkedHashMap<>();

    /// Those among the parts that end with every run, in an array that is gone through without garbage.
    private Derived<?>[] derived = {};

    <P extends Part> P declare(P part, String loop) {
        var names = List.of(part.name.split("\\.", -1));
        if (names.stream().anyMatch(String::isBlank) || RESERVED.contains(names.getFirst())) {
            throw new IllegalArgumentException(
                    "%s: a part cannot be called '%s'; take another name"
                            .formatted(loop, part.name));
        }
        if (parts.containsKey(part.name)) {
            throw clash(loop, part.name, part.name);
        }
        for (String key : part.keys()) {
            for (String taken : keys()) {
                if (key.equals(taken)
                        || key.startsWith(taken + ".")
                        || taken.startsWith(key + ".")) {
                    throw clash(loop, key, taken);
                }
            }
        }
        parts.put(part.name, part);
        if (part instanceof Derived<?> made) {
            derived = Arrays.copyOf(derived, derived.length + 1);
            derived[derived.length - 1] = made;
        }
        return part;
    }

    private static IllegalArgumentException clash(String loop, String name, String taken) {
        return new IllegalArgumentException(
                "%s: '%s' is declared beside '%s'; each part needs a key of its own"
                        .formatted(loop, name, taken));
    }

    private List<String> keys() {
        return parts.values().stream().flatMap(part -> part.keys().stream()).toList();
    }

    List<Slot<?, ?>> slots() {
        var slots = new ArrayList<Slot<?, ?>>();
        for (Part part : parts.values()) {
            if (part instanceof Slot<?, ?> slot) {
                slots.add(slot);
            }
        }
        return List.copyOf(slots);
    }

    void save(StateTree tree) {
        for (Part part : parts.values()) {
            for (String key : part.keys()) {
                tree.put(key, part.save(key));
            }
        }
    }

    /// {@return what is declared beside the children}
    List<Explanation.Declared> explained() {
        return parts.values().stream()
                .filter(part -> !(part instanceof Slot<?, ?>))
                .map(part -> new Explanation.Declared(part.name, part.kind()))
                .toList();
    }

    /// {@return what every part holds now, children under the names of their slots}
    Fields values() {
        var tree = new StateTree();
        for (Part part : parts.values()) {
            for (String key : part.keys()) {
                if (!(part instanceof Slot<?, ?> slot)) {
                    tree.put(key, part.save(key));
                    continue;
                }
                var child = slot.present();
                if (child != null) {
                    tree.put(key, child.values());
                }
            }
        }
        return tree.fields();
    }

    /// Reads every part from a state; `path` names the loop in what is found missing or unknown.
    void stage(Fields state, String path, Staging staging) {
        var known = new LinkedHashSet<>(List.of(VERSION, RUN));
        for (Part part : parts.values()) {
            for (String key : part.keys()) {
                known.add(key);
                var value = StateTree.find(state, key);
                if (value == null) {
                    staging.missing(join(path, key));
                } else {
                    part.stage(join(path, key), value, staging);
                }
            }
        }
        StateTree.unknownKeys(state, known).forEach(key -> staging.unknown(join(path, key)));
    }

    private static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /// Closes what lasts only as long as a run of `loop`, all of it.
    void endRun(Loop<?, ?> loop, @Nullable Throwable thrown) {
        IllegalStateException first = null;
        for (Derived<?> derived : derived) {
            try {
                derived.endRun();
            } catch (Exception e) {
                var failed =
                        new IllegalStateException(
                                "%s: '%s' could not be closed: %s"
                                        .formatted(loop.where(), derived.name, e),
                                e);
                var joined = thrown == null ? first : thrown;
                if (joined == null) {
                    first = failed;
                } else {
                    joined.addSuppressed(failed);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }

    /// {@return the names of what `old` saves and these parts do not declare}
    List<String> lackingOf(Parts old) {
        return old.parts.values().stream()
                .filter(part -> !part.keys().isEmpty() && !parts.containsKey(part.name))
                .map(part -> part.name)
                .toList();
    }

    /// {@return the changes that take over what the parts of the same names in `old` hold}
    List<Runnable> takeOver(Parts old) {
        var changes = new ArrayList<Runnable>();
        old.parts.forEach((name, part) -> {
            var mine = parts.get(name);
            if (mine != null) {
                changes.add(mine.takeOver(part));
            }
        });
        return changes;
    }
}
