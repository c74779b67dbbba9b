package tensor.data;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import tensor.api.Device;
import tensor.api.Tensor;
import tensor.layout.ShapeException;

/// A data set that is held in memory as one tensor for each name, whose first axis counts samples.
///
/// The tensors must live as long as the data set: make it outside of any training step's scope.
public final class TensorDataset implements Dataset<Sample> {
    private final Batch all;

    private TensorDataset(Batch all) {
        this.all = all;
    }

    /// {@return the data set of these inputs}
    ///
    /// @param inputs `[samples, ..]`
    /// @throws ShapeException if it is a scalar
    public static TensorDataset of(Tensor inputs) {
        return of(Batch.of(inputs));
    }

    /// {@return the data set of these inputs and the targets that belong to them}
    ///
    /// @param inputs `[samples, ..]`
    /// @param targets `[samples, ..]`
    /// @throws ShapeException if one is a scalar, or their first axes differ
    public static TensorDataset of(Tensor inputs, Tensor targets) {
        return of(Batch.of(inputs, targets));
    }

    /// {@return the data set of all samples of one large batch}
    ///
    /// @param all all samples
    public static TensorDataset of(Batch all) {
        return new TensorDataset(all.map(Tensor::detach));
    }

    @Override
    public int size() {
        return all.size();
    }

    /// {@return one sample, its tensors views of the data set's}
    @Override
    public Sample get(int index) {
        Objects.checkIndex(index, size());
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        all.tensors().forEach((name, tensor) -> tensors.put(name, tensor.select(0, index)));
        return new Sample(tensors);
    }

    /// {@return a copy of the samples with these indices, in this order, as one batch}
    ///
    /// @param indices which samples, from 0
    /// @throws IndexOutOfBoundsException if one of them does not exist
    public Batch batch(int... indices) {
        long[] rows = new long[indices.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Objects.checkIndex(indices[i], size());
        }
        Map<Device, Tensor> index = new LinkedHashMap<>();
        return all.map(tensor ->
                tensor.indexSelect(
                        0,
                        index.computeIfAbsent(
                                tensor.device(), device -> device.with(() -> Tensor.of(rows)))));
    }

    /// {@return all samples as one batch, without a copy}
    public Batch all() {
        return all;
    }

    /// {@return a data set of copies of these samples, in this order}
    ///
    /// @throws IndexOutOfBoundsException if one of them does not exist
    @Override
    public TensorDataset subset(int... indices) {
        return new TensorDataset(batch(indices));
    }

    @Override
    public String toString() {
        return "TensorDataset of " + all;
    }
}
