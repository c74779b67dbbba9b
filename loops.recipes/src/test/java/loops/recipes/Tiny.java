package loops.recipes;

import java.util.List;
import java.util.stream.IntStream;
import loops.core.training.DataModule;
import loops.core.training.FitPlan;
import loops.core.training.OptimizerPlan;
import loops.core.training.Step;
import loops.core.training.TrainingModule;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.data.BatchSource;
import tensor.data.DataLoader;
import tensor.data.TensorDataset;
import tensor.layout.Shape;
import tensor.nn.Dropout;
import tensor.nn.Linear;
import tensor.nn.Losses;
import tensor.optim.Sgd;

/// Lines through points, with momentum and random numbers that must be resumed too.
final class Tiny extends TrainingModule {
    static final int SAMPLES = 8;
    static final RandomKey KEY = RandomKey.of(5);
    static final FitPlan PLAN = FitPlan.of(config -> config.maxEpochs(2));

    private final Linear line = child("line", Linear.of(1, 1));
    private final Dropout dropout = child("dropout", Dropout.of(0.5));

    private Tensor loss(Batch batch) {
        return Losses.mse(line.apply(dropout.apply(batch.input())), batch.target());
    }

    @Override
    public Tensor trainingStep(Batch batch, Step step) {
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
        return OptimizerPlan.of(Sgd.of(parameters(), 0.05, config -> config.momentum(0.9)));
    }

    /// Some of them, measured together.
    static final class Members extends Ensemble<Tiny> {
        Members(int size) {
            super(size, Tiny::new);
        }

        @Override
        public void testStep(Batch batch, Step step) {
            step.log("test_loss", Losses.mse(predictStep(batch, step), batch.target()));
        }
    }

    /// Points on a line, in folds.
    static final class Points implements FoldData {
        @Override
        public DataModule fold(int index, int folds) {
            var rows = IntStream.range(0, SAMPLES).boxed().toList();
            int[] train = rows.stream().filter(i -> i % folds != index).mapToInt(i -> i).toArray();
            int[] held = rows.stream().filter(i -> i % folds == index).mapToInt(i -> i).toArray();
            return DataModule.of(batches(true, train), batches(false, held));
        }

        @Override
        public BatchSource trainBatches() {
            return batches(true, IntStream.range(0, SAMPLES).toArray());
        }

        @Override
        public List<BatchSource> testBatches() {
            return List.of(batches(false, SAMPLES, SAMPLES + 1, SAMPLES + 2));
        }

        private static DataLoader batches(boolean shuffled, int... rows) {
            float[] x = new float[rows.length];
            float[] y = new float[rows.length];
            for (int i = 0; i < rows.length; i++) {
                x[i] = rows[i] / 8f;
                y[i] = 3 * x[i] + 2;
            }
            var shape = Shape.of(rows.length, 1);
            return DataLoader.of(
                    TensorDataset.of(Tensor.of(x, shape), Tensor.of(y, shape)),
                    config -> {
                        config.batchSize(2);
                        if (shuffled) {
                            config.shuffle(KEY);
                        }
                    });
        }
    }
}
