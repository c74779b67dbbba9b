package tensor.data;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import tensor.api.Tensor;

/// What a sample and a batch have in common: tensors in a fixed order, reached by name.
final class NamedTensors {
    static final String INPUT = "input";
    static final String TARGET = "target";

    private NamedTensors() {}

    static SequencedMap<String, Tensor> of(Tensor input, Tensor target) {
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put(INPUT, input);
        tensors.put(TARGET, target);
        return tensors;
    }

    static SequencedMap<String, Tensor> copyOf(String where, Map<String, Tensor> tensors) {
        if (tensors.isEmpty()) {
            throw new IllegalArgumentException(
                    where + ": there is no tensor; at least one is needed");
        }
        return Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tensors));
    }

    static Tensor get(String where, SequencedMap<String, Tensor> tensors, String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException(
                    "%s: there is no '%s'; found %s".formatted(where, name, tensors.keySet()));
        }
        return tensor;
    }
}
