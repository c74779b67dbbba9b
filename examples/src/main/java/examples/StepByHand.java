package examples;

import loops.core.Trainer;
import loops.core.loop.OptimizerLoop;
import loops.core.training.DataModule;
import loops.core.training.OptimizerPlan;
import loops.core.training.Step;
import loops.core.training.TrainingModule;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.Batch;

/// What [YieldingStep] does, by manual optimization: what one writes first. What a loop does for each optimizer is
/// written again, and clipping and accumulation would have to be.
final class StepByHand extends TrainingModule {
    private static final String HOW_TO_GO_ON =
            "seeds that are saved go on with the same command and --resume";

    private final RingNets nets;

    StepByHand(RingNets nets) {
        this.nets = child("nets", nets);
    }

    // @start region=by-hand
    @Override
    public Tensor trainingStep(Batch batch, Step step) {
        Tensor fake = nets.generate(batch.size());
        Tensor criticLoss = nets.criticLoss(batch.input(), fake.detach());
        learn(step, RingNets.CRITIC, criticLoss);
        learn(step, RingNets.GENERATOR, nets.generatorLoss(fake));
        return criticLoss;
    }

    private static void learn(Step step, int optimizer, Tensor loss) {
        step.zeroGrad(optimizer);
        step.backward(loss); // also adds to the gradients of the other one
        step.optimizerStep(optimizer);
        for (var scheduler : step.optimization().schedulers(optimizer)) {
            scheduler.scheduler().step();
        }
    }

    @Override
    public boolean automaticOptimization() {
        return false;
    }

    // @end region=by-hand

    @Override
    public OptimizerPlan configureOptimizers() {
        return nets.optimizers();
    }

    /// {@return in how many numbers a yielding step and this one differ, after ten batches}
    ///
    /// @param loop makes the yielding step
    static long differences(OptimizerLoop loop) {
        var yielded = new RingNets(10);
        var byHand = new RingNets(10);
        var data = Ring.data(RandomKey.of(0), 10);
        fit(loop, new YieldingStep.Learner(yielded), data);
        fit(new OptimizerLoop(), new StepByHand(byHand), data);
        return Bits.differences(yielded, byHand);
    }

    private static void fit(OptimizerLoop loop, TrainingModule module, DataModule data) {
        var trainer = Trainer.of(config -> config.maxEpochs(1).interruptionHint(_ -> HOW_TO_GO_ON));
        trainer.slots().optimizer().replace(old -> loop);
        trainer.fit(module, data);
    }
}
