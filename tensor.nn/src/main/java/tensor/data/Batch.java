package tensor.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
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
/// A combined batch holds several others, its parts, which may differ in their sizes.
///
/// Immutable.
public final class Batch {
    private static final int[] UNKNOWN = {};

    private final SequencedMap<String, Tensor> tensors;
    private final SequencedMap<String, Batch> parts;
    private final int size;
    private final int[] indices;

    private Batch(Map<String, Tensor> tensors) {
        this.tensors = NamedTensors.copyOf("Batch", tensors);
        this.parts = Collections.unmodifiableSequencedMap(new LinkedHashMap<>());
        this.size = commonSize(this.tensors);
        this.indices = UNKNOWN;
    }

    private Batch(SequencedMap<String, Tensor> tensors, SequencedMap<String, Batch> parts) {
        this.tensors = Collections.unmodifiableSequencedMap(tensors);
        this.parts = Collections.unmodifiableSequencedMap(parts);
        this.size = parts.firstEntry().getValue().size();
        this.indices = UNKNOWN;
    }

    /// Takes the indices without a copy.
    private Batch(Batch batch, int[] indices) {
        this.tensors = batch.tensors;
        this.parts = batch.parts;
        this.size = batch.size;
        this.indices = indices;
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

    /// {@return a combined batch of these, in the order of the map} A tensor `input` of the part `labelled` is reached as
    /// `part("labelled").input()` and as `get("labelled.input")`.
    ///
    /// @param parts at least one; names have no point
    /// @throws IllegalArgumentException if there is no part, or a name has a point
    public static Batch combine(SequencedMap<String, Batch> parts) {
        if (parts.isEmpty()) {
            throw new IllegalArgumentException(
                    "Batch.combine: there is no part; at least one is needed");
        }
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        parts.forEach((name, part) -> {
            if (name.indexOf('.') >= 0) {
                throw new IllegalArgumentException(
                        "Batch.combine: the name '%s' has a point; points stand between names of parts and tensors"
                                .formatted(name));
            }
            part.tensors.forEach((its, tensor) -> tensors.put(name + "." + its, tensor));
        });
        return new Batch(tensors, new LinkedHashMap<>(parts));
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

    /// {@return the number of samples; of a combined batch, that of its first part}
    public int size() {
        return size;
    }

    /// {@return which samples of their data set these are, in order; none if that is not known} Those of a combined batch are
    /// told by its parts.
    public List<Integer> indices() {
        return Arrays.stream(indices).boxed().toList();
    }

    /// {@return this batch, which knows which samples of their data set it has} What is made of it by [#slice], [#to] or
    /// [#map] knows it too, as long as the samples stay the same in number.
    ///
    /// @param samples their indices, one for each sample
    /// @throws IllegalArgumentException if there are more or fewer
    public Batch withIndices(int... samples) {
        if (samples.length != size) {
            throw new IllegalArgumentException(
                    "Batch.withIndices: %d indices for %d samples; give one for each"
                            .formatted(samples.length, size));
        }
        return new Batch(this, samples.clone());
    }

    /// As [#withIndices], for a batch whose size is that of the indices, or else without any; takes them without a copy.
    Batch indexed(int[] samples) {
        return samples.length == size ? new Batch(this, samples) : this;
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

    /// {@return the part with this name}
    ///
    /// @param name of the part
    /// @throws IllegalArgumentException if there is none
    public Batch part(String name) {
        Batch part = parts.get(name);
        if (part == null) {
            throw new IllegalArgumentException(
                    "Batch: there is no part '%s'; found %s".formatted(name, parts.keySet()));
        }
        return part;
    }

    /// {@return the part at this place}
    ///
    /// @param index from 0
    /// @throws IndexOutOfBoundsException if there is none
    public Batch part(int index) {
        return List.copyOf(parts.values()).get(index);
    }

    /// {@return the parts of a combined batch by name, in order; of any other none}
    public SequencedMap<String, Batch> parts() {
        return parts;
    }

    /// {@return all tensors by name, in order; of a combined batch with the names of their parts before theirs}
    public SequencedMap<String, Tensor> tensors() {
        return tensors;
    }

    /// {@return the samples from `from` to before `to`, as views}
    ///
    /// @param from the first sample
    /// @param to after the last sample
    /// @throws IndexOutOfBoundsException if there are no such samples
    /// @throws IllegalStateException if this is a combined batch: its parts are sliced one by one
    public Batch slice(int from, int to) {
        if (!parts.isEmpty()) {
            throw new IllegalStateException(
                    "Batch.slice: this batch has parts %s; slice one of them"
                            .formatted(parts.keySet()));
        }
        Objects.checkFromToIndex(from, to, size);
        Batch part = map(tensor -> tensor.slice(0, from, to));
        return indices.length == 0 ? part : new Batch(part, Arrays.copyOfRange(indices, from, to));
    }

    /// {@return this batch on `device`; this very batch if all of it is there}
    ///
    /// @param device where the tensors are to be
    public Batch to(Device device) {
        return tensors.values().stream().allMatch(tensor -> tensor.device() == device)
                ? this
                : map(tensor -> tensor.to(device));
    }

    /// {@return the batch of the changed tensors, with the same parts}
    ///
    /// @param change applied to each tensor
    /// @throws ShapeException if their first axes differ
    public Batch map(UnaryOperator<Tensor> change) {
        if (!parts.isEmpty()) {
            SequencedMap<String, Batch> changed = new LinkedHashMap<>();
            parts.forEach((name, part) -> changed.put(name, part.map(change)));
            return combine(changed);
        }
        SequencedMap<String, Tensor> changed = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> changed.put(name, change.apply(tensor)));
        return new Batch(changed).indexed(indices);
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
