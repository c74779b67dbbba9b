package loops.core.callback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import loops.api.LoopTrace;
import loops.core.Slope;
import loops.core.Trainer;
import loops.core.training.Callback;
import loops.core.training.FitResult;
import loops.core.training.HookPoint;
import loops.core.training.OptimizerPlan;
import loops.core.training.Step;
import org.junit.jupiter.api.Test;
import tensor.api.Parameter;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.optim.Lbfgs;
import tensor.optim.Sgd;

class NanGuardTest {
    private static final String ADVICE =
            "; lower the learning rate, clip gradients, or look at the batch";

    /// Has a loss of its own in the third batch of the second epoch.
    private static class Breaking extends Slope {
        private final double factor;
        private final double summand;

        Breaking(double factor, double summand) {
            this.factor = factor;
            this.summand = summand;
        }

        @Override
        public Tensor trainingStep(Batch batch, Step step) {
            var loss = loss(batch);
            return step.epoch() == 1 && step.batchIndex() == 2
                    ? loss.mul(factor).add(summand)
                    : loss;
        }
    }

    /// Has an optimizer for the slope and one for the height.
    private static final class Two extends Breaking {
        Two() {
            super(1, Double.POSITIVE_INFINITY);
        }

        @Override
        public OptimizerPlan configureOptimizers() {
            var both = parameters();
            return OptimizerPlan.of(
                    Sgd.of(List.of(both.get(0)), 0.1), Sgd.of(List.of(both.get(1)), 0.1));
        }
    }

    private static FitResult fit(Slope module, Callback... callbacks) {
        return Trainer.of(config -> config.maxEpochs(3).callbacks(callbacks))
                .fit(module, Slope.data(Slope.points(4, 1)));
    }

    private static String failure(Slope module) {
        return String.valueOf(
                assertThrows(ArithmeticException.class, () -> fit(module, NanGuard.failing()))
                        .getMessage());
    }

    @Test
    void aLossThatIsNotFiniteEndsTheRunBeforeItChangesAnything() {
        var module = new Breaking(1, Double.NaN);

        assertEquals(
                "NanGuard: the loss is NaN in epoch 1, batch 2, optimizer 0" + ADVICE,
                failure(module));
        assertTrue(module.values().stream().allMatch(Double::isFinite));
    }

    @Test
    void theOptimizerThatHasItsTurnIsNamed() {
        assertEquals(
                "NanGuard: the loss is Infinity in epoch 1, batch 2, optimizer 0" + ADVICE,
                failure(new Two()));
    }

    @Test
    void aGradientThatIsNotFiniteEndsTheRunBeforeItChangesAnything() {
        var module =
                new Slope() {
                    @Override
                    public Tensor trainingStep(Batch batch, Step step) {
                        var zero = line.apply(batch.input()).mul(0).sum();
                        return loss(batch).add(zero.sqrt()); // its derivative is infinite
                    }
                };

        var message = failure(module);

        assertEquals(
                "NanGuard: the gradient of 'line.weight' is not finite in epoch 0, batch 0,"
                        + " optimizer 0"
                        + ADVICE,
                message);
        assertTrue(module.values().stream().allMatch(Double::isFinite));
    }

    /// Two optimizers that look at the loss several times in a step; that of the second is not finite when it looks for the
    /// third time.
    private static final class Closures extends Slope {
        private int looks;

        @Override
        public Tensor trainingStep(Batch batch, Step step) {
            looks += step.optimizerIndex();
            return step.optimizerIndex() == 1 && looks == 3
                    ? loss(batch).add(Double.NaN)
                    : loss(batch);
        }

        @Override
        public OptimizerPlan configureOptimizers() {
            var both = parameters();
            return OptimizerPlan.of(
                    Sgd.of(List.of(both.get(0)), 0.1), Lbfgs.of(List.of(both.get(1)), 0.1));
        }
    }

    @Test
    void inAClosureTheFirstLossThatIsNotFiniteEndsTheRunWithTheLoopAndTheOptimizer() {
        var module = new Closures();

        var thrown = assertThrows(ArithmeticException.class, () -> fit(module, NanGuard.failing()));

        assertEquals(
                "NanGuard: the loss is NaN in epoch 0, batch 0, optimizer 1" + ADVICE,
                thrown.getMessage());
        assertEquals(
                "in loop 'fit_loop.epoch_loop.batch_loop.optimizer_loop', advance",
                LoopTrace.of(thrown).orElseThrow().getMessage());
        assertEquals(3, module.looks);
        assertTrue(module.values().stream().allMatch(Double::isFinite));
        assertTrue(module.parameters().stream().allMatch(Parameter::requiresGrad));
    }

    @Test
    void aStoppingGuardDropsTheGradientsAndAsksForAStop() {
        var before = new double[2];
        var module = new Breaking(Double.NaN, 0);
        var watch =
                LambdaCallback.on(
                        HookPoint.BEFORE_BACKWARD,
                        run -> {
                            before[0] = module.values().get(0);
                            before[1] = module.values().get(1);
                        });

        var result = fit(module, watch, NanGuard.stopping());

        assertEquals(
                Optional.of("NanGuard: the loss is NaN in epoch 1, batch 2, optimizer 0" + ADVICE),
                result.stopReason());
        assertEquals(List.of(before[0], before[1]), module.values());
        assertEquals(2, result.epochs());
    }

    @Test
    void finiteNumbersPass() {
        var result = fit(new Slope(), NanGuard.failing());

        assertEquals(12, result.globalStep());
    }

    @Test
    void theBatchInWorkIsSaved() {
        var guard = NanGuard.failing();
        fit(new Slope(), guard);
        var other = NanGuard.failing();

        other.loadStateDict(guard.stateDict());

        assertEquals(3, other.stateDict().num("batch"));
    }
}
