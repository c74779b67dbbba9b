package loops.core.tune;

import java.util.List;
import loops.core.training.DataModule;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.BatchSource;
import tensor.data.DataLoader;
import tensor.data.TensorDataset;
import tensor.layout.Shape;

/// Random samples in shuffled batches of any size.
///
/// @param count how many samples there are
/// @param size how many make a batch
record AnySize(int count, int size) implements TunableData {
    private static final RandomKey KEY = RandomKey.of(7);

    @Override
    public DataModule batchSize(int size) {
        return new AnySize(count, size);
    }

    @Override
    public BatchSource trainBatches() {
        return DataLoader.of(
                dataset("train", count), config -> config.batchSize(size).shuffle(KEY));
    }

    @Override
    public List<BatchSource> validationBatches() {
        return List.of(DataLoader.of(dataset("validation", 3), config -> config.batchSize(size)));
    }

    private static TensorDataset dataset(String name, int count) {
        var inputs = Tensor.normal(KEY.fold(name), Shape.of(count, Noisy.INPUTS));
        return TensorDataset.of(inputs, inputs.sum(1).reshape(Shape.of(count, 1)));
    }
}
