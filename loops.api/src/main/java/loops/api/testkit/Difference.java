package loops.api.testkit;

import java.util.LinkedHashSet;
import java.util.Optional;
import loops.api.LoopState.Fields;
import org.jspecify.annotations.Nullable;

/// The first place where two states differ.
///
/// @param path the dotted path of the leaf
/// @param expected what the undisturbed run has there
/// @param actual what the other run has there
record Difference(String path, String expected, String actual) {

    /// {@return the first leaf that differs, if there is one}
    static Optional<Difference> between(String where, Fields expected, Fields actual) {
        if (expected.equals(actual)) {
            return Optional.empty();
        }
        var left = expected.leaves();
        var right = actual.leaves();
        var paths = new LinkedHashSet<>(left.keySet());
        paths.addAll(right.keySet());
        for (String path : paths) {
            var wanted = left.get(path);
            var found = right.get(path);
            if (wanted == null || !wanted.equals(found)) {
                return Optional.of(new Difference(where + "." + path, shown(wanted), shown(found)));
            }
        }
        return Optional.of(new Difference(where, expected.toString(), actual.toString()));
    }

    private static String shown(@Nullable Object value) {
        return value == null ? "nothing" : value.toString();
    }

    @Override
    public String toString() {
        return path + " differs: undisturbed " + expected + ", here " + actual;
    }
}
