package guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import loops.api.Cell;
import loops.api.Held;
import loops.api.LongCell;
import loops.api.Loop;
import loops.api.LoopState.Fields;
import loops.api.Slot;
import loops.api.Stateful;
import loops.api.testkit.ResumeCheck;
import loops.api.testkit.Scenario;
import loops.core.Trainer;
import loops.core.loop.EvaluationLoop;
import loops.core.loop.FitLoop;
import loops.core.training.Activity;
import loops.core.training.DataModule;
import loops.core.training.EvaluationResult;
import loops.core.training.EvaluationRun;
import loops.core.training.FitPlan;
import loops.core.training.FitResult;
import loops.core.training.FitRun;
import loops.core.training.Limit;
import loops.core.training.OptimizerPlan;
import loops.core.training.TrainingScope;
import loops.core.tune.LearningRateFinder;
import loops.core.tune.TunableModule;
import org.junit.jupiter.api.Test;
import tensor.api.RandomKey;
import tensor.data.BatchSource;
import tensor.optim.Sgd;

/// Runs within runs, as `loops.md` shows them.
class NestedRunsGuideTest {
    // @start region=search
    record Search(List<Double> rates, DataModule data, FitPlan plan, RandomKey key) {}

    /// Trains with each of several learning rates, and gives the best.
    static final class RateSearch extends Loop<Search, Double> {
        private final Slot<FitRun, FitResult> fit = slot("fit_loop", new FitLoop());
        private final Held<TrainingScope> scope = held("scope");
        private final LongCell tried = longCell("tried", 0);
        private final Cell<Double> best = cell("best", 0.0);
        private final Cell<Double> least = cell("least", Double.POSITIVE_INFINITY);

        @Override
        protected void reset(Search in) {
            tried.set(0);
            least.set(Double.POSITIVE_INFINITY);
        }

        @Override
        protected boolean done(Search in) {
            return tried.get() == in.rates().size();
        }

        @Override
        protected void advance(Search in) {
            double rate = in.rates().get((int) tried.get());
            var trained = scope.get(() -> TrainingScope.fresh(new Line(rate), in.key()));
            var result = fit.run(FitRun.of(trained, in.data(), in.plan()));
            if (result.metric("val_loss") < least.get()) {
                least.set(result.metric("val_loss"));
                best.set(rate);
            }
            tried.increment();
            scope.clear(); // the next one gets a scope of its own
        }

        @Override
        protected Double onRunEnd(Search in) {
            return best.get();
        }
    }

    // @end region=search

    private static Search search() {
        return new Search(
                List.of(0.001, 0.1, 1e-5),
                Line.data(16),
                FitPlan.of(plan -> plan.maxEpochs(3)),
                RandomKey.of(0));
    }

    @Test
    void aLoopFitsSeveralTimes() {
        double rate = new RateSearch().run(search());

        assertEquals(0.1, rate);
    }

    @Test
    void aLoopOfFitsCanBeCutAnywhere() {
        assertEquals(
                12,
                ResumeCheck.cuts(
                        12, () -> new Scenario<>(new RateSearch(), search(), new Nothing())));
    }

    // @start region=tested
    /// Fits, and tests after each epoch.
    static final class TestedFitLoop extends FitLoop {
        private final Slot<EvaluationRun, EvaluationResult> test =
                slot("test_loop", new EvaluationLoop());

        @Override
        protected void onAdvanceEnd(FitRun fit) {
            var sources = fit.data().testBatches();
            int epoch = (int) epochProgress().current().completed();
            test.run(
                    new EvaluationRun(
                            Activity.TEST,
                            fit.scope(),
                            sources,
                            Limit.batches(2),
                            epoch,
                            fit.hooks(),
                            fit.plan(),
                            fit.saves()));
            super.onAdvanceEnd(fit); // behind the child: it is not to be done twice
        }
    }

    // @end region=tested

    @Test
    void aFitTestsWithin() {
        var trainer = Trainer.of(config -> config.maxEpochs(2));
        trainer.slots().fit().replace(old -> new TestedFitLoop());
        var points = Line.points(16);

        var result =
                trainer.fit(
                        new Line(),
                        new DataModule() {
                            @Override
                            public BatchSource trainBatches() {
                                return points;
                            }

                            @Override
                            public List<BatchSource> testBatches() {
                                return List.of(points);
                            }
                        });

        assertEquals(2, result.epochs());
        assertTrue(result.metric("val_loss") > 0, result::toString);
    }

    private static final class TunableLine extends Line implements TunableModule {
        private double rate = 1e-3;

        @Override
        public void learningRate(double rate) {
            this.rate = rate;
        }

        @Override
        public OptimizerPlan configureOptimizers() {
            return OptimizerPlan.of(Sgd.of(parameters(), rate));
        }
    }

    @Test
    void aLearningRateIsFoundBeforeAFit() {
        var trainer = Trainer.of(config -> config.maxEpochs(20));
        var module = new TunableLine();
        var data = Line.data();

        // @start region=finder
        trainer.slots().fit().replace(fit -> new LearningRateFinder(fit));
        trainer.fit(module, data); // the module is a TunableModule
        // @end region=finder

        assertTrue(module.rate > 1e-3, () -> "rate " + module.rate);
    }

    /// All that is alive in the run belongs to its loops.
    private static final class Nothing implements Stateful {
        @Override
        public Fields stateDict() {
            return Fields.empty();
        }

        @Override
        public void loadStateDict(Fields state) {}
    }
}
