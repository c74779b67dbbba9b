package guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import loops.core.Trainer;
import loops.core.training.Callback;
import loops.core.training.Clip;
import loops.core.training.DataModule;
import loops.core.training.OptimizerPlan;
import loops.core.training.PlannedOptimizer;
import loops.core.training.RunView;
import loops.core.training.SequenceSplit;
import loops.core.training.Step;
import loops.core.training.TrainingModule;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.data.DataLoader;
import tensor.data.TensorDataset;
import tensor.layout.Shape;
import tensor.nn.Linear;
import tensor.nn.Losses;
import tensor.optim.Adam;
import tensor.optim.Lbfgs;
import tensor.optim.ReduceOnPlateau;
import tensor.optim.Scheduler;
import tensor.optim.Schedules;
import tensor.optim.Sgd;

/// Optimizers and what belongs to them, as `loops.md` shows it.
class OptimizersGuideTest {
    private final DataModule data = Line.data(96);
    private final Trainer trainer = Trainer.of(config -> config.maxEpochs(2));

    private static final class Two extends TrainingModule {
        private final Linear generator = child("generator", Linear.of(1, 1));
        private final Linear critic = child("critic", Linear.of(1, 1));

        private Tensor generatorLoss(Batch batch) {
            return critic.apply(generator.apply(batch.input())).square().mean();
        }

        private Tensor criticLoss(Batch batch) {
            return critic.apply(batch.target()).sub(1).square().mean();
        }

        // @start region=several
        @Override
        public Tensor trainingStep(Batch batch, Step step) {
            return step.optimizerIndex() == 0 ? generatorLoss(batch) : criticLoss(batch);
        }

        @Override
        public OptimizerPlan configureOptimizers() {
            var first = Adam.of(generator.parameters(), 1e-3);
            var second = Sgd.of(critic.parameters(), 1e-3);
            return OptimizerPlan.of(
                    PlannedOptimizer.of(first).frequency(1),
                    PlannedOptimizer.of(second).frequency(5).clip(Clip.norm(1)));
        }
        // @end region=several
    }

    @Test
    void severalOptimizersTakeTurns() {
        var steps = trainer.fit(new Two(), data).globalStep();

        assertEquals(24, steps);
    }

    private static final class Scheduled extends Line {
        // @start region=schedulers
        @Override
        public OptimizerPlan configureOptimizers() {
            var adam = Adam.of(parameters(), 1e-3);
            var cosine = Scheduler.of(adam, Schedules.cosine(100));
            var plateau = ReduceOnPlateau.of(adam, config -> config.patience(3));
            return OptimizerPlan.of(
                    PlannedOptimizer.of(adam)
                            .schedule(cosine, planned -> planned.perStep())
                            .schedule(plateau, planned -> planned.monitoring("val_loss")));
        }
        // @end region=schedulers
    }

    @Test
    void schedulersMoveTheLearningRate() {
        var rates = new ArrayList<Double>();
        Callback watcher =
                new Callback() {
                    @Override
                    public void onTrainEnd(RunView run) {
                        rates.add(run.optimizers().getFirst().learningRate());
                    }
                };

        Trainer.of(config -> config.maxEpochs(2).callbacks(watcher)).fit(new Scheduled(), data);

        assertEquals(1e-3 * (1 + Math.cos(Math.PI * 24 / 100)) / 2, rates.getFirst(), 1e-9);
    }

    @Test
    void gradientsAreAccumulatedAndClipped() {
        // @start region=plan
        var trainer =
                Trainer.of(config ->
                        config.maxEpochs(2).plan(plan -> plan.accumulate(4).clip(Clip.value(0.5))));
        var growing =
                Trainer.of(config ->
                        config.maxEpochs(2).plan(plan -> plan.accumulate(Map.of(0, 1, 1, 4))));
        // @end region=plan

        assertEquals(6, trainer.fit(new Line(), data).globalStep());
        assertEquals(15, growing.fit(new Line(), data).globalStep());
    }

    @Test
    @SuppressWarnings("NullAway") // a Line has a loss, and this one has not always
    void aStepWithoutALossIsLeftOut() {
        var module =
                new Line() {
                    // @start region=no-loss
                    @Override
                    public @Nullable Tensor trainingStep(Batch batch, Step step) {
                        return batch.size() < 2 ? null : loss(batch);
                    }
                    // @end region=no-loss
                };

        var result = Trainer.of(config -> config.maxEpochs(1)).fit(module, Line.data(65));

        assertEquals(8, result.globalStep());
    }

    // @start region=sequences
    /// Sums up its input, seen through a small network.
    static final class Recurrent extends TrainingModule {
        private final Linear in = child("in", Linear.of(1, 4));
        private final Linear again = child("again", Linear.of(4, 4));
        private final Linear out = child("out", Linear.of(4, 1));

        @Override
        public Optional<SequenceSplit> sequenceSplit() {
            return Optional.of(SequenceSplit.every(5).along("input", 1).along("target", 1));
        }

        @Override
        public Tensor trainingStep(Batch part, Step step) {
            Tensor state =
                    step.hidden().isEmpty()
                            ? Tensor.zeros(Shape.of(part.size(), 4))
                            : step.hidden().getFirst();
            Tensor loss = Tensor.scalar(0f);
            for (int t = 0; t < part.input().size(1); t++) {
                state = in.apply(part.input().select(1, t)).add(again.apply(state)).tanh();
                loss = loss.add(Losses.mse(out.apply(state), part.target().select(1, t)));
            }
            step.carry(state);
            return loss.div(part.input().size(1));
        }

        @Override
        public OptimizerPlan configureOptimizers() {
            return OptimizerPlan.of(Adam.of(parameters(), 1e-2));
        }
    }

    // @end region=sequences

    @Test
    void sequencesAreSplitAlongTime() {
        var x = Tensor.uniform(RandomKey.of(1), Shape.of(8, 12, 1));
        var sequences = DataLoader.of(TensorDataset.of(x, x.mul(2)), c -> c.batchSize(4));

        var result = trainer.fit(new Recurrent(), DataModule.of(sequences));

        assertEquals(12, result.globalStep());
    }

    private static final class ByHand extends Line {
        // @start region=manual
        @Override
        public boolean automaticOptimization() {
            return false;
        }

        @Override
        public Tensor trainingStep(Batch batch, Step step) {
            var by = step.optimization();
            Tensor loss = loss(batch);
            by.zeroGrad(0);
            by.backward(loss);
            by.clip(0, Clip.norm(1));
            by.optimizerStep(0);
            return loss;
        }
        // @end region=manual
    }

    @Test
    void aModuleOptimizesByHand() {
        assertEquals(24, trainer.fit(new ByHand(), data).globalStep());
    }

    private static final class Quadratic extends Line {
        // @start region=closure
        @Override
        public OptimizerPlan configureOptimizers() {
            return OptimizerPlan.of(Lbfgs.of(parameters(), 1));
        }
        // @end region=closure
    }

    @Test
    void anOptimizerMayLookAtTheLossSeveralTimes() {
        var module = new Quadratic();

        trainer.fit(module, data);

        assertTrue(Math.abs(module.slope() - 3) < 1e-3, () -> "slope " + module.slope());
    }
}
