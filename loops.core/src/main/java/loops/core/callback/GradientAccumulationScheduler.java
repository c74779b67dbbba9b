package loops.core.callback;

import java.util.Map;
import loops.core.training.Accumulation;
import loops.core.training.Callback;
import loops.core.training.RunView;

/// Sets how many batches make one optimizer step, epoch by epoch.
///
/// ```java
/// GradientAccumulationScheduler.of(Map.of(0, 8, 4, 4, 8, 1))    // 8 batches from epoch 0 on, 4 from epoch 4 on, ...
/// ```
///
/// It does what the plan's own [loops.core.training.FitPlan.Config#accumulate(Map)] does, for those who put a run together
/// of callbacks. Before its first epoch the factor is 1.
public final class GradientAccumulationScheduler implements Callback {
    private final Accumulation factors;

    private GradientAccumulationScheduler(Accumulation factors) {
        this.factors = factors;
    }

    /// {@return a callback with these factors}
    ///
    /// @param factors the factor from an epoch on, by epoch; epochs count from 0, factors from 1
    /// @throws IllegalArgumentException if there is none, or a number is out of its range
    public static GradientAccumulationScheduler of(Map<Integer, Integer> factors) {
        if (factors.isEmpty()) {
            throw new IllegalArgumentException(
                    "GradientAccumulationScheduler: there are no factors; give one at least, as"
                            + " Map.of(4, 2)");
        }
        return new GradientAccumulationScheduler(Accumulation.schedule(factors));
    }

    /// {@return the factors}
    public Accumulation factors() {
        return factors;
    }

    @Override
    public void onFitStart(RunView run) {
        if (!run.module().automaticOptimization()) {
            throw new IllegalArgumentException(
                    "GradientAccumulationScheduler: %s optimizes manually; accumulate in trainingStep"
                            .formatted(run.module().getClass().getSimpleName()));
        }
        var planned = run.plan().accumulation();
        if (!planned.equals(Accumulation.of(1))) {
            throw new IllegalArgumentException(
                    "GradientAccumulationScheduler: accumulates %s and the plan %s; leave out one of them"
                            .formatted(factors.factors(), planned.factors()));
        }
    }

    @Override
    public void onTrainEpochStart(RunView run) {
        run.accumulate(factors.factor(run.epoch()));
    }
}
