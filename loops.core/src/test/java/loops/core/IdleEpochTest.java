package loops.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import loops.core.callback.LambdaCallback;
import loops.core.training.Callback;
import loops.core.training.HookPoint;
import loops.core.training.OptimizerPlan;
import loops.core.training.Step;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tensor.api.Tensor;
import tensor.data.Batch;

/// Epochs in which nothing is learned, of which there may be no end.
class IdleEpochTest {
    private static final String LEFT_OUT =
            "trainingStep gave no loss for optimizer 0 in batch 0; such steps are left out";

    /// Has a loss in the first epochs only.
    private static class Drying extends Slope {
        private final int from;

        Drying(int from) {
            this.from = from;
        }

        @Override
        public @Nullable Tensor trainingStep(Batch batch, Step step) {
            return step.epoch() < from ? loss(batch) : null;
        }
    }

    private static List<String> said(
            Slope module, UnaryOperator<TrainerConfig> how, Callback... more) {
        var enough =
                LambdaCallback.on(
                        HookPoint.TRAIN_EPOCH_START,
                        run -> {
                            if (run.epoch() == 4) {
                                run.stop("enough");
                            }
                        });
        var callbacks = new ArrayList<Callback>(List.of(more));
        callbacks.add(enough);
        try (var warnings = new WarningsHeard()) {
            var _ =
                    Trainer.of(config ->
                                    how.apply(config).callbacks(callbacks.toArray(Callback[]::new)))
                            .fit(module, Slope.data(Slope.points(4, 2)));
            return warnings.lines();
        }
    }

    @Test
    void anEpochWithoutAStepIsToldOfOnceWhereOnlyStepsAreLimited() {
        assertEquals(
                List.of(
                        LEFT_OUT,
                        "no optimizer made a step in epoch 0; give a loss in trainingStep, or set maxEpochs: the fit does not end by itself"),
                said(new Drying(0), config -> config.maxSteps(20)));
    }

    @Test
    void aLaterEpochWithoutAStepIsToldOfToo() {
        assertEquals(
                List.of(
                        LEFT_OUT,
                        "no optimizer made a step in epoch 2; give a loss in trainingStep"),
                said(new Drying(2), config -> config.maxEpochs(5)));
    }

    @Test
    void aModuleThatOptimizesByItselfIsToldToCallTheStep() {
        var module =
                new Slope() {
                    @Override
                    public boolean automaticOptimization() {
                        return false;
                    }
                };

        assertEquals(
                List.of(
                        "no optimizer made a step in epoch 0; call optimizerStep in trainingStep, or set maxEpochs: the fit does not end by itself"),
                said(module, config -> config.maxSteps(20)));
    }

    @Test
    void anEpochThatIsCutOrHasNoOptimizersIsNotToldOf() {
        var without =
                new Slope() {
                    @Override
                    public OptimizerPlan configureOptimizers() {
                        return OptimizerPlan.none();
                    }
                };
        var cut = LambdaCallback.on(HookPoint.TRAIN_BATCH_END, run -> run.endEpoch("enough"));

        assertEquals(
                List.of("Slope configures no optimizers; it is run, and nothing is learned"),
                said(without, config -> config.maxEpochs(2)).stream()
                        .map(line -> line.replaceFirst("^\\S*", "Slope"))
                        .toList());
        assertEquals(List.of(LEFT_OUT), said(new Drying(0), config -> config.maxEpochs(2), cut));
    }
}
