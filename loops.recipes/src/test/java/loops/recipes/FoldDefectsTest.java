package loops.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import loops.api.LoopState.Fields;
import loops.api.LoopTrace;
import loops.api.testkit.ResumeCheck;
import loops.api.testkit.Scenario;
import loops.core.Trainer;
import loops.core.loop.FitLoop;
import loops.core.training.Activity;
import loops.core.training.BatchResult;
import loops.core.training.Callback;
import loops.core.training.DataModule;
import loops.core.training.FitPlan;
import loops.core.training.FitResult;
import loops.core.training.FitRun;
import loops.core.training.Hooks;
import loops.core.training.OptimizerPlan;
import loops.core.training.PlannedOptimizer;
import loops.core.training.RunView;
import loops.core.training.SaveRequest;
import loops.core.training.Step;
import loops.core.training.TrainingModule;
import loops.core.training.TrainingScope;
import org.junit.jupiter.api.Test;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.data.BatchCursor;
import tensor.data.BatchSource;
import tensor.nn.Linear;
import tensor.nn.Losses;
import tensor.optim.Scheduler;
import tensor.optim.Schedules;
import tensor.optim.Sgd;

/// What the original's example of cross-validation does wrong.
class FoldDefectsTest {
    private static final int FOLDS = 3;

    /// F32: in the original's folds optimizers and schedulers go on, the limit of steps and a request to stop are used up by
    /// the first fold, monitoring callbacks go on, sources stay open, and end hooks and teardown are those of a test. Here
    /// each fold is a fit of its own, and the whole run ends as the fit that it is.
    @Test
    void f32EachFoldIsAFitOfItsOwnAndTheRunEndsAsAFit() {
        var seen = new ArrayList<String>();
        var ends = new ArrayList<String>();
        var members = new Members(FOLDS);
        var listener =
                new Callback() {
                    @Override
                    public void onTrainStart(RunView run) {
                        var optimizer = run.optimizers().getFirst();
                        seen.add(
                                "epoch %d step %d rate %s moves %d momenta %d stop %s"
                                        .formatted(
                                                run.epoch(),
                                                run.globalStep(),
                                                optimizer.learningRate(),
                                                optimizer
                                                        .schedulers()
                                                        .getFirst()
                                                        .scheduler()
                                                        .steps(),
                                                momenta(run),
                                                run.scope().stop().requested()));
                    }

                    @Override
                    public void onTrainBatchEnd(
                            RunView run, BatchResult result, Batch batch, int index) {
                        if (run.module().equals(members.members().getFirst())) {
                            run.stop("enough");
                        }
                    }

                    @Override
                    public void onFitEnd(RunView run) {
                        ends.add("onFitEnd " + run.activity());
                    }

                    @Override
                    public void teardown(RunView run) {
                        ends.add("teardown " + run.activity());
                    }
                };
        var made = new ArrayList<Best>();
        IntFunction<List<Callback>> ofAFold =
                _ -> {
                    made.add(new Best());
                    return List.of(made.getLast());
                };
        var trainer = Trainer.of(config -> config.maxEpochs(2).maxSteps(5).callbacks(listener));
        trainer.slots().fit().replace(fit -> new KFoldLoop(FOLDS, fit, ofAFold));
        var data = new WatchedFolds();

        var result = trainer.fit(members, data);

        var loop = trainer.slots().fit().get(KFoldLoop.class);
        assertEquals(
                List.of(1L, 5L, 5L),
                loop.results().stream().map(fold -> fold.fit().globalStep()).toList());
        assertEquals(
                List.of(Optional.of("enough"), Optional.empty(), Optional.empty()),
                loop.results().stream().map(fold -> fold.fit().stopReason()).toList());
        assertEquals(11, result.globalStep());
        String start = "epoch 0 step 0 rate 0.1 moves 0 momenta 0 stop false";
        assertEquals(List.of(start, start, start), seen);
        assertEquals(List.of(1L, 5L, 5L), made.stream().map(best -> best.batches).toList());
        assertEquals(
                List.of("onFitEnd " + Activity.TRAINING, "teardown " + Activity.TRAINING), ends);
        assertEquals(0, data.open);
        assertTrue(data.opened > FOLDS);
        assertTrue(result.metrics().containsKey("test_loss"));
    }

    private static long momenta(RunView run) {
        return run.optimizers().getFirst().optimizer().stateDict().keySet().stream()
                .filter(key -> key.contains("momentum_buffer"))
                .count();
    }

    /// F32: a fold that is gone on with after a cut is the fold that it was: in the original its first values are then those
    /// of the restored model.
    @Test
    void f32AFoldThatWasCutGoesOnAsItself() {
        assertTrue(ResumeCheck.everyCut(FoldDefectsTest::scenario) > 60);

        var loop = new KFoldLoop(FOLDS, new FitLoop());
        var whole = new Members(FOLDS);
        loop.run(run(whole));
        for (int fold = 0; fold < FOLDS; fold++) {
            var key = Tiny.KEY.fold("fold").fold(fold);
            var alone = TrainingScope.fresh(new Member(), key);
            new FitLoop().run(FitRun.of(alone, new Tiny.Points().fold(fold, FOLDS), plan()));

            assertEquals(values(alone.module()), values(whole.members().get(fold)));
        }
    }

    /// F32: a fold that fails leaves nothing open, and the run ends as the fit that it is.
    @Test
    void f32AFoldThatFailsIsTornDown() {
        var data = new WatchedFolds();
        var ends = new ArrayList<String>();
        var listener =
                new Callback() {
                    @Override
                    public void onTrainBatchEnd(
                            RunView run, BatchResult result, Batch batch, int index) {
                        throw new IllegalStateException("a fault");
                    }

                    @Override
                    public void teardown(RunView run) {
                        ends.add("teardown " + run.activity());
                    }
                };
        var trainer = Trainer.of(config -> config.maxEpochs(1).callbacks(listener));
        trainer.slots().fit().replace(fit -> new KFoldLoop(FOLDS, fit));

        var thrown =
                assertThrows(
                        IllegalStateException.class, () -> trainer.fit(new Members(FOLDS), data));

        assertEquals("in fold 0 of 0 to 2", FoldTrace.of(thrown).orElseThrow().getMessage());
        assertEquals(
                "in loop 'fit_loop.fit_loop.epoch_loop', advance",
                LoopTrace.of(thrown).orElseThrow().getMessage());
        assertEquals(List.of("teardown " + Activity.TRAINING), ends);
        assertEquals(0, data.open);
    }

    private static FitPlan plan() {
        return FitPlan.of(config -> config.maxEpochs(2).maxSteps(5));
    }

    private static FitRun run(TrainingModule module) {
        return new FitRun(
                TrainingScope.of(module, Tiny.KEY),
                new Tiny.Points(),
                new Hooks(List.of(), module),
                plan(),
                new SaveRequest());
    }

    private static Scenario<FitRun, FitResult> scenario() {
        var run = run(new Members(FOLDS));
        return new Scenario<>(
                new KFoldLoop(FOLDS, new FitLoop(), _ -> List.of(new Best())), run, run.scope());
    }

    private static List<Double> values(TrainingModule module) {
        return module.parameters().stream().map(parameter -> parameter.value().item()).toList();
    }

    /// Remembers something of a fit.
    private static final class Best implements Callback {
        private long batches;

        @Override
        public void onTrainBatchEnd(RunView run, BatchResult result, Batch batch, int index) {
            batches++;
        }

        @Override
        public Fields stateDict() {
            return Fields.empty().with("batches", batches);
        }

        @Override
        public void loadStateDict(Fields state) {
            batches = state.num("batches");
        }
    }

    /// A line with a momentum, and a rate that falls at each step.
    private static final class Member extends TrainingModule {
        private final Linear line = child("line", Linear.of(1, 1));

        @Override
        public Tensor trainingStep(Batch batch, Step step) {
            return Losses.mse(line.apply(batch.input()), batch.target());
        }

        @Override
        public Tensor predictStep(Batch batch, Step step) {
            return line.apply(batch.input());
        }

        @Override
        public OptimizerPlan configureOptimizers() {
            var optimizer = Sgd.of(parameters(), 0.1, config -> config.momentum(0.9));
            return OptimizerPlan.of(
                    PlannedOptimizer.of(optimizer)
                            .schedule(
                                    Scheduler.of(optimizer, Schedules.exponential(0.5)),
                                    scheduler -> scheduler.perStep()));
        }
    }

    private static final class Members extends Ensemble<Member> {
        Members(int size) {
            super(size, Member::new);
        }

        @Override
        public void testStep(Batch batch, Step step) {
            step.log("test_loss", Losses.mse(predictStep(batch, step), batch.target()));
        }
    }

    /// Counts what is open.
    private static final class WatchedFolds implements FoldData {
        private final FoldData points = new Tiny.Points();
        private int open;
        private int opened;

        @Override
        public DataModule fold(int index, int folds) {
            var fold = points.fold(index, folds);
            return DataModule.of(
                    watch(fold.trainBatches()), watch(fold.validationBatches().getFirst()));
        }

        @Override
        public BatchSource trainBatches() {
            return watch(points.trainBatches());
        }

        @Override
        public List<BatchSource> testBatches() {
            return points.testBatches().stream().map(this::watch).toList();
        }

        private BatchSource watch(BatchSource source) {
            return new BatchSource() {
                @Override
                public OptionalInt batchCount() {
                    return source.batchCount();
                }

                @Override
                public BatchCursor open(long epoch, long position) {
                    var cursor = source.open(epoch, position);
                    open++;
                    opened++;
                    return new BatchCursor() {
                        @Override
                        public boolean hasNext() {
                            return cursor.hasNext();
                        }

                        @Override
                        public Batch next() {
                            return cursor.next();
                        }

                        @Override
                        public long position() {
                            return cursor.position();
                        }

                        @Override
                        public void close() {
                            open--;
                            cursor.close();
                        }
                    };
                }
            };
        }
    }
}
