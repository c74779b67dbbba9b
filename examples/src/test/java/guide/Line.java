package guide;

import loops.core.training.DataModule;
import loops.core.training.OptimizerPlan;
import loops.core.training.Step;
import loops.core.training.TrainingModule;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.data.DataLoader;
import tensor.data.TensorDataset;
import tensor.layout.Shape;
import tensor.nn.Linear;
import tensor.nn.Losses;
import tensor.optim.Optimizer;
import tensor.optim.Sgd;

/// The small module that the tests of the guide train, and its data: eight batches of points on a line.
class Line extends TrainingModule {
    private final Linear line = child("line", Linear.of(1, 1));
    private final double learningRate;

    Line() {
        this(0.1);
    }

    Line(double learningRate) {
        this.learningRate = learningRate;
    }

    static DataModule data() {
        return data(64);
    }

    static DataModule data(int count) {
        var points = points(count);
        return DataModule.of(points, points);
    }

    static DataLoader points(int count) {
        var x = Tensor.uniform(RandomKey.of(1), Shape.of(count, 1));
        return DataLoader.of(TensorDataset.of(x, x.mul(3).add(2)), config -> config.batchSize(8));
    }

    double slope() {
        return line.weight().value().item();
    }

    Tensor loss(Batch batch) {
        return Losses.mse(line.apply(batch.input()), batch.target());
    }

    Optimizer sgd() {
        return Sgd.of(parameters(), learningRate);
    }

    @Override
    public Tensor trainingStep(Batch batch, Step step) {
        Tensor loss = loss(batch);
        step.log("loss", loss);
        return loss;
    }

    @Override
    public void validationStep(Batch batch, Step step) {
        step.log("val_loss", loss(batch));
    }

    @Override
    public OptimizerPlan configureOptimizers() {
        return OptimizerPlan.of(sgd());
    }
}
