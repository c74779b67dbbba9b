package any.backend;

import loops.core.training.OptimizerPlan;
import loops.core.training.Step;
import loops.core.training.TrainingModule;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.nn.Linear;
import tensor.nn.Losses;
import tensor.optim.Sgd;

/// A line through points.
final class Line extends TrainingModule {
    private final Linear line = child("line", Linear.of(1, 1));

    @Override
    public Tensor trainingStep(Batch batch, Step step) {
        return Losses.mse(line.apply(batch.input()), batch.target());
    }

    @Override
    public OptimizerPlan configureOptimizers() {
        return OptimizerPlan.of(Sgd.of(parameters(), 0.1));
    }

    double slope() {
        return line.weight().value().item();
    }
}
