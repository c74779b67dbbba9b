package examples;

import loops.core.training.OptimizerPlan;
import loops.recipes.TaskModule;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.nn.Activation;
import tensor.nn.Linear;
import tensor.nn.Losses;
import tensor.nn.Reduction;
import tensor.nn.Sequential;
import tensor.optim.Adam;

// @start region=module
/// A network that is to learn a curve from few points.
final class CurveLearner extends TaskModule {
    private final Sequential net =
            child(
                    "net",
                    Sequential.of(
                            Linear.of(1, 40),
                            Activation.RELU,
                            Linear.of(40, 40),
                            Activation.RELU,
                            Linear.of(40, 1)));

    @Override
    public Tensor taskLosses(Batch points) {
        var drawn = net.apply(points.input());
        return Losses.mse(drawn, points.target(), Reduction.NONE).mean(1, 2);
    }

    @Override
    public OptimizerPlan configureOptimizers() {
        return OptimizerPlan.of(Adam.of(parameters(), 1e-3));
    }
}
// @end region=module
