package loops.recipes;

import static loops.recipes.SmallGan.CRITIC;
import static loops.recipes.SmallGan.GENERATOR;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import loops.api.testkit.HookOrderCheck;
import loops.core.Trainer;
import loops.core.loop.OptimizerLoop;
import loops.core.training.BatchResult;
import loops.core.training.BatchRun;
import loops.core.training.Callback;
import loops.core.training.Clip;
import loops.core.training.EpochRun;
import loops.core.training.FitPlan;
import loops.core.training.FitRun;
import loops.core.training.Hooks;
import loops.core.training.OptimizerPlan;
import loops.core.training.RunView;
import loops.core.training.SaveRequest;
import loops.core.training.SplitRun;
import loops.core.training.Step;
import loops.core.training.TensorState;
import loops.core.training.TrainingModule;
import loops.core.training.TrainingOptimizer;
import loops.core.training.TrainingScope;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.layout.Shape;

/// What both forms of a yielding step have in common.
class YieldLoopTest {
    static List<Supplier<OptimizerLoop>> forms() {
        return Scripted.FORMS;
    }

    /// Writes down the hooks of a step.
    private record Heard(List<String> lines) implements Callback {
        @Override
        public void onBeforeZeroGrad(RunView run, TrainingOptimizer optimizer) {
            lines.add("onBeforeZeroGrad " + optimizer.index());
        }

        @Override
        public void onBeforeBackward(RunView run, Tensor loss) {
            lines.add("onBeforeBackward");
        }

        @Override
        public void onAfterBackward(RunView run) {
            lines.add("onAfterBackward");
        }

        @Override
        public void onBeforeOptimizerStep(RunView run, TrainingOptimizer optimizer) {
            lines.add("onBeforeOptimizerStep " + optimizer.index() + " at " + run.globalStep());
        }

        @Override
        public void onTrainBatchEnd(RunView run, BatchResult result, Batch batch, int index) {
            lines.add("onTrainBatchEnd");
        }
    }

    @ParameterizedTest
    @MethodSource("forms")
    void aTurnIsMadeWhereItsLossIsYielded(Supplier<OptimizerLoop> form) {
        var lines = new ArrayList<String>();
        var module =
                new Scripted((self, batch, step, y) -> {
                    lines.add("step, optimizer " + step.optimizerIndex());
                    y.yield(0, self.loss(0, batch));
                    lines.add("between, optimizer " + step.optimizerIndex());
                    y.yield(1, self.loss(1, batch));
                    lines.add("at the end");
                });

        module.fit(form, new Heard(lines));

        assertEquals(
                """
                step, optimizer 0
                onBeforeBackward
                onAfterBackward
                onBeforeOptimizerStep 0 at 2
                between, optimizer 1
                onBeforeBackward
                onAfterBackward
                onBeforeOptimizerStep 1 at 3
                at the end
                onTrainBatchEnd
                """,
                String.join("\n", lines.subList(lines.size() / 2, lines.size()))
                                .replaceAll("onBeforeZeroGrad \\d\n", "")
                        + "\n");
        assertEquals("onBeforeZeroGrad 0", lines.get(1));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void whatWasComputedBeforeAYieldLeadsToLaterLosses(Supplier<OptimizerLoop> form) {
        var module =
                new Scripted((self, batch, step, y) -> {
                    var shared = self.first.apply(batch.input()); // before the first has learned
                    y.yield(0, shared.mean());
                    y.yield(1, self.second.apply(shared).mean());
                });
        var fresh = new Scripted((self, batch, step, y) -> self.yieldBoth(batch, y));
        var start = new ArrayList<Double>();
        var watch =
                new Callback() {
                    @Override
                    public void onTrainStart(RunView run) {
                        start.add(module.weight(0));
                        start.add(module.weight(1));
                    }
                };

        module.fit(form, watch);
        fresh.fit(form);

        assertEquals(fresh.weight(0), module.weight(0));
        float first = start.get(0).floatValue();
        float second = start.get(1).floatValue() - 0.5f * first;
        second -= 0.5f * (first - 0.5f);
        assertEquals(second, module.weight(1), 1e-6);
    }

    @ParameterizedTest
    @MethodSource("forms")
    void aLossGivesGradientsToTheParametersOfItsOptimizerAlone(Supplier<OptimizerLoop> form) {
        var seen = new ArrayList<String>();
        var module =
                new Scripted((self, batch, step, y) -> {
                    var both = self.loss(0, batch).add(self.loss(1, batch));
                    y.yield(0, both);
                    seen.add(gradients(self));
                    y.yield(1, both);
                    seen.add(gradients(self));
                });

        module.fit(form);

        assertEquals(List.of("1.0 none", "1.0 1.0", "1.0 1.0", "1.0 1.0"), seen);
    }

    @ParameterizedTest
    @MethodSource("forms")
    void accumulatedGradientsAreOfOnesOwnLossesAlone(Supplier<OptimizerLoop> form) {
        var module =
                new Scripted((self, batch, step, y) -> {
                    var both = self.loss(0, batch).add(self.loss(1, batch));
                    y.yield(0, both);
                    y.yield(1, both);
                });
        var trainer = Trainer.of(config -> config.maxEpochs(1).accumulate(2));
        trainer.slots().optimizer().replace(old -> form.get());

        var result = module.fit(trainer);

        assertEquals(2, result.globalStep());
        assertEquals("1.0 1.0", gradients(module));
    }

    private static String gradients(Scripted module) {
        return Stream.of(module.first, module.second)
                .map(line -> line.weight().grad())
                .map(gradient -> gradient.map(Tensor::item).map(String::valueOf).orElse("none"))
                .collect(Collectors.joining(" "));
    }

    /// The same networks, trained by hand.
    private static final class ManualGan extends TrainingModule {
        private final SmallGan.Nets nets = child("nets", new SmallGan.Nets());
        private final SmallGan spec;

        ManualGan(SmallGan spec) {
            this.spec = spec;
        }

        @Override
        public Tensor trainingStep(Batch batch, Step step) {
            var fake = nets.fake(batch, nets.silence(batch));
            var loss = nets.critics(nets.real(batch), fake);
            step.zeroGrad(CRITIC);
            step.backward(loss);
            step.optimization().clip(CRITIC, Clip.norm(0.2));
            step.optimizerStep(CRITIC);
            step.zeroGrad(GENERATOR);
            step.backward(nets.generators(fake));
            step.optimization().clip(GENERATOR, Clip.norm(0.1));
            step.optimizerStep(GENERATOR);
            return loss;
        }

        @Override
        public OptimizerPlan configureOptimizers() {
            return spec.plan(nets);
        }

        @Override
        public boolean automaticOptimization() {
            return false;
        }
    }

    @ParameterizedTest
    @MethodSource("forms")
    void theBitsAreThoseOfManualOptimization(Supplier<OptimizerLoop> form) {
        var how = new SmallGan.How(1, false, true, false, false, false);
        var gan = new SmallGan(7, 9, 3, how);
        var manual = new ManualGan(gan);
        var yielding = new SmallGan.Gan(gan);

        var byHand = gan.fit(manual, OptimizerLoop::new);
        var result = gan.fit(yielding, form);

        assertEquals(
                TensorState.fields(manual.stateDict()), TensorState.fields(yielding.stateDict()));
        assertEquals(byHand.globalStep(), result.globalStep());
        assertEquals(30, result.globalStep());
    }

    @ParameterizedTest
    @MethodSource("forms")
    void eachOptimizerKeepsItsCounts(Supplier<OptimizerLoop> form) {
        var seen = new ArrayList<List<Long>>();
        var module =
                new Scripted((self, batch, step, y) -> {
                    y.yield(0, self.loss(0, batch));
                    if (step.batchIndex() == 1) {
                        y.yield(1, self.loss(1, batch));
                    } else {
                        y.leaveOut(1);
                    }
                });
        var watch =
                new Callback() {
                    @Override
                    public void onTrainBatchEnd(
                            RunView run, BatchResult result, Batch batch, int index) {
                        seen.add(run.optimizers().stream().map(o -> o.steps()).toList());
                        assertEquals(
                                index == 1, result.splits().getFirst().steps().get(1).hasLoss());
                    }
                };
        var trainer = Scripted.trainer(form, watch);

        var result = module.fit(trainer);

        assertEquals(List.of(List.of(1L, 0L), List.of(2L, 1L)), seen);
        assertEquals(3, result.globalStep());
        var loop = trainer.slots().optimizer().get(OptimizerLoop.class);
        assertEquals(4, loop.stepProgress().total().ready());
        assertEquals(3, loop.stepProgress().total().completed());
    }

    @ParameterizedTest
    @MethodSource("forms")
    void aModuleWithoutOptimizersIsOnlyRun(Supplier<OptimizerLoop> form) {
        var runs = new ArrayList<Integer>();
        var module =
                new YieldingModule() {
                    @Override
                    public void trainingStep(Batch batch, Step step, Yields y) {
                        assertFalse(y.hasTurn(0));
                        step.output("batch", Tensor.scalar((float) step.batchIndex()));
                        runs.add(step.batchIndex());
                    }

                    @Override
                    public OptimizerPlan configureOptimizers() {
                        return OptimizerPlan.none();
                    }
                };

        var result = Scripted.trainer(form).fit(module, Scripted.data());

        assertEquals(List.of(0, 1), runs);
        assertEquals(0, result.globalStep());
    }

    @ParameterizedTest
    @MethodSource("forms")
    void whatItSaysOfItsHooksIsWhatItCalls(Supplier<OptimizerLoop> form) {
        var called = new ArrayList<String>();
        var module =
                new Scripted((self, batch, step, y) -> {
                    called.add("trainingStep");
                    self.yieldBoth(batch, y);
                });
        var split = split(module, new Heard(called));
        var loop = form.get();

        loop.run(split);

        called.replaceAll(line -> line.replaceFirst(" .*", ""));
        HookOrderCheck.follows(loop.explain(), called);
        assertEquals(9, called.size());
    }

    /// {@return the first batch of a fit, for a loop on its own}
    static SplitRun split(Scripted module, Callback... callbacks) {
        var scope = TrainingScope.of(module, RandomKey.of(1));
        var fit =
                new FitRun(
                        scope,
                        Scripted.data(),
                        new Hooks(List.of(callbacks), module),
                        FitPlan.of(config -> config.maxEpochs(1)),
                        new SaveRequest());
        var batch = Batch.of(Tensor.ones(Shape.of(2, 1)));
        return new BatchRun(new EpochRun(fit, 0), batch, 0, false).whole();
    }
}
