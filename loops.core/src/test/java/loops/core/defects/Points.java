package loops.core.defects;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.data.DataLoader;
import tensor.data.Sample;
import tensor.data.TensorDataset;
import tensor.layout.Shape;

/// Points on a line that can be told apart in a batch.
final class Points {
    private Points() {}

    /// {@return so many points, loaded as `config` says}
    static DataLoader load(int count, Consumer<DataLoader.Config<Sample>> config) {
        float[] x = new float[count];
        float[] y = new float[count];
        for (int i = 0; i < count; i++) {
            x[i] = i / 8f;
            y[i] = 3 * x[i] + 2;
        }
        var shape = Shape.of(count, 1);
        return DataLoader.of(TensorDataset.of(Tensor.of(x, shape), Tensor.of(y, shape)), config);
    }

    /// {@return which points are in a batch, from 0}
    static List<Integer> of(Batch batch) {
        var points = new ArrayList<Integer>();
        for (float x : batch.input().toFloats()) {
            points.add(Math.round(8 * x));
        }
        return points;
    }
}
