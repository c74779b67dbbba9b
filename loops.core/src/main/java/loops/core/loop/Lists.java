package loops.core.loop;

import java.util.ArrayList;
import java.util.List;

/// Immutable lists that grow.
final class Lists {
    private Lists() {}

    /// {@return the list and one more element behind it}
    static <T> List<T> plus(List<T> list, T last) {
        if (list.isEmpty()) {
            return List.of(last); // what happens in every step
        }
        var longer = new ArrayList<>(list);
        longer.add(last);
        return List.copyOf(longer);
    }
}
