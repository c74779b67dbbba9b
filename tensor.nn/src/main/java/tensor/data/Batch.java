package tensor.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import tensor.api.Device;
import tensor.api.Tensor;
import tensor.layout.ShapeException;

/// What one training step works on: tensors by name, usually `input` and `target`, whose first axis counts samples.
///
/// Immutable.
public final class Batch {
    private final SequencedMap<String, Tensor> tensors;
    private final int size;

    private Batch(Map<String, Tensor> tensors) {
        this.tensors = NamedTensors.copyOf("Batch", tensors);
        this.size = commonSize(this.tensors);
    }

    /// {@return the batch of these tensors, in the order of the map}
    ///
    /// @param tensors each `[samples, ..]`
    /// @throws IllegalArgumentException if the map is empty
    /// @throws ShapeException if a tensor is a scalar, or their first axes differ
    public static Batch of(SequencedMap<String, Tensor> tensors) {
        return new Batch(tensors);
    }

    /// {@return a batch with an input alone}
    ///
    /// @param input `[samples, ..]`
    /// @throws ShapeException if it is a scalar
    public static Batch of(Tensor input) {
        return new Batch(Map.of(NamedTensors.INPUT, input));
    }

    /// {@return a batch with inputs and the targets that belong to them}
    ///
    /// @param input `[samples, ..]`
    /// @param target `[samples, ..]`
    /// @throws ShapeException if one is a scalar, or their first axes differ
    public static Batch of(Tensor input, Tensor target) {
        return new Batch(NamedTensors.of(input, target));
    }

    /// {@return the batch of these samples} Each tensor is a copy: the samples' tensors of that name, stacked.
    ///
    /// @param samples at least one, all with the same names
    /// @throws IllegalArgumentException if there is no sample, or samples differ in their names
    /// @throws ShapeException if samples differ in a shape
    public static Batch stack(List<Sample> samples) {
        if (samples.isEmpty()) {
            throw new IllegalArgumentException(
                    "Batch.stack: there is no sample; at least one is needed");
        }
        var names = samples.getFirst().tensors().sequencedKeySet();
        for (Sample sample : samples) {
            if (!sample.tensors().keySet().equals(names)) {
                throw new IllegalArgumentException(
                        "Batch.stack: one sample has %s, another %s"
                                .formatted(names, sample.tensors().keySet()));
            }
        }
        SequencedMap<String, Tensor> stacked = new LinkedHashMap<>();
        for (String name : names) {
            List<Tensor> parts = new ArrayList<>(samples.size());
            samples.forEach(sample -> parts.add(sample.get(name)));
            stacked.put(name, Tensor.stack(0, parts.toArray(Tensor[]::new)));
        }
        return new Batch(stacked);
    }

    /// {@return the number of samples}
    public int size() {
        return size;
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
        return NamedTensors.get("Batch", tensors, name);
    }

    /// {@return all tensors by name, in order}
    public SequencedMap<String, Tensor> tensors() {
        return tensors;
    }

    /// {@return the samples from `from` to before `to`, as views}
    ///
    /// @param from the first sample
    /// @param to after the last sample
    /// @throws IndexOutOfBoundsException if there are no such samples
    public Batch slice(int from, int to) {
        Objects.checkFromToIndex(from, to, size);
        return map(tensor -> tensor.slice(0, from, to));
    }

    /// {@return this batch on `device`}
    ///
    /// @param device where the tensors are to be
    public Batch to(Device device) {
        return map(tensor -> tensor.to(device));
    }

    /// {@return the batch of the changed tensors}
    ///
    /// @param change applied to each tensor
    /// @throws ShapeException if their first axes differ
    public Batch map(UnaryOperator<Tensor> change) {
        SequencedMap<String, Tensor> changed = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> changed.put(name, change.apply(tensor)));
        return new Batch(changed);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Batch");
        tensors.forEach(
                (name, tensor) -> text.append(' ').append(name).append(' ').append(tensor.shape()));
        return text.toString();
    }

    private static int commonSize(SequencedMap<String, Tensor> tensors) {
        var first = tensors.firstEntry();
        for (var named : tensors.entrySet()) {
            var shape = named.getValue().shape();
            if (shape.rank() == 0) {
                throw new ShapeException(
                        "Batch: '%s' is a scalar; its first axis must count the samples"
                                .formatted(named.getKey()),
                        shape);
            }
            if (shape.size(0) != first.getValue().size(0)) {
                throw new ShapeException(
                        "Batch: '%s' has shape %s, '%s' has %s; their first axes differ"
                                .formatted(
                                        first.getKey(),
                                        first.getValue().shape(),
                                        named.getKey(),
                                        shape),
                        first.getValue().shape(),
                        shape);
            }
        }
        return first.getValue().size(0);
    }
}
