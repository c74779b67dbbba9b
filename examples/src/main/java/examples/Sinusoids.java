package examples;

import java.util.LinkedHashMap;
import java.util.List;
import loops.core.training.DataModule;
import loops.recipes.TaskModule;
import loops.recipes.TaskSource;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.data.BatchSource;
import tensor.layout.Shape;

/// Sine curves of different height and phase, each a task of its own: ten points to adapt to, and others to be judged by.
///
/// Finn et al., 2017: heights from 0.1 to 5, phases from 0 to π, points from −5 to 5.
///
/// @param key where all tasks come from
/// @param batches of 25 tasks in an epoch
/// @param testBatchCount batches of 100 tasks to test on
record Sinusoids(RandomKey key, int batches, int testBatchCount) implements DataModule {
    private static final int SHOTS = 10;

    @Override
    public BatchSource trainBatches() {
        return new TaskSource(batches, key.fold("train"), each -> draw(each, 25, SHOTS));
    }

    @Override
    public List<BatchSource> testBatches() {
        return List.of(
                new TaskSource(testBatchCount, key.fold("test"), each -> draw(each, 100, 100)));
    }

    /// {@return a batch of new tasks}
    ///
    /// @param points how many a task is judged by
    private static Batch draw(RandomKey key, int tasks, int points) {
        var perTask = Shape.of(tasks, 1, 1);
        var height = Tensor.uniform(key.fold("height"), perTask).mul(4.9).add(0.1);
        var phase = Tensor.uniform(key.fold("phase"), perTask).mul(Math.PI);
        var x = Tensor.uniform(key.fold("x"), Shape.of(tasks, SHOTS + points, 1)).mul(10).sub(5);
        var y = x.sub(phase).sin().mul(height);
        var parts = new LinkedHashMap<String, Batch>();
        parts.put(TaskModule.SUPPORT, points(x, y, 0, SHOTS));
        parts.put(TaskModule.QUERY, points(x, y, SHOTS, SHOTS + points));
        return Batch.combine(parts);
    }

    private static Batch points(Tensor x, Tensor y, int from, int to) {
        return Batch.of(x.slice(1, from, to), y.slice(1, from, to));
    }
}
