package loops.core.callback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import loops.core.Slope;
import loops.core.Trainer;
import loops.core.training.FitPlan;
import loops.core.training.HookPoint;
import org.junit.jupiter.api.Test;

class GradientAccumulationSchedulerTest {
    private static void fit(GradientAccumulationScheduler scheduler, Slope module) {
        Trainer.of(config -> config.maxEpochs(1).callbacks(scheduler))
                .fit(module, Slope.data(Slope.points(4, 1)));
    }

    @Test
    void theFactorOfAnEpochIsTheLatestOneFromItOn() {
        var steps = new ArrayList<Long>();
        var scheduler = GradientAccumulationScheduler.of(Map.of(1, 4, 3, 2));

        Trainer.of(config ->
                        config.maxEpochs(5)
                                .callbacks(
                                        scheduler,
                                        LambdaCallback.on(
                                                HookPoint.TRAIN_EPOCH_END,
                                                run -> steps.add(run.globalStep()))))
                .fit(new Slope(), Slope.data(Slope.points(4, 1)));

        assertEquals(List.of(4L, 5L, 6L, 8L, 10L), steps);
        assertEquals(Map.of(0, 1, 1, 4, 3, 2), scheduler.factors().factors());
    }

    @Test
    void aFitThatIsResumedAccumulatesAsTheUndisturbedOne() throws IOException {
        new CutFits(
                        Slope::new,
                        Slope.data(Slope.points(5, 1)),
                        () -> GradientAccumulationScheduler.of(Map.of(0, 2, 1, 3)),
                        config -> {})
                .assertLaw(16);
    }

    @Test
    void noFactorsAreRefused() {
        var refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> GradientAccumulationScheduler.of(Map.of()));

        assertEquals(
                "GradientAccumulationScheduler: there are no factors; give one at least, as"
                        + " Map.of(4, 2)",
                refused.getMessage());
    }

    @Test
    void factorsInThePlanTooAreRefused() {
        var trainer =
                Trainer.of(config ->
                        config.plan((FitPlan.Config plan) -> plan.accumulate(2))
                                .callbacks(GradientAccumulationScheduler.of(Map.of(1, 4))));

        var refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> trainer.fit(new Slope(), Slope.data(Slope.points(4, 1))));

        assertEquals(
                "GradientAccumulationScheduler: accumulates {0=1, 1=4} and the plan {0=2}; leave"
                        + " out one of them",
                refused.getMessage());
    }

    @Test
    void aModuleThatOptimizesManuallyIsRefused() {
        var manual =
                new Slope() {
                    @Override
                    public boolean automaticOptimization() {
                        return false;
                    }
                };

        var refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> fit(GradientAccumulationScheduler.of(Map.of(1, 4)), manual));

        assertEquals(
                "GradientAccumulationScheduler: %s optimizes manually; accumulate in trainingStep"
                        .formatted(manual.getClass().getSimpleName()),
                refused.getMessage());
    }
}
