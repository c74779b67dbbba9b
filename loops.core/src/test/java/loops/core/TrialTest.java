package loops.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import loops.core.training.DataModule;
import loops.core.training.FitPlan;
import loops.core.training.FitResult;
import loops.core.training.Limit;
import loops.core.training.OptimizerPlan;
import loops.core.training.Step;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.optim.Sgd;

/// A fast dev run is so many batches of each loop, however many steps are made on them.
class TrialTest {
    private static final DataModule DATA = Slope.data(Slope.points(10, 2));

    /// Counts its batches.
    private static class Counted extends Slope {
        int batches;

        @Override
        public @Nullable Tensor trainingStep(Batch batch, Step step) {
            batches = Math.max(batches, step.batchIndex() + 1);
            return loss(batch);
        }
    }

    private static final class Two extends Counted {
        @Override
        public OptimizerPlan configureOptimizers() {
            return OptimizerPlan.of(
                    Sgd.of(parameters().subList(0, 1), 0.1),
                    Sgd.of(parameters().subList(1, 2), 0.1));
        }
    }

    private static final class ByHand extends Counted {
        @Override
        public boolean automaticOptimization() {
            return false;
        }

        @Override
        public @Nullable Tensor trainingStep(Batch batch, Step step) {
            for (int i = 0; i < 3; i++) {
                step.zeroGrad(0);
                step.backward(loss(batch));
                step.optimizerStep(0);
            }
            return super.trainingStep(batch, step);
        }
    }

    private static FitResult tried(Counted module, int accumulate) {
        return Trainer.of(config ->
                        config.maxSteps(1).fastDevRun(3).plan(plan -> plan.accumulate(accumulate)))
                .fit(module, DATA);
    }

    @Test
    void aTrialTrainsOnAllOfItsBatchesWithTwoOptimizers() {
        var module = new Two();

        var result = tried(module, 1);

        assertEquals(List.of(3L, 6L), List.of((long) module.batches, result.globalStep()));
        assertEquals(1, result.epochs());
    }

    @Test
    void aTrialTrainsOnAllOfItsBatchesWhereTheyAreAccumulated() {
        var module = new Counted();

        var result = tried(module, 2);

        assertEquals(List.of(3L, 2L), List.of((long) module.batches, result.globalStep()));
    }

    @Test
    void aTrialTrainsOnAllOfItsBatchesByHand() {
        var module = new ByHand();

        var result = tried(module, 1);

        assertEquals(List.of(3L, 9L), List.of((long) module.batches, result.globalStep()));
    }

    @Test
    void aTrialLimitsBatchesAndEpochs() {
        var plan = FitPlan.of(config -> config.maxSteps(7).fastDevRun(4));

        assertEquals(Limit.batches(4), plan.trainLimit());
        assertEquals(List.of(1L, -1L), List.of((long) plan.maxEpochs(), plan.maxSteps()));
    }
}
