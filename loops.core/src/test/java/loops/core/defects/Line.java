package loops.core.defects;

import java.util.List;
import java.util.function.Function;
import loops.core.Slope;
import loops.core.training.OptimizerPlan;
import loops.core.training.PlannedOptimizer;
import tensor.api.Parameter;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.optim.ReduceOnPlateau;
import tensor.optim.Scheduler;
import tensor.optim.Schedules;
import tensor.optim.Sgd;

/// A line through points, with the optimizers that a test gives it.
class Line extends Slope {
    /// An optimizer for the slope and one for the height.
    static final Function<List<Parameter>, OptimizerPlan> TWO =
            parameters ->
                    OptimizerPlan.of(
                            Sgd.of(parameters.subList(0, 1), 0.1),
                            Sgd.of(parameters.subList(1, 2), 0.1));

    private final Function<List<Parameter>, OptimizerPlan> plan;

    /// One optimizer.
    Line() {
        this(parameters -> OptimizerPlan.of(Sgd.of(parameters, 0.1)));
    }

    /// @param plan of the two parameters, slope and height
    Line(Function<List<Parameter>, OptimizerPlan> plan) {
        this.plan = plan;
    }

    /// One optimizer, with a scheduler `E` of epochs and one, `P`, that looks at the validation.
    static Line scheduled() {
        return new Line(parameters -> {
            var optimizer = Sgd.of(parameters, 0.1);
            return OptimizerPlan.of(
                    PlannedOptimizer.of(optimizer)
                            .schedule(
                                    Scheduler.of(optimizer, Schedules.exponential(0.5)),
                                    scheduler -> scheduler.named("E"))
                            .schedule(
                                    ReduceOnPlateau.of(optimizer, config -> config.patience(0)),
                                    scheduler -> scheduler.named("P").monitoring("val_loss")));
        });
    }

    /// An optimizer for the slope and one for the height.
    static Line ofTwo() {
        return new Line(TWO);
    }

    @Override
    public OptimizerPlan configureOptimizers() {
        return plan.apply(parameters());
    }

    final Tensor lossOf(Batch batch) {
        return loss(batch);
    }
}
