package tensor.data;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import tensor.api.Tensor;

/// One element of a data set: tensors by name, usually `input` and `target`, without a batch axis.
///
/// @param tensors by name, at least one, in the order in which a batch has them
public record Sample(SequencedMap<String, Tensor> tensors) {
    /// Copies the map.
    ///
    /// @throws IllegalArgumentException if it is empty
    public Sample {
        tensors = NamedTensors.copyOf("Sample", tensors);
    }

    /// {@return a sample with an input alone}
    ///
    /// @param input what a model gets
    public static Sample of(Tensor input) {
        return new Sample(new LinkedHashMap<>(Map.of(NamedTensors.INPUT, input)));
    }

    /// {@return a sample with an input and the target that belongs to it}
    ///
    /// @param input what a model gets
    /// @param target what it should make of it
    public static Sample of(Tensor input, Tensor target) {
        return new Sample(NamedTensors.of(input, target));
    }

    /// {@return the tensor named `input`}
    ///
    /// @throws IllegalArgumentException if there is none
    public Tensor input() {
        return get(NamedTensors.INPUT);
    }

    /// {@return the tensor named `target`}
    ///
    /// @throws IllegalArgumentException if there is none
    public Tensor target() {
        return get(NamedTensors.TARGET);
    }

    /// {@return the tensor with this name}
    ///
    /// @param name of the tensor
    /// @throws IllegalArgumentException if there is none
    public Tensor get(String name) {
        return NamedTensors.get("Sample", tensors, name);
    }
}
