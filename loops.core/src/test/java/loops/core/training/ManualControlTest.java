package loops.core.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.BiConsumer;
import loops.core.Slope;
import loops.core.loop.ManualOptimization;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import tensor.api.Parameter;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.nn.Linear;
import tensor.optim.Scheduler;
import tensor.optim.Schedules;
import tensor.optim.Sgd;

/// A loop of manual optimization is run on one batch; the body of the step is said by each test.
class ManualControlTest {
    private final List<String> heard = new ArrayList<>();
    private final ManualOptimization loop = new ManualOptimization();

    /// Two lines with an optimizer each; the second optimizer has two schedulers.
    private final class Two extends Slope {
        private final Linear first = line;
        private final Linear second = child("second", Linear.of(1, 1));
        private final BiConsumer<Two, Step> body;
        private Tensor loss = Tensor.scalar(0f);

        Two(BiConsumer<Two, Step> body) {
            this.body = body;
        }

        @Override
        public @Nullable Tensor trainingStep(Batch batch, Step step) {
            loss = second.apply(line.apply(batch.input())).square().mean();
            body.accept(this, step);
            return null;
        }

        @Override
        public OptimizerPlan configureOptimizers() {
            var later = Sgd.of(second.parameters(), 0.1);
            return OptimizerPlan.of(
                    PlannedOptimizer.of(Sgd.of(line.parameters(), 0.1)),
                    PlannedOptimizer.of(later)
                            .schedule(Scheduler.of(later, Schedules.exponential(0.5)))
                            .schedule(Scheduler.of(later, Schedules.exponential(0.25))));
        }

        @Override
        public void onBeforeBackward(RunView run, Tensor loss) {
            heard.add("onBeforeBackward");
        }

        @Override
        public void onAfterBackward(RunView run) {
            heard.add("onAfterBackward");
        }

        @Override
        public void onBeforeOptimizerStep(RunView run, TrainingOptimizer optimizer) {
            heard.add("onBeforeOptimizerStep " + optimizer.index());
        }

        @Override
        public boolean automaticOptimization() {
            return false;
        }
    }

    /// Runs the body in a step, and gives the scope of the run.
    private TrainingScope run(BiConsumer<Two, Step> body) {
        var scope = TrainingScope.of(new Two(body), RandomKey.of(1));
        var data = Slope.data(Slope.points(2, 2));
        var fit = FitRun.of(scope, data, FitPlan.of(plan -> {}));
        try (var cursor = data.trainBatches().open(0, 0)) {
            var batch = cursor.next();
            var whole = new EpochRun(fit, 0).batch(batch, 0, true);
            loop.run(whole.whole());
        }
        return scope;
    }

    private static boolean trained(List<Parameter> parameters) {
        return parameters.stream().allMatch(parameter -> parameter.grad().isPresent());
    }

    @Test
    void passesAndStepsFireTheirHooksAndAreCounted() {
        var scope =
                run((module, step) -> {
                    step.zeroGrad(0);
                    step.backward(module.loss);
                    step.backward(module.loss);
                    step.optimizerStep(1);
                    step.optimizerStep(1);
                    step.optimizerStep(0);
                });

        assertEquals(
                List.of(
                        "onBeforeBackward",
                        "onAfterBackward",
                        "onBeforeBackward",
                        "onAfterBackward",
                        "onBeforeOptimizerStep 1",
                        "onBeforeOptimizerStep 1",
                        "onBeforeOptimizerStep 0"),
                heard);
        assertEquals(3, scope.globalStep());
        assertEquals(1, scope.optimizers().getFirst().steps());
        assertEquals(2, scope.optimizers().getLast().steps());
        assertEquals(3, loop.stepProgress().current().completed());
    }

    @Test
    void backwardAddsToTheGradientsAndZeroGradDropsThoseOfOneOptimizer() {
        run((module, step) -> {
            step.backward(module.loss);
            double once = module.first.weight().grad().orElseThrow().item();

            step.backward(module.loss);
            step.zeroGrad(1);

            assertEquals(2 * once, module.first.weight().grad().orElseThrow().item(), 1e-4 * once);
            assertTrue(trained(module.first.parameters()));
            assertFalse(trained(module.second.parameters()));
        });
    }

    @Test
    void aClosureWithoutALossMakesNoStep() {
        var scope =
                run((module, step) -> {
                    var control = step.optimization();
                    control.optimizerStep(0, OptionalDouble::empty);
                    control.optimizerStep(
                            1,
                            () -> {
                                control.backward(module.loss);
                                return OptionalDouble.of(module.loss.item());
                            });
                });

        assertEquals(
                List.of("onBeforeBackward", "onAfterBackward", "onBeforeOptimizerStep 1"), heard);
        assertEquals(0, scope.optimizers().getFirst().steps());
        assertEquals(1, scope.globalStep());
        assertEquals(2, loop.stepProgress().current().ready());
        assertEquals(1, loop.stepProgress().current().completed());
    }

    @Test
    void theGradientsOfOneOptimizerAreClipped() {
        run((module, step) -> {
            step.backward(module.loss);
            double other = module.second.weight().grad().orElseThrow().item();

            step.optimization().clip(0, Clip.value(1e-3));

            assertEquals(1e-3, Math.abs(module.first.weight().grad().orElseThrow().item()), 1e-8);
            assertEquals(other, module.second.weight().grad().orElseThrow().item());
        });
    }

    @Test
    void whileOneOptimizerIsToggledOnlyItsParametersLearnAlsoIfTheBodyThrows() {
        run((module, step) -> {
            var boom = new IllegalStateException("boom");

            var thrown =
                    assertThrows(
                            IllegalStateException.class,
                            () ->
                                    step.optimization()
                                            .toggled(
                                                    1,
                                                    () -> {
                                                        assertFalse(
                                                                module.first
                                                                        .weight()
                                                                        .requiresGrad());
                                                        assertTrue(
                                                                module.second
                                                                        .weight()
                                                                        .requiresGrad());
                                                        throw boom;
                                                    }));

            assertEquals(boom, thrown);
            assertTrue(module.first.weight().requiresGrad());
        });
    }

    @Test
    void theModuleMovesTheSchedulersOfEachOptimizer() {
        var scope =
                run((module, step) -> {
                    var schedulers = step.optimization().schedulers(1);
                    assertEquals(2, schedulers.size());
                    assertEquals(List.of(), step.optimization().schedulers(0));
                    schedulers.getFirst().scheduler().step();
                });

        assertEquals(0.05, scope.optimizers().getLast().learningRate(), 1e-9);
        assertEquals(0.1, scope.optimizers().getFirst().learningRate(), 1e-9);
    }

    @Test
    void anOptimizerThatIsNotPlannedIsRefused() {
        run((module, step) -> {
            var control = step.optimization();
            assertNotPlanned(2, () -> step.zeroGrad(2));
            assertNotPlanned(-1, () -> step.optimizerStep(-1));
            assertNotPlanned(2, () -> control.optimizerStep(2, OptionalDouble::empty));
            assertNotPlanned(2, () -> control.clip(2, Clip.norm(1)));
            assertNotPlanned(2, () -> control.toggled(2, () -> {}));
            assertNotPlanned(2, () -> control.schedulers(2));
        });
    }

    private static void assertNotPlanned(int optimizer, Executable refused) {
        assertEquals(
                "Step: optimizer is %d and the module plans 2; they are counted from 0"
                        .formatted(optimizer),
                assertThrows(IllegalArgumentException.class, refused).getMessage());
    }
}
