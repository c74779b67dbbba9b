package tensor.nn;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import tensor.api.Parameter;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;

/// One loading of a state dict: looks at all entries first, and changes nothing before all fit.
final class StateLoader {
    private final Map<String, Tensor> state;
    private final Set<String> unknown;
    private final List<String> missing = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final List<Runnable> assignments = new ArrayList<>();

    StateLoader(Map<String, Tensor> state) {
        this.state = state;
        this.unknown = new LinkedHashSet<>(state.keySet());
    }

    void parameter(String path, Parameter parameter) {
        find(
                path,
                parameter.shape(),
                tensor -> {
                    if (!parameter.initialized()) {
                        assignments.add(() -> parameter.assign(tensor));
                    } else if (sameType(path, tensor, parameter.value().dtype())) {
                        assignments.add(
                                () -> parameter.assign(tensor.to(parameter.value().device())));
                    }
                });
    }

    void buffer(String path, Buffer buffer) {
        find(
                path,
                buffer.shape(),
                tensor -> {
                    if (!buffer.initialized()) {
                        assignments.add(() -> buffer.assign(tensor));
                    } else if (sameType(path, tensor, buffer.value().dtype())) {
                        assignments.add(() -> buffer.assign(tensor.to(buffer.value().device())));
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

    void finish() {
        if (!missing.isEmpty() || !unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "loadStateDict: missing %s, unknown %s; a state fits a module of the same parts"
                            .formatted(missing, unknown));
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException("loadStateDict: " + String.join("; ", faults));
        }
        assignments.forEach(Runnable::run);
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
