package loops.core.loop;

import java.util.ArrayList;
import java.util.List;
import loops.api.Cell;

/// A value for each optimizer, in a cell of a loop.
///
/// @param values the values of the first so many optimizers, by their place in the plan
/// @param missing the value of the others
/// @param <T> the type of value
record PerOptimizer<T>(Cell<List<T>> values, T missing) {
    /// {@return the value of one optimizer}
    ///
    /// @param optimizer its place in the plan, from 0
    T get(int optimizer) {
        var all = values.get();
        return optimizer < all.size() ? all.get(optimizer) : missing;
    }

    /// Changes the value of one optimizer.
    ///
    /// @param optimizer its place in the plan, from 0
    /// @param value the value
    void set(int optimizer, T value) {
        if (value.equals(get(optimizer))) {
            return;
        }
        var changed = new ArrayList<>(values.get());
        while (changed.size() <= optimizer) {
            changed.add(missing);
        }
        changed.set(optimizer, value);
        values.set(List.copyOf(changed));
    }

    /// Gives every optimizer the value of one that has none.
    void clear() {
        values.set(List.of());
    }
}
