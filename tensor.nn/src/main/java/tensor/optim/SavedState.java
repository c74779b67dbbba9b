package tensor.optim;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tensor.api.Tensor;
import tensor.layout.DType;

/// The part of a state dict that belongs to one parameter, as a transform reads it. It knows what has been read.
public final class SavedState {
    private final String prefix;
    private final Tensor parameter;
    private final Map<String, Tensor> entries;
    private final Set<String> read = new LinkedHashSet<>();

    /// @param prefix stands before the names in messages: `0.`
    SavedState(String prefix, Tensor parameter, Map<String, Tensor> entries) {
        this.prefix = prefix;
        this.parameter = parameter;
        this.entries = entries;
    }

    /// {@return the tensor with this name, of the parameter's shape and type}
    ///
    /// @param name as in [TransformState#stateDict]
    /// @throws IllegalArgumentException if there is none, or it does not fit the parameter
    public Tensor tensor(String name) {
        return find(name).orElseThrow(() -> missing(name));
    }

    /// {@return the tensor with this name, of the parameter's shape and type; empty if there is none}
    ///
    /// @param name as in [TransformState#stateDict]
    /// @throws IllegalArgumentException if it does not fit the parameter
    public Optional<Tensor> find(String name) {
        Tensor found = entries.get(name);
        if (found == null) {
            return Optional.empty();
        }
        if (!found.shape().equals(parameter.shape()) || found.dtype() != parameter.dtype()) {
            throw new IllegalArgumentException(
                    "loadStateDict: '%s%s' is %s %s, but its parameter is %s %s"
                            .formatted(
                                    prefix,
                                    name,
                                    found.shape(),
                                    found.dtype(),
                                    parameter.shape(),
                                    parameter.dtype()));
        }
        read.add(name);
        return Optional.of(found.to(parameter.device()));
    }

    /// {@return the count with this name}
    ///
    /// @param name as in [TransformState#stateDict]
    /// @throws IllegalArgumentException if there is none, or it is no int64 number from 0
    public long count(String name) {
        Tensor found = entries.get(name);
        if (found == null) {
            throw missing(name);
        }
        if (found.rank() != 0 || found.dtype() != DType.INT64) {
            throw new IllegalArgumentException(
                    "loadStateDict: '%s%s' is %s %s, but [] int64 is needed"
                            .formatted(prefix, name, found.shape(), found.dtype()));
        }
        checkCount(prefix + name, found);
        read.add(name);
        return found.itemLong();
    }

    /// @throws IllegalArgumentException if a whole number is less than 0: all that are saved count something
    static void checkCount(String key, Tensor found) {
        if (found.dtype() == DType.INT64 && found.rank() == 0 && found.itemLong() < 0) {
            throw new IllegalArgumentException(
                    "loadStateDict: '%s' is %d; it counts, from 0"
                            .formatted(key, found.itemLong()));
        }
    }

    /// {@return the number with this name}
    ///
    /// @param name as in [TransformState#stateDict]
    /// @throws IllegalArgumentException if there is none
    public double number(String name) {
        Tensor found = entries.get(name);
        if (found == null) {
            throw missing(name);
        }
        read.add(name);
        return found.item();
    }

    /// {@return the names that no transform has asked for}
    Set<String> unread() {
        Set<String> names = new LinkedHashSet<>(entries.keySet());
        names.removeAll(read);
        return Collections.unmodifiableSet(names);
    }

    private IllegalArgumentException missing(String name) {
        return new IllegalArgumentException(
                "loadStateDict: no '%s%s'; found %s".formatted(prefix, name, entries.keySet()));
    }
}
