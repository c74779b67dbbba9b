package loops.core.defects;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalDouble;
import loops.api.LoopTrace;
import loops.core.Slope;
import loops.core.Status;
import loops.core.Trainer;
import loops.core.training.BatchResult;
import loops.core.training.Callback;
import loops.core.training.DataModule;
import loops.core.training.OptimizerPlan;
import loops.core.training.PlannedOptimizer;
import loops.core.training.RunView;
import loops.core.training.SplitRun;
import loops.core.training.Step;
import loops.core.training.TrainingOptimizer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tensor.api.Parameter;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.optim.Scheduler;
import tensor.optim.Schedules;
import tensor.optim.Sgd;

/// What the original does wrong around an optimizer step.
class OptimizationDefectsTest {
    /// F6: the original takes the number of a batch from the arguments of `training_step`; where that does not ask for
    /// it, every batch is batch 0, gradients are dropped each time, and nothing is accumulated. Here the loops count by
    /// themselves: a module that asks for nothing accumulates, and takes turns.
    @Test
    void f06AModuleThatDoesNotAskForItsBatchNumberAccumulatesAndTakesTurns() {
        var accumulating =
                TracedFit.of(
                        Silent::new,
                        () -> DataModule.of(Slope.points(5, 1)),
                        plan -> plan.maxEpochs(1).accumulate(2));
        assertEquals("T0 Z B T1 B S T2 Z B T3 B S T4 Z B S", accumulating.traceWhereverItIsCut());

        var cleared =
                accumulating.tree(trace ->
                        trace.tree(
                                trace.new Fits(), trace.new Epochs(), clearingAtEachBatch(trace)));
        assertNotEquals(values(accumulating), values(cleared));

        var turns =
                TracedFit.of(
                        () -> new Silent(3, 1),
                        () -> DataModule.of(Slope.points(6, 1)),
                        plan -> plan.maxEpochs(1));
        assertEquals(
                "0 0 0 1 0 0",
                turns.ended().trace().text().replaceAll("[TZB]\\S+ ?", "").replace("S", ""));
    }

    private static Trace.Optimizers clearingAtEachBatch(Trace trace) {
        return trace.new Optimizers() {
            @Override
            protected void backward(Tensor loss, TrainingOptimizer optimizer, SplitRun split) {
                optimizer.zeroGrad();
                super.backward(loss, optimizer, split);
            }
        };
    }

    private static List<Double> values(TracedFit fit) {
        return ((Line) fit.ended().input().scope().module()).values();
    }

    /// Looks at nothing but the samples.
    private static final class Silent extends Line {
        Silent() {}

        Silent(int first, int second) {
            super(parameters ->
                    OptimizerPlan.of(
                            PlannedOptimizer.of(Sgd.of(parameters.subList(0, 1), 0.1))
                                    .frequency(first),
                            PlannedOptimizer.of(Sgd.of(parameters.subList(1, 2), 0.1))
                                    .frequency(second)));
        }

        @Override
        public Tensor trainingStep(Batch batch, Step step) {
            return loss(batch);
        }
    }

    /// F8: the original ends a loop by an exception that user code throws too, so an iterator that runs out in a training
    /// step ends the training without a word, and leaves parameters frozen. Here what is thrown arrives, from wherever;
    /// nothing stays frozen, and the trainer can be used again.
    @Test
    void f08AnIteratorThatRunsOutInATrainingStepIsAnErrorThatArrives() {
        Iterator<Integer> one = List.of(1).iterator();
        var module =
                new Line(Line.TWO) {
                    @Override
                    public Tensor trainingStep(Batch batch, Step step) {
                        if (step.optimizerIndex() == 1) {
                            one.next();
                        }
                        return loss(batch);
                    }
                };
        var trainer = Trainer.of(config -> config.maxEpochs(1));
        var data = DataModule.of(Slope.points(4, 1));

        var thrown = assertThrows(NoSuchElementException.class, () -> trainer.fit(module, data));

        assertEquals(
                "in loop 'fit_loop.epoch_loop.batch_loop.optimizer_loop', advance",
                LoopTrace.of(thrown).orElseThrow().getMessage());
        assertEquals(Status.INTERRUPTED, trainer.status());
        assertTrue(module.parameters().stream().allMatch(Parameter::requiresGrad));
        assertEquals(8, trainer.fit(Line.ofTwo(), data).globalStep());

        for (String hook : List.of("start", "end")) {
            var atHook = new NoSuchElementException(hook);
            var callback =
                    new Callback() {
                        @Override
                        public void onTrainBatchStart(RunView run, Batch batch, int index) {
                            raise("start");
                        }

                        @Override
                        public void onTrainBatchEnd(
                                RunView run, BatchResult result, Batch batch, int index) {
                            raise("end");
                        }

                        private void raise(String place) {
                            if (place.equals(hook)) {
                                throw atHook;
                            }
                        }
                    };
            var listening = Trainer.of(config -> config.maxEpochs(1).callbacks(callback));
            assertSame(
                    atHook,
                    assertThrows(
                            NoSuchElementException.class, () -> listening.fit(new Line(), data)));
        }
    }

    /// F13: without a loss the original still lets the optimizer step, which decays weights, moves schedulers and counts.
    /// Here such a step changes nothing, counts for nothing, and is reported as left out.
    @Test
    void f13AStepWithoutALossChangesAndCountsNothing() {
        var fit =
                TracedFit.of(
                        () -> new Losses(false, false, true, false),
                        () -> DataModule.of(Slope.points(4, 1)),
                        plan -> plan.maxEpochs(1));
        assertEquals("T0 Z T1 Z T2 Z B S E T3 Z", fit.traceWhereverItIsCut());

        var none =
                TracedFit.of(
                        () -> new Losses(false, false),
                        () -> DataModule.of(Slope.points(2, 1)),
                        plan -> plan.maxEpochs(2));
        var results = new ArrayList<OptionalDouble>();
        var run =
                none.callbacks(() ->
                                List.of(
                                        new Callback() {
                                            @Override
                                            public void onTrainBatchEnd(
                                                    RunView view,
                                                    BatchResult result,
                                                    Batch batch,
                                                    int index) {
                                                results.add(result.loss());
                                            }
                                        }))
                        .make();
        var module = (Line) run.input().scope().module();
        var before = module.values();

        assertEquals(0, run.run().globalStep());

        assertEquals(before, module.values());
        assertEquals(4, run.input().scope().leftOut());
        assertEquals(4, run.input().scope().batches());
        assertEquals(java.util.Collections.nCopies(4, OptionalDouble.empty()), results);
        assertEquals(
                0,
                run.input()
                        .scope()
                        .optimizers()
                        .getFirst()
                        .schedulers()
                        .getFirst()
                        .scheduler()
                        .steps());
    }

    /// F13, in a window of accumulated batches: those with a loss make the step.
    @Test
    void f13AWindowMakesItsStepOfTheBatchesThatHaveALoss() {
        var fit =
                TracedFit.of(
                        () -> new Losses(true, false, false, false),
                        () -> DataModule.of(Slope.points(4, 1)),
                        plan -> plan.maxEpochs(1).accumulate(2));

        assertEquals("T0 Z B T1 S E T2 Z T3", fit.traceWhereverItIsCut());

        var alone =
                TracedFit.of(
                        () -> new Losses(true),
                        () -> DataModule.of(Slope.points(1, 1)),
                        plan -> plan.maxEpochs(1));
        assertEquals(values(alone), values(fit));
    }

    /// Has a loss in some batches; its optimizer has a momentum, decays weights, and has a scheduler `E`.
    private static final class Losses extends Line {
        private final boolean[] has;

        Losses(boolean... has) {
            super(parameters -> {
                var optimizer =
                        Sgd.of(parameters, 0.1, config -> config.momentum(0.9).weightDecay(0.1));
                return OptimizerPlan.of(
                        PlannedOptimizer.of(optimizer)
                                .schedule(
                                        Scheduler.of(optimizer, Schedules.exponential(0.5)),
                                        scheduler -> scheduler.perStep().named("E")));
            });
            this.has = has;
        }

        @Override
        public @Nullable Tensor trainingStep(Batch batch, Step step) {
            return has[step.batchIndex()] ? loss(batch) : null;
        }
    }

    /// F15: the original reports a loss divided by the number of accumulated batches, and divides that of a short last
    /// window by the full number, so its step is too small. Here the loss is reported as the module gave it, and a window
    /// of any size makes the step of one batch of its samples.
    @Test
    void f15ALossIsReportedAsItIsAndAShortWindowMakesAFullStep() {
        var reported = new ArrayList<Double>();
        var logged = new ArrayList<Double>();
        var fit =
                TracedFit.of(
                                () ->
                                        new Line() {
                                            @Override
                                            public Tensor trainingStep(Batch batch, Step step) {
                                                step.log("loss", 1);
                                                return loss(batch).mul(0).add(1);
                                            }
                                        },
                                () -> DataModule.of(Slope.points(5, 1)),
                                plan -> plan.maxEpochs(1).accumulate(2))
                        .callbacks(() ->
                                List.of(
                                        new Callback() {
                                            @Override
                                            public void onTrainBatchEnd(
                                                    RunView run,
                                                    BatchResult result,
                                                    Batch batch,
                                                    int index) {
                                                reported.add(result.loss().orElseThrow());
                                                logged.add(run.metrics().get("loss").orElseThrow());
                                            }
                                        }));
        fit.ended();
        assertEquals(List.of(1.0, 1.0, 1.0, 1.0, 1.0), reported);
        assertEquals(reported, logged);

        var windows = fit(5, 1, 4);
        assertEquals(rounded(fit(5, 4, 1)), rounded(windows));
        var tooSmall =
                windows.tree(trace ->
                        trace.tree(
                                trace.new Fits(), trace.new Epochs(), dividingByTheFactor(trace)));
        assertNotEquals(rounded(windows), rounded(tooSmall));
    }

    private static Trace.Optimizers dividingByTheFactor(Trace trace) {
        return trace.new Optimizers() {
            @Override
            protected void clip(TrainingOptimizer optimizer, SplitRun split) {
                int size = split.whole().last() ? 1 : 4;
                optimizer
                        .parameters()
                        .forEach(parameter ->
                                parameter.grad(parameter.grad().orElseThrow().mul(size / 4.0)));
            }
        };
    }

    private static TracedFit fit(int points, int batchSize, int accumulate) {
        return TracedFit.of(
                Line::new,
                () -> DataModule.of(Slope.points(points, batchSize)),
                plan -> plan.maxEpochs(2).accumulate(accumulate));
    }

    /// {@return slope and height}
    private static List<String> rounded(TracedFit fit) {
        return values(fit).stream().map("%.5f"::formatted).toList();
    }

    /// F31: the original remembers in one field of the module which parameters it has frozen, so one toggle inside another, or
    /// one that throws, leaves them wrong. Here each knows what it has frozen itself, and puts it back however it is left.
    @Test
    void f31AToggleInsideAnotherPutsBackWhatItFound() {
        var module = new Toggling();

        Trainer.of(config -> config.maxEpochs(1)).fit(module, DataModule.of(Slope.points(1, 1)));

        assertEquals(
                """
                before true true
                0 true false
                0 in 0 true false
                1 in 0 false true
                0 in 1 in 0 true false
                1 in 0 again false true
                0 again true false
                thrown true false
                after true true
                frozen by the user true false
                1 with a frozen parameter false false
                after that true false
                """,
                String.join("\n", module.seen) + "\n");
        assertEquals(List.of(false, true), module.learned);
    }

    /// Opens toggles inside each other, and writes down which parameters get gradients.
    private static final class Toggling extends Line {
        private final List<String> seen = new ArrayList<>();
        private List<Boolean> learned = List.of();

        Toggling() {
            super(TWO);
        }

        @Override
        public boolean automaticOptimization() {
            return false;
        }

        private void see(String place) {
            seen.add(
                    "%s %s %s"
                            .formatted(
                                    place,
                                    parameters().getFirst().requiresGrad(),
                                    parameters().getLast().requiresGrad()));
        }

        @Override
        public @Nullable Tensor trainingStep(Batch batch, Step step) {
            var control = step.optimization();
            see("before");
            control.toggled(
                    0,
                    () -> {
                        see("0");
                        control.toggled(0, () -> see("0 in 0"));
                        control.toggled(
                                1,
                                () -> {
                                    see("1 in 0");
                                    control.toggled(0, () -> see("0 in 1 in 0"));
                                    see("1 in 0 again");
                                    control.backward(loss(batch));
                                });
                        learned =
                                parameters().stream()
                                        .map(parameter -> parameter.grad().isPresent())
                                        .toList();
                        see("0 again");
                        assertThrows(
                                NoSuchElementException.class,
                                () ->
                                        control.toggled(
                                                1,
                                                () -> {
                                                    throw new NoSuchElementException("a fault");
                                                }));
                        see("thrown");
                    });
            see("after");
            parameters().getLast().requiresGrad(false);
            see("frozen by the user");
            control.toggled(1, () -> see("1 with a frozen parameter"));
            see("after that");
            return null;
        }
    }
}
