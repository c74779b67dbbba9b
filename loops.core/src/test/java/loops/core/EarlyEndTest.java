package loops.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import loops.core.callback.EarlyStopping;
import loops.core.callback.LambdaCallback;
import loops.core.callback.Mode;
import loops.core.training.Callback;
import loops.core.training.FitPlan;
import loops.core.training.FitResult;
import loops.core.training.HookPoint;
import loops.core.training.OptimizerPlan;
import loops.core.training.PlannedOptimizer;
import loops.core.training.PlannedScheduler;
import loops.core.training.RunView;
import loops.core.training.Step;
import org.junit.jupiter.api.Test;
import tensor.data.Batch;
import tensor.optim.ReduceOnPlateau;
import tensor.optim.Sgd;

/// Epochs that are ended early have no validation, and whoever looks at one waits for the next.
class EarlyEndTest {
    /// Its validation loss falls with every epoch.
    private static class Falling extends Slope {
        private int epoch;

        @Override
        public void onTrainEpochStart(RunView run) {
            epoch = run.epoch();
        }

        @Override
        public void validationStep(Batch batch, Step step) {
            step.log("val_loss", 5.0 - epoch);
        }
    }

    private static final class Scheduled extends Falling {
        private final UnaryOperator<PlannedScheduler> how;

        Scheduled(UnaryOperator<PlannedScheduler> how) {
            this.how = how;
        }

        @Override
        public OptimizerPlan configureOptimizers() {
            var optimizer = Sgd.of(parameters(), 0.1);
            return OptimizerPlan.of(
                    PlannedOptimizer.of(optimizer)
                            .schedule(
                                    ReduceOnPlateau.of(optimizer),
                                    given -> how.apply(given.monitoring("val_loss"))));
        }
    }

    private static Callback ending(int epoch) {
        return LambdaCallback.on(
                HookPoint.TRAIN_BATCH_START,
                run -> {
                    if (run.epoch() == epoch) {
                        run.endEpoch("enough of it");
                    }
                });
    }

    private static FitResult fit(
            Slope module, Consumer<FitPlan.Config> plan, Callback... callbacks) {
        return Trainer.of(config -> config.maxEpochs(5).plan(plan).callbacks(callbacks))
                .fit(module, Slope.data(Slope.points(4, 2)));
    }

    @Test
    void aSchedulerWaitsForTheFirstValidationAfterIt() {
        assertEquals(
                5, fit(new Scheduled(given -> given.perStep()), plan -> {}, ending(0)).epochs());
        assertEquals(
                5,
                fit(new Scheduled(given -> given), plan -> plan.validateEveryEpochs(2), ending(1))
                        .epochs());
    }

    @Test
    void earlyStoppingWaitsForItToo() {
        var stopping = EarlyStopping.of("val_loss", Mode.MIN, config -> config.patience(1));

        var result = fit(new Falling(), plan -> {}, ending(0), stopping);

        assertEquals(5, result.epochs());
        assertEquals(4, stopping.checks());
    }

    @Test
    void earlyStoppingDoesNotLookAtAValueTwice() {
        var stopping = EarlyStopping.of("val_loss", Mode.MIN, config -> config.patience(1));

        var result = fit(new Falling(), plan -> {}, ending(2), stopping);

        assertEquals(Optional.empty(), result.stopReason());
        assertEquals(List.of(5, 4), List.of(result.epochs(), stopping.checks()));
    }
}
