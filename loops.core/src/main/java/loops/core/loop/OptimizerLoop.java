package loops.core.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import loops.api.Cell;
import loops.api.Codec;
import loops.api.Loop;
import loops.api.LoopState.Fields;
import loops.api.Progress;
import loops.api.Stage;
import loops.core.training.Activity;
import loops.core.training.FitRun;
import loops.core.training.SplitRun;
import loops.core.training.Step;
import loops.core.training.StepResult;
import loops.core.training.TrainingOptimizer;
import tensor.api.Parameter;
import tensor.api.Tensor;

/// Automatic optimization: goes through the optimizers; for each, a forward pass, a backward pass and a step.
///
/// ```text
/// loss = trainingStep(batch, step)
/// zeroGrad          on the first batch of an accumulation window
/// backward
/// step              on the last batch of the window, or of the epoch
/// ```
///
/// **Accumulation.** Over a window of several batches the gradients are weighted by samples and divided once by their
/// number, so a short last batch, and a short last window, give exactly the mean over the samples. The number of
/// samples in an open window is state, and so are its gradients.
@SuppressWarnings("this-escape") // its parts are declared here, and used only in a run
public class OptimizerLoop extends Loop<SplitRun, StepResult> {
    private final Progress stepProgress =
            progress("optim_progress.optimizer.step", Progress.READY_COMPLETED);
    private final Progress zeroGradProgress =
            progress("optim_progress.optimizer.zero_grad", Progress.READY_STARTED_COMPLETED);
    private final Cell<Integer> position = cell("optim_progress.optimizer_position", 0);
    private final Cell<Integer> windowSamples = cell("window_samples", 0);
    private final Cell<List<Double>> losses = cell("losses", Codec.listOf(Codec.DOUBLE), List.of());

    /// An optimizer loop.
    public OptimizerLoop() {}

    /// {@return how many optimizer steps have been begun and completed}
    public final Progress stepProgress() {
        return stepProgress;
    }

    /// {@return how many times gradients have been dropped}
    public final Progress zeroGradProgress() {
        return zeroGradProgress;
    }

    @Override
    protected Fields inputKey(SplitRun split) {
        return Fields.empty().with("part", split.index());
    }

    @Override
    protected void reset(SplitRun split) {
        if (split.whole().index() == 0 && split.index() == 0) {
            stepProgress.resetCurrent();
            zeroGradProgress.resetCurrent();
        }
        position.set(0);
        losses.set(List.of());
    }

    @Override
    protected boolean done(SplitRun split) {
        return position.get() >= fit(split).scope().optimizers().size();
    }

    @Override
    protected void advance(SplitRun split) {
        var optimizers = fit(split).scope().optimizers();
        var optimizer = optimizers.get(position.get());
        double loss;
        if (optimizers.size() == 1) {
            loss = optimize(optimizer, split);
        } else {
            try (var _ = new Toggle(optimizer, optimizers)) {
                loss = optimize(optimizer, split);
            }
        }
        var all = new ArrayList<>(losses.get());
        all.add(loss);
        losses.set(List.copyOf(all));
        position.set(position.get() + 1);
    }

    /// Lets one optimizer learn from a part of a batch.
    ///
    /// @param optimizer the optimizer
    /// @param split what it learns from
    /// @return the loss as the module gave it
    protected double optimize(TrainingOptimizer optimizer, SplitRun split) {
        Tensor loss = trainingStep(optimizer, split);
        if (windowSamples.get() == 0) {
            zeroGrad(optimizer, split);
        }
        backward(loss, split);
        if (windowEnds(split)) {
            step(optimizer, split);
        }
        return loss.item();
    }

    /// The forward pass.
    ///
    /// @param optimizer the optimizer
    /// @param split what it learns from
    /// @return the loss that the module gives for one optimizer
    protected Tensor trainingStep(TrainingOptimizer optimizer, SplitRun split) {
        var whole = split.whole();
        var scope = fit(split).scope();
        var step =
                new Step(
                        Activity.TRAINING,
                        whole.epoch().epoch(),
                        whole.index(),
                        0,
                        optimizer.index(),
                        scope.globalStep(),
                        (name, value) -> whole.sums().add(name, value, split.part().size()),
                        Optional.empty());
        return scope.module().trainingStep(split.part(), step);
    }

    /// Drops the gradients that the optimizer has used.
    ///
    /// @param optimizer the optimizer
    /// @param split what it learns from
    protected void zeroGrad(TrainingOptimizer optimizer, SplitRun split) {
        zeroGradProgress.increment(Stage.READY);
        fit(split)
                .hooks()
                .call(hook -> hook.onBeforeZeroGrad(split.whole().epoch().view(), optimizer));
        zeroGradProgress.increment(Stage.STARTED);
        optimizer.zeroGrad();
        zeroGradProgress.increment(Stage.COMPLETED);
    }

    /// The backward pass: adds the gradients of the loss to those that are there.
    ///
    /// @param loss a scalar
    /// @param split what it learns from
    protected void backward(Tensor loss, SplitRun split) {
        var fit = fit(split);
        var view = split.whole().epoch().view();
        fit.hooks().call(hook -> hook.onBeforeBackward(view, loss));
        boolean accumulating = fit.plan().accumulate() > 1;
        (accumulating ? loss.mul(split.part().size()) : loss).backward();
        fit.hooks().call(hook -> hook.onAfterBackward(view));
    }

    /// Changes the parameters.
    ///
    /// @param optimizer the optimizer
    /// @param split what it learns from
    protected void step(TrainingOptimizer optimizer, SplitRun split) {
        var fit = fit(split);
        if (fit.plan().accumulate() > 1) {
            divideGradients(optimizer, windowSamples.get() + split.part().size());
        }
        stepProgress.increment(Stage.READY);
        fit.hooks()
                .call(hook -> hook.onBeforeOptimizerStep(split.whole().epoch().view(), optimizer));
        optimizer.step();
        stepProgress.increment(Stage.COMPLETED);
    }

    private static void divideGradients(TrainingOptimizer optimizer, int samples) {
        for (Parameter parameter : optimizer.parameters()) {
            parameter.grad().ifPresent(sum -> parameter.grad(sum.div(samples)));
        }
    }

    private static boolean windowEnds(SplitRun split) {
        var whole = split.whole();
        return whole.last() || (whole.index() + 1) % whole.epoch().fit().plan().accumulate() == 0;
    }

    private static FitRun fit(SplitRun split) {
        return split.whole().epoch().fit();
    }

    @Override
    protected StepResult onRunEnd(SplitRun split) {
        windowSamples.set(windowEnds(split) ? 0 : windowSamples.get() + split.part().size());
        return new StepResult(losses.get());
    }
}
