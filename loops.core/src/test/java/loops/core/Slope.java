package loops.core;

import java.util.List;
import java.util.stream.IntStream;
import loops.core.training.DataModule;
import loops.core.training.OptimizerPlan;
import loops.core.training.Step;
import loops.core.training.TrainingModule;
import org.jspecify.annotations.Nullable;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.data.BatchSource;
import tensor.data.DataLoader;
import tensor.data.TensorDataset;
import tensor.layout.Shape;
import tensor.nn.Linear;
import tensor.nn.Losses;
import tensor.optim.Sgd;

/// A line through points: the least that trains.
@SuppressWarnings("this-escape") // its line is declared here, and used only in a run
public class Slope extends TrainingModule {
    protected final Linear line = child("line", Linear.of(1, 1));

    public Slope() {}

    protected final Tensor loss(Batch batch) {
        return Losses.mse(line.apply(batch.input()), batch.target());
    }

    @Override
    public @Nullable Tensor trainingStep(Batch batch, Step step) {
        var loss = loss(batch);
        step.log("loss", loss);
        return loss;
    }

    @Override
    public void validationStep(Batch batch, Step step) {
        step.log("val_loss", loss(batch));
    }

    @Override
    public Tensor predictStep(Batch batch, Step step) {
        return line.apply(batch.input());
    }

    @Override
    public OptimizerPlan configureOptimizers() {
        return OptimizerPlan.of(Sgd.of(parameters(), 0.1));
    }

    /// {@return the slope and the height}
    public final List<Double> values() {
        return parameters().stream().map(parameter -> parameter.value().item()).toList();
    }

    /// {@return points on a line, in batches}
    public static DataLoader points(int count, int batchSize) {
        float[] x = new float[count];
        float[] y = new float[count];
        IntStream.range(0, count)
                .forEach(i -> {
                    x[i] = (i + 1) / 4f;
                    y[i] = 3 * x[i] + 2;
                });
        var shape = Shape.of(count, 1);
        return DataLoader.of(
                TensorDataset.of(Tensor.of(x, shape), Tensor.of(y, shape)),
                config -> config.batchSize(batchSize));
    }

    /// {@return training batches, and one batch of two samples for everything else}
    public static DataModule data(DataLoader train) {
        var other = List.<BatchSource>of(points(2, 2));
        return new DataModule() {
            @Override
            public DataLoader trainBatches() {
                return train;
            }

            @Override
            public List<BatchSource> validationBatches() {
                return other;
            }

            @Override
            public List<BatchSource> testBatches() {
                return other;
            }

            @Override
            public List<BatchSource> predictionBatches() {
                return other;
            }
        };
    }
}
