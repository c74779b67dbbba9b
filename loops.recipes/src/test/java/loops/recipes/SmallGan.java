package loops.recipes;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import loops.api.testkit.Scenario;
import loops.core.Trainer;
import loops.core.loop.OptimizerLoop;
import loops.core.training.Callback;
import loops.core.training.Clip;
import loops.core.training.DataModule;
import loops.core.training.FitPlan;
import loops.core.training.FitResult;
import loops.core.training.FitRun;
import loops.core.training.Hooks;
import loops.core.training.OptimizerPlan;
import loops.core.training.PlannedOptimizer;
import loops.core.training.SaveRequest;
import loops.core.training.SequenceSplit;
import loops.core.training.Step;
import loops.core.training.TrainingModule;
import loops.core.training.TrainingScope;
import tensor.api.Gradients;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.data.DataLoader;
import tensor.data.TensorDataset;
import tensor.layout.Shape;
import tensor.nn.Activation;
import tensor.nn.Linear;
import tensor.nn.Module;
import tensor.nn.RandomStream;
import tensor.nn.Sequential;
import tensor.optim.Adam;
import tensor.optim.Optimizer;
import tensor.optim.Scheduler;
import tensor.optim.Schedules;
import tensor.optim.Sgd;

/// A small adversarial training: a generator and a critic with a gradient penalty, which share what is generated.
///
/// @param seed where all that is random comes from
/// @param samples how many samples, in batches of two
/// @param epochs how long it is trained
/// @param how what else the training does
record SmallGan(long seed, int samples, int epochs, How how) {
    static final int CRITIC = 0;
    static final int GENERATOR = 1;

    /// What else a training does.
    ///
    /// @param accumulate how many batches make a step
    /// @param frequencies whether a batch is a turn of one optimizer
    /// @param clips whether gradients are clipped
    /// @param schedules whether learning rates change
    /// @param leavesOut whether the generator learns from every second batch only
    /// @param splits whether batches are split along time
    record How(
            int accumulate,
            boolean frequencies,
            boolean clips,
            boolean schedules,
            boolean leavesOut,
            boolean splits) {
        static final How PLAINLY = new How(1, false, false, false, false, false);
    }

    /// The two networks and what they compute.
    static final class Nets extends Module {
        final Linear generator = child("generator", Linear.of(1, 1));
        final Sequential critic =
                child("critic", Sequential.of(Linear.of(1, 3), Activation.TANH, Linear.of(3, 1)));
        private final RandomStream noise = random("noise");

        Tensor real(Batch batch) {
            return batch.input().sum(1);
        }

        Tensor fake(Batch batch, Tensor before) {
            var random = Tensor.normal(noise.next(), Shape.of(batch.size(), 1));
            return generator.apply(random.add(before.mul(0.5)));
        }

        Tensor silence(Batch batch) {
            return Tensor.zeros(Shape.of(batch.size(), 1));
        }

        /// {@return the critic's loss, with the penalty of its slope}
        Tensor critics(Tensor real, Tensor fake) {
            var between = real.add(fake.detach()).mul(0.5).detach().requireGradient();
            var slope =
                    Gradients.differentiable(critic.apply(between).sum(), List.of(between))
                            .getFirst();
            return critic.apply(fake.detach())
                    .mean()
                    .sub(critic.apply(real).mean())
                    .add(slope.abs().sub(1).square().mean());
        }

        Tensor generators(Tensor fake) {
            return critic.apply(fake).mean().neg();
        }

        Optimizer optimizer(int place) {
            return place == CRITIC
                    ? Adam.of(critic.parameters(), 0.05)
                    : Sgd.of(generator.parameters(), 0.1, config -> config.momentum(0.9));
        }
    }

    OptimizerPlan plan(Nets nets) {
        return OptimizerPlan.of(
                planned(nets.optimizer(CRITIC), 2), planned(nets.optimizer(GENERATOR), 1));
    }

    private PlannedOptimizer planned(Optimizer optimizer, int frequency) {
        var planned = PlannedOptimizer.of(optimizer);
        if (how.frequencies) {
            planned = planned.frequency(frequency);
        }
        if (how.clips) {
            planned = planned.clip(Clip.norm(0.1 * frequency));
        }
        if (how.schedules) {
            planned =
                    planned.schedule(
                            Scheduler.of(optimizer, Schedules.exponential(0.9)),
                            scheduler -> scheduler.perStep().every(frequency));
        }
        return planned;
    }

    /// {@return the same training, on batches that are not split}
    SmallGan whole() {
        return new SmallGan(
                seed,
                samples,
                epochs,
                new How(
                        how.accumulate,
                        how.frequencies,
                        how.clips,
                        how.schedules,
                        how.leavesOut,
                        false));
    }

    boolean leftOut(int optimizer, int batch) {
        return how.leavesOut && optimizer == GENERATOR && batch % 2 == 0;
    }

    /// Yields its losses.
    static final class Gan extends YieldingModule {
        final Nets nets = child("nets", new Nets());
        private final SmallGan spec;

        Gan(SmallGan spec) {
            this.spec = spec;
        }

        @Override
        public void trainingStep(Batch batch, Step step, Yields y) {
            boolean splits = spec.how.splits;
            var before =
                    splits && !step.hidden().isEmpty()
                            ? step.hidden().getFirst()
                            : nets.silence(batch);
            var fake = nets.fake(batch, before);
            if (y.hasTurn(CRITIC)) {
                if (splits) {
                    step.carry(fake);
                }
                var loss = nets.critics(nets.real(batch), fake);
                step.log("critic", loss);
                step.output("fake", fake);
                y.yield(CRITIC, loss);
            }
            if (!y.hasTurn(GENERATOR)) {
                return;
            }
            if (splits) {
                step.carry(fake);
            }
            if (spec.leftOut(GENERATOR, step.batchIndex())) {
                y.leaveOut(GENERATOR);
            } else {
                y.yield(GENERATOR, nets.generators(fake));
            }
        }

        @Override
        public OptimizerPlan configureOptimizers() {
            return spec.plan(nets);
        }

        @Override
        public Optional<SequenceSplit> sequenceSplit() {
            return spec.how.splits
                    ? Optional.of(SequenceSplit.every(1).along("input", 1))
                    : Optional.empty();
        }
    }

    DataLoader batches() {
        var key = RandomKey.of(seed);
        return DataLoader.of(
                TensorDataset.of(Tensor.normal(key.fold("data"), Shape.of(samples, 2, 1))),
                config -> config.batchSize(2).shuffle(key.fold("order")));
    }

    /// {@return a trainer with a loop in the place of the optimizer loop}
    Trainer trainer(Supplier<OptimizerLoop> loop, Callback... callbacks) {
        var trainer =
                Trainer.of(config ->
                        config.maxEpochs(epochs)
                                .seed(seed)
                                .accumulate(how.accumulate)
                                .callbacks(callbacks));
        trainer.slots().optimizer().replace(old -> loop.get());
        return trainer;
    }

    FitResult fit(TrainingModule module, Supplier<OptimizerLoop> loop, Callback... callbacks) {
        return trainer(loop, callbacks).fit(module, DataModule.of(batches()));
    }

    /// Makes equal objects each time.
    Supplier<Scenario<FitRun, FitResult>> scenarios(Supplier<OptimizerLoop> loop) {
        return () -> {
            var module = new Gan(this);
            var run =
                    new FitRun(
                            TrainingScope.of(module, RandomKey.of(seed)),
                            DataModule.of(batches()),
                            new Hooks(List.of(), module),
                            FitPlan.of(
                                    config -> config.maxEpochs(epochs).accumulate(how.accumulate)),
                            new SaveRequest());
            var trainer = Trainer.of(config -> config.maxEpochs(epochs));
            trainer.slots().optimizer().replace(old -> loop.get());
            return new Scenario<>(trainer.slots().fit().take(), run, run.scope());
        };
    }
}
