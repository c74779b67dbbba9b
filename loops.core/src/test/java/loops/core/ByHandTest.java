package loops.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.Supplier;
import loops.api.LoopState.Fields;
import loops.api.testkit.ResumeCheck;
import loops.api.testkit.Scenario;
import loops.core.loop.FitLoop;
import loops.core.loop.ManualOptimization;
import loops.core.loop.OptimizerLoop;
import loops.core.training.Clip;
import loops.core.training.DataModule;
import loops.core.training.FitPlan;
import loops.core.training.FitRun;
import loops.core.training.OptimizerPlan;
import loops.core.training.PlannedOptimizer;
import loops.core.training.Step;
import loops.core.training.TensorState;
import loops.core.training.TrainingModule;
import loops.core.training.TrainingScope;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.data.DataLoader;
import tensor.nn.Linear;
import tensor.optim.Clipping;
import tensor.optim.Lbfgs;
import tensor.optim.Optimizer;
import tensor.optim.Scheduler;
import tensor.optim.Schedules;
import tensor.optim.Sgd;

/// What the loops do is what a plain loop written by hand does, bit for bit: L-BFGS, and manual optimization.
class ByHandTest {
    private static final int EPOCHS = 3;

    private static DataLoader points() {
        return Slope.points(5, 2);
    }

    /// {@return the values of a module after a fit by the trainer}
    private static Fields fitted(TrainingModule module) {
        Trainer.of(config -> config.maxEpochs(EPOCHS).seed(4)).fit(module, DataModule.of(points()));
        return TensorState.fields(module.stateDict());
    }

    /// {@return the values of a module after a loop written by hand}
    private static <M extends TrainingModule> Fields plain(
            M module, Function<M, java.util.function.Consumer<Batch>> training) {
        module.initialize(RandomKey.of(4).fold("module"));
        var train = training.apply(module);
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            try (var batches = points().open(epoch, 0)) {
                while (batches.hasNext()) {
                    train.accept(batches.next());
                }
            }
        }
        return TensorState.fields(module.stateDict());
    }

    private static Supplier<Scenario<FitRun, loops.core.training.FitResult>> scenarios(
            Supplier<TrainingModule> modules) {
        return () -> {
            var scope = TrainingScope.of(modules.get(), RandomKey.of(4));
            var plan = FitPlan.of(config -> config.maxEpochs(2));
            var run = FitRun.of(scope, DataModule.of(points()), plan);
            return new Scenario<>(new FitLoop(), run, FitSpec.world(run));
        };
    }

    // ---- L-BFGS

    /// A line that is fitted by L-BFGS: by the loops, or by itself.
    private static final class Quadratic extends Slope {
        private final boolean manual;
        private final boolean wolfe;

        Quadratic(boolean manual, boolean wolfe) {
            this.manual = manual;
            this.wolfe = wolfe;
        }

        Optimizer optimizer() {
            return Lbfgs.of(
                    parameters(),
                    0.5,
                    config -> {
                        config.maxIterations(4).historySize(3);
                        if (wolfe) {
                            config.strongWolfe();
                        }
                    });
        }

        @Override
        public @Nullable Tensor trainingStep(Batch batch, Step step) {
            if (!manual) {
                return super.trainingStep(batch, step);
            }
            step.optimization()
                    .optimizerStep(
                            0,
                            () -> {
                                step.zeroGrad(0);
                                var loss = loss(batch);
                                step.backward(loss);
                                return OptionalDouble.of(loss.item());
                            });
            return loss(batch);
        }

        @Override
        public boolean automaticOptimization() {
            return !manual;
        }

        @Override
        public OptimizerPlan configureOptimizers() {
            return OptimizerPlan.of(optimizer());
        }
    }

    private static Fields plainly(boolean wolfe) {
        return plain(
                new Quadratic(false, wolfe),
                module -> {
                    var optimizer = module.optimizer();
                    return batch ->
                            optimizer.step(() -> {
                                optimizer.zeroGrad();
                                var loss = module.loss(batch);
                                loss.backward();
                                return OptionalDouble.of(loss.item());
                            });
                });
    }

    @Test
    void lbfgsGivesTheBitsOfAPlainLoop() {
        for (boolean wolfe : List.of(false, true)) {
            assertEquals(plainly(wolfe), fitted(new Quadratic(false, wolfe)));
            assertEquals(plainly(wolfe), fitted(new Quadratic(true, wolfe)));
        }
    }

    @Test
    void aStepOfManyClosuresCountsOnce() {
        var trainer = Trainer.of(config -> config.maxEpochs(EPOCHS));

        var result = trainer.fit(new Quadratic(false, false), DataModule.of(points()));

        assertEquals(9, result.globalStep());
        var steps = ((OptimizerLoop) trainer.slots().optimizer().get()).stepProgress();
        assertEquals(9, steps.total().ready());
        assertEquals(9, steps.total().completed());
        var zeroGrads = ((OptimizerLoop) trainer.slots().optimizer().get()).zeroGradProgress();
        assertTrue(zeroGrads.total().completed() > 9);

        var byHand = trainer.fit(new Quadratic(true, false), DataModule.of(points()));

        assertEquals(9, byHand.globalStep());
        var manual = ((ManualOptimization) trainer.slots().manual().get()).stepProgress();
        assertEquals(9, manual.total().completed());
    }

    @Test
    void lbfgsIsCutAnywhereAndGoneOnWith() {
        for (boolean manual : List.of(false, true)) {
            int cuts = ResumeCheck.everyCut(scenarios(() -> new Quadratic(manual, true)));

            assertTrue(cuts > 20, () -> cuts + " cuts");
        }
    }

    @Test
    void lbfgsDoesNotAccumulate() {
        var refused =
                assertThrows(
                        IllegalStateException.class,
                        () ->
                                Trainer.of(config -> config.maxEpochs(1).accumulate(2))
                                        .fit(new Quadratic(false, false), DataModule.of(points())));

        assertEquals(
                "OptimizerLoop: optimizer 0 computes its loss several times a step, and 2 batches are accumulated; accumulate 1",
                refused.getMessage());
    }

    /// A slope that is learned by hand, before its loss is computed.
    private abstract static class SlopeByHand extends Slope {
        abstract void optimize(Step step);

        @Override
        public boolean automaticOptimization() {
            return false;
        }

        @Override
        public Tensor trainingStep(Batch batch, Step step) {
            optimize(step);
            return loss(batch);
        }
    }

    @Test
    void anOptimizerThatNeedsAClosureGetsOne() {
        var module =
                new SlopeByHand() {
                    @Override
                    void optimize(Step step) {
                        step.optimizerStep(0);
                    }

                    @Override
                    public OptimizerPlan configureOptimizers() {
                        return OptimizerPlan.of(Lbfgs.of(parameters(), 1));
                    }
                };

        assertEquals(
                "Lbfgs: a step calls for losses and gradients several times; use step(closure)",
                assertThrows(IllegalStateException.class, () -> fitted(module)).getMessage());
    }

    // ---- manual optimization

    /// Two optimizers by hand: one steps at each batch, clipped and scheduled, the other at every second.
    private static final class TwoByHand extends TrainingModule {
        private final Linear first = child("first", Linear.of(1, 2));
        private final Linear second = child("second", Linear.of(2, 1));
        final List<String> learning = new ArrayList<>();

        Tensor loss(Batch batch) {
            return second.apply(first.apply(batch.input()).tanh())
                    .sub(batch.target())
                    .square()
                    .mean();
        }

        @Override
        public boolean automaticOptimization() {
            return false;
        }

        @Override
        public Tensor trainingStep(Batch batch, Step step) {
            var control = step.optimization();
            control.toggled(
                    0,
                    () -> {
                        learning.add(
                                first.weight().requiresGrad()
                                        + " "
                                        + second.weight().requiresGrad());
                        control.zeroGrad(0);
                        control.backward(loss(batch));
                        control.clip(0, Clip.norm(0.5));
                        control.optimizerStep(0);
                        control.schedulers(0).getFirst().scheduler().step();
                    });
            control.toggled(
                    1,
                    () -> {
                        if (step.batchIndex() % 2 == 0) {
                            control.zeroGrad(1);
                        }
                        control.backward(loss(batch));
                        control.clip(1, Clip.value(0.1));
                        if (step.batchIndex() % 2 == 1) {
                            control.optimizerStep(1);
                        }
                    });
            return loss(batch);
        }

        Optimizer firstOptimizer() {
            return Sgd.of(first.parameters(), 0.1, config -> config.momentum(0.9));
        }

        Optimizer secondOptimizer() {
            return Sgd.of(second.parameters(), 0.05);
        }

        @Override
        public OptimizerPlan configureOptimizers() {
            var scheduled = firstOptimizer();
            return OptimizerPlan.of(
                    PlannedOptimizer.of(scheduled)
                            .schedule(Scheduler.of(scheduled, Schedules.exponential(0.9))),
                    PlannedOptimizer.of(secondOptimizer()));
        }
    }

    @Test
    void manualOptimizationGivesTheBitsOfAPlainLoop() {
        var plain =
                plain(
                        new TwoByHand(),
                        module -> {
                            var first = module.firstOptimizer();
                            var second = module.secondOptimizer();
                            var schedule = Scheduler.of(first, Schedules.exponential(0.9));
                            int[] batch = {0};
                            return samples -> {
                                module.second.parameters().forEach(p -> p.requiresGrad(false));
                                first.zeroGrad();
                                module.loss(samples).backward();
                                Clipping.clipGradientNorm(first.parameters(), 0.5, 2);
                                first.step();
                                schedule.step();
                                module.second.parameters().forEach(p -> p.requiresGrad(true));
                                module.first.parameters().forEach(p -> p.requiresGrad(false));
                                int index = batch[0]++ % 3;
                                if (index % 2 == 0) {
                                    second.zeroGrad();
                                }
                                module.loss(samples).backward();
                                Clipping.clipGradientValue(second.parameters(), 0.1);
                                if (index % 2 == 1) {
                                    second.step();
                                }
                                module.first.parameters().forEach(p -> p.requiresGrad(true));
                            };
                        });
        var module = new TwoByHand();

        assertEquals(plain, fitted(module));
        assertEquals("true false", module.learning.getFirst());
        assertTrue(module.parameters().stream().allMatch(tensor.api.Parameter::requiresGrad));
    }

    @Test
    void stepsByHandAreCounted() {
        var trainer = Trainer.of(config -> config.maxEpochs(EPOCHS));

        var result = trainer.fit(new TwoByHand(), DataModule.of(points()));

        assertEquals(9 + 3, result.globalStep());
        var progress = ((ManualOptimization) trainer.slots().manual().get()).stepProgress();
        assertEquals(12, progress.total().completed());
        assertEquals(4, progress.current().completed());
    }

    @Test
    void manualOptimizationIsCutAnywhereAndGoneOnWith() {
        assertTrue(ResumeCheck.everyCut(scenarios(TwoByHand::new)) > 20);
    }

    @Test
    void anOptimizerThatIsNotThereIsRefused() {
        var module =
                new SlopeByHand() {
                    @Override
                    void optimize(Step step) {
                        step.zeroGrad(1);
                    }
                };

        assertEquals(
                "Step: optimizer is 1 and the module plans 1; they are counted from 0",
                assertThrows(IllegalArgumentException.class, () -> fitted(module)).getMessage());
    }

    @Test
    void whatTheModuleDoesItselfIsNotPlannedToo() {
        var data = DataModule.of(points());

        assertEquals(
                "Trainer: TwoByHand optimizes manually and the plan clips gradients; clip in trainingStep, by step.optimization().clip(..)",
                assertThrows(
                                IllegalArgumentException.class,
                                () ->
                                        Trainer.of(config ->
                                                        config.plan(
                                                                plan -> plan.clip(Clip.norm(1))))
                                                .fit(new TwoByHand(), data))
                        .getMessage());
        assertEquals(
                "Trainer: TwoByHand optimizes manually and the plan accumulates {0=2} batches; accumulate in trainingStep",
                assertThrows(
                                IllegalArgumentException.class,
                                () ->
                                        Trainer.of(config -> config.accumulate(2))
                                                .fit(new TwoByHand(), data))
                        .getMessage());
    }
}
