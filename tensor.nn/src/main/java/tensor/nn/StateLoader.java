package tensor.nn;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Consumer;
import tensor.api.Parameter;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;

/// One loading of a state dict: looks at all entries first, and changes nothing before all fit.
final class StateLoader {
    private final String where;
    private final Map<String, Tensor> state;
    private final Set<String> unknown;
    private final List<String> missing = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final List<Runnable> assignments = new ArrayList<>();

    /// Types of entries for what has no value yet, whose type they give.
    private final SequencedMap<String, DType> first = new LinkedHashMap<>();

    /// @param where the method in messages
    StateLoader(String where, Map<String, Tensor> state) {
        this.where = where;
        this.state = state;
        this.unknown = new LinkedHashSet<>(state.keySet());
    }

    void parameter(String path, Parameter parameter) {
        find(
                path,
                parameter.shape(),
                tensor -> {
                    if (!parameter.initialized()) {
                        first.put(path, tensor.dtype());
                        assignments.add(() -> parameter.assign(tensor));
                    } else if (sameType(path, tensor, parameter.value().dtype())) {
                        assignments.add(
                                () -> parameter.assign(tensor.to(parameter.value().device())));
                    }
                });
    }

    /// @param dtype the type that it was declared with; that of the parameters if empty
    void buffer(String path, Buffer buffer, Optional<DType> dtype) {
        find(
                path,
                buffer.shape(),
                tensor -> {
                    if (buffer.initialized()) {
                        if (sameType(path, tensor, buffer.value().dtype())) {
                            assignments.add(
                                    () -> buffer.assign(tensor.to(buffer.value().device())));
                        }
                    } else if (dtype.isEmpty() || sameType(path, tensor, dtype.get())) {
                        if (dtype.isEmpty()) {
                            first.put(path, tensor.dtype());
                        }
                        assignments.add(() -> buffer.assign(tensor));
                    }
                });
    }

    void random(String path, RandomStream stream) {
        find(
                path,
                Shape.of(3),
                tensor -> {
                    if (sameType(path, tensor, DType.INT64)) {
                        assignments.add(() -> stream.load(tensor));
                    }
                });
    }

    /// Passes over an entry, if it is there.
    void ignore(String path) {
        unknown.remove(path);
    }

    void finish() {
        if (!missing.isEmpty() || !unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s: missing %s, unknown %s; a state fits a module of the same parts"
                            .formatted(where, missing, unknown));
        }
        checkFirstTypes();
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(where + ": " + String.join("; ", faults));
        }
        assignments.forEach(Runnable::run);
    }

    /// What has no value yet takes any floating-point type, but all the same one.
    private void checkFirstTypes() {
        first.forEach((path, dtype) -> {
            DType common = first.firstEntry().getValue();
            if (!dtype.isFloating()) {
                faults.add("'%s' is %s, a parameter is float32 or float64".formatted(path, dtype));
            } else if (dtype != common && common.isFloating()) {
                faults.add(
                        "'%s' is %s, but '%s' is %s: the parameters of a module are of one type"
                                .formatted(path, dtype, first.firstEntry().getKey(), common));
            }
        });
    }

    private void find(String path, Shape shape, Consumer<Tensor> then) {
        Tensor tensor = state.get(path);
        unknown.remove(path);
        if (tensor == null) {
            missing.add(path);
        } else if (!tensor.shape().equals(shape)) {
            faults.add("'%s' is %s, the module has %s".formatted(path, tensor.shape(), shape));
        } else {
            then.accept(tensor);
        }
    }

    private boolean sameType(String path, Tensor tensor, DType dtype) {
        boolean same = tensor.dtype() == dtype;
        if (!same) {
            faults.add("'%s' is %s, the module has %s".formatted(path, tensor.dtype(), dtype));
        }
        return same;
    }
}
