package loops.core.loop;

import static loops.api.Call.calls;
import static loops.api.Call.when;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import loops.api.Cell;
import loops.api.Codec;
import loops.api.HookOrder;
import loops.api.ListCell;
import loops.api.Loop;
import loops.api.LoopState.Fields;
import loops.api.Progress;
import loops.api.Scratch;
import loops.api.Stage;
import loops.core.training.HookPoint;
import loops.core.training.SplitResult;
import loops.core.training.SplitRun;
import loops.core.training.Step;
import loops.core.training.StepResult;
import loops.core.training.TensorState;
import loops.core.training.TrainingOptimizer;
import org.jspecify.annotations.Nullable;
import tensor.api.Parameter;
import tensor.api.Tensor;
import tensor.api.TensorScope;

/// Automatic optimization: goes through the optimizers that a batch uses; for each, a step with a closure.
///
/// ```text
/// optimizerStep                     on the last batch of an accumulation window; else the closure alone
///     trainingStep                  the forward pass
///     zeroGrad                      on the first batch of a window
///     backward
///     clip                          on the last batch of a window
///     the parameters change
/// ```
///
/// While one of several optimizers has its turn, only its parameters get gradients. A step without a loss changes
/// nothing.
///
/// **Accumulation.** Over a window of several batches the gradients are weighted by samples and divided once by their
/// number, so a short last batch, and a short last window, give exactly the mean over the samples. The number of
/// samples in an open window is state, and so are its gradients.
@SuppressWarnings("this-escape") // its parts are declared here, and used only in a run
public class OptimizerLoop extends Loop<SplitRun, SplitResult> {
    private static final System.Logger LOG = System.getLogger(OptimizerLoop.class.getName());
    private static final int CLOSED = -1;

    private final Progress stepProgress =
            progress("optim_progress.optimizer.step", Progress.READY_COMPLETED);
    private final Progress zeroGradProgress =
            progress("optim_progress.optimizer.zero_grad", Progress.READY_STARTED_COMPLETED);
    private final Cell<Integer> position = cell("optim_progress.optimizer_position", 0);
    private final Cell<List<Integer>> windowSamples =
            cell("window_samples", Codec.listOf(Codec.INTEGER), List.of());
    private final Cell<List<List<Tensor>>> hidden =
            cell("hidden", Codec.listOf(Codec.listOf(TensorState.CODEC)), List.of());
    private final ListCell<StepResult> results = listCell("results", StepResult.CODEC);
    private final Scratch<Pass> pass = scratch("pass", new Pass());

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

    /// {@return which of the active optimizers has its turn, from 0}
    public final int position() {
        return position.get();
    }

    @Override
    protected Fields inputKey(SplitRun split) {
        return Fields.empty().with("part", split.index());
    }

    @Override
    protected void reset(SplitRun split) {
        if (split.index() == 0) {
            hidden.set(List.of());
            if (split.whole().index() == 0) {
                windowSamples.set(List.of()); // one may be open, of an epoch that was cut
                stepProgress.resetCurrent();
                zeroGradProgress.resetCurrent();
            }
        }
        position.set(0);
        results.clear();
    }

    @Override
    protected boolean done(SplitRun split) {
        return position.get() >= Math.max(1, active(split).size());
    }

    @Override
    protected void advance(SplitRun split) {
        var active = active(split);
        results.add(active.isEmpty() ? look(split) : turn(active.get(position.get()), split));
        position.set(position.get() + 1);
    }

    private StepResult turn(TrainingOptimizer optimizer, SplitRun split) {
        var optimizers = split.fit().scope().optimizers();
        if (optimizers.size() == 1) {
            return optimize(optimizer, split);
        }
        try (var _ = new Toggle(optimizer, optimizers)) {
            return optimize(optimizer, split);
        }
    }

    /// Without an optimizer the module is run, and nothing is learned.
    private StepResult look(SplitRun split) {
        var step = split.step(0, hidden(0));
        var loss = trainingStep(split, step);
        carry(step, split);
        return StepResult.of(0, loss, step.outputs());
    }

    /// Lets one optimizer learn from a part of a batch.
    ///
    /// @param optimizer the optimizer
    /// @param split what it learns from
    /// @return what the module's step came to
    protected StepResult optimize(TrainingOptimizer optimizer, SplitRun split) {
        if (split.fit().scope().accumulate() > 1 && optimizer.optimizer().reevaluates()) {
            throw new IllegalStateException(
                    "OptimizerLoop: optimizer %d computes its loss several times a step, and %d batches are accumulated; accumulate 1"
                            .formatted(optimizer.index(), split.fit().scope().accumulate()));
        }
        var turn = pass.get();
        turn.begin(optimizer, split);
        if (split.whole().endsWindow()) {
            stepProgress.increment(Stage.READY);
            if (optimizerStep(optimizer, split, turn.closure)) {
                stepProgress.increment(Stage.COMPLETED);
            }
            samples(optimizer, CLOSED);
        } else {
            turn.run();
            samples(optimizer, turn.samples);
        }
        return turn.end();
    }

    /// Forward and backward, as often as the optimizer wants: each time from the same hidden state.
    private final class Pass {
        private final Supplier<OptionalDouble> closure = this::complete;
        private @Nullable TrainingOptimizer optimizer;
        private @Nullable SplitRun split;
        private int before;
        private List<Tensor> hiddenBefore = List.of();
        private int samples;
        private @Nullable StepResult result;

        void begin(TrainingOptimizer ofTurn, SplitRun on) {
            optimizer = ofTurn;
            split = on;
            before = samples(ofTurn);
            hiddenBefore = hidden(ofTurn.index());
            result = null;
        }

        StepResult end() {
            var made = result();
            hiddenBefore = List.of(); // its tensors end with the batch
            result = null;
            return made;
        }

        private TrainingOptimizer optimizer() {
            return Objects.requireNonNull(optimizer);
        }

        private SplitRun split() {
            return Objects.requireNonNull(split);
        }

        /// {@return whether there is a loss, or a gradient from earlier batches of the window}
        boolean run() {
            var step = split().step(optimizer().index(), hiddenBefore);
            Tensor loss = trainingStep(split(), step);
            if (before == CLOSED) {
                zeroGrad(optimizer(), split());
            }
            samples = Math.max(0, before);
            if (loss == null) {
                leaveOut(step, split());
            } else {
                backward(loss, optimizer(), split());
                samples += split().part().size();
            }
            carry(step, split());
            result = StepResult.of(step.optimizerIndex(), loss, step.outputs());
            return samples > 0;
        }

        /// The tensors of each of several calls are released after it, but for what the step hands on.
        private OptionalDouble complete() {
            return optimizer().optimizer().reevaluates()
                    ? TensorScope.call("closure", this::completeIn)
                    : completeHere();
        }

        private OptionalDouble completeIn(TensorScope scope) {
            var loss = completeHere();
            result().outputs().values().forEach(scope::keep);
            hidden(optimizer().index()).forEach(scope::keep);
            return loss;
        }

        private OptionalDouble completeHere() {
            if (!run()) {
                return OptionalDouble.empty();
            }
            if (split().fit().scope().accumulate() > 1) {
                divideGradients(optimizer(), samples);
            }
            beforeStep(optimizer(), split());
            clip(optimizer(), split());
            // a window may end with a batch that has no loss: only optimizers that do not look at
            // it accumulate
            return OptionalDouble.of(result().loss().orElse(Double.NaN));
        }

        private StepResult result() {
            var made = result;
            if (made == null) {
                throw new IllegalStateException(
                        "OptimizerLoop: the closure of optimizer %d has not been called; call it in optimizerStep"
                                .formatted(optimizer().index()));
            }
            return made;
        }
    }

    private static void beforeStep(TrainingOptimizer optimizer, SplitRun split) {
        split.fit()
                .hooks()
                .call(
                        HookPoint.BEFORE_OPTIMIZER_STEP,
                        split.view(),
                        hook -> hook.onBeforeOptimizerStep(split.view(), optimizer));
    }

    /// Said once in a fit; the scope counts the others.
    private static void leaveOut(Step step, SplitRun split) {
        if (split.fit().scope().countLeftOut() == 1) {
            LOG.log(
                    Level.WARNING,
                    "trainingStep gave no loss for optimizer {0} in batch {1}; such steps are left out",
                    step.optimizerIndex(),
                    step.batchIndex());
        }
    }

    /// Lets an optimizer call the closure and change its parameters.
    ///
    /// @param optimizer the optimizer
    /// @param split what it learns from
    /// @param closure runs forward and backward passes and gives the loss; empty if there is none
    /// @return whether a step was made
    protected boolean optimizerStep(
            TrainingOptimizer optimizer, SplitRun split, Supplier<OptionalDouble> closure) {
        return optimizer.step(closure);
    }

    /// The forward pass.
    ///
    /// @param split what is learned from
    /// @param step where the step stands, and what takes its reports
    /// @return the loss that the module gives for one optimizer, or `null` if it gives none
    protected @Nullable Tensor trainingStep(SplitRun split, Step step) {
        var metrics = split.fit().scope().metrics();
        var outside = metrics.enter(HookPoint.TRAINING_STEP);
        try {
            return split.fit().scope().module().trainingStep(split.part(), step);
        } finally {
            metrics.enter(outside);
        }
    }

    /// Drops the gradients that the optimizer has used.
    ///
    /// @param optimizer the optimizer
    /// @param split what it learns from
    protected void zeroGrad(TrainingOptimizer optimizer, SplitRun split) {
        zeroGradProgress.increment(Stage.READY);
        split.fit()
                .hooks()
                .call(
                        HookPoint.BEFORE_ZERO_GRAD,
                        split.view(),
                        hook -> hook.onBeforeZeroGrad(split.view(), optimizer));
        zeroGradProgress.increment(Stage.STARTED);
        optimizer.zeroGrad();
        zeroGradProgress.increment(Stage.COMPLETED);
    }

    /// The backward pass: adds the gradients of the loss to those that are there.
    ///
    /// @param loss a scalar
    /// @param optimizer the optimizer
    /// @param split what it learns from
    protected void backward(Tensor loss, TrainingOptimizer optimizer, SplitRun split) {
        var fit = split.fit();
        var view = split.view();
        fit.hooks()
                .call(HookPoint.BEFORE_BACKWARD, view, hook -> hook.onBeforeBackward(view, loss));
        boolean accumulating = fit.scope().accumulate() > 1;
        (accumulating ? loss.mul(split.part().size()) : loss).backward();
        fit.hooks().call(HookPoint.AFTER_BACKWARD, view, hook -> hook.onAfterBackward(view));
    }

    /// Clips the gradients before the optimizer uses them.
    ///
    /// @param optimizer the optimizer
    /// @param split what it learns from
    protected void clip(TrainingOptimizer optimizer, SplitRun split) {
        optimizer.clip(split.fit().plan()).ifPresent(clip -> clip.apply(optimizer));
    }

    private static void divideGradients(TrainingOptimizer optimizer, int samples) {
        for (Parameter parameter : optimizer.parameters()) {
            parameter.grad().ifPresent(sum -> parameter.grad(sum.div(samples)));
        }
    }

    // ---- per optimizer

    private int samples(TrainingOptimizer optimizer) {
        var all = windowSamples.get();
        return optimizer.index() < all.size() ? all.get(optimizer.index()) : CLOSED;
    }

    private void samples(TrainingOptimizer optimizer, int samples) {
        if (samples != samples(optimizer)) {
            windowSamples.set(with(windowSamples.get(), optimizer.index(), samples, CLOSED));
        }
    }

    private List<Tensor> hidden(int optimizer) {
        var all = hidden.get();
        return optimizer < all.size() ? all.get(optimizer) : List.of();
    }

    private void carry(Step step, SplitRun split) {
        if (split.carries()) {
            hidden.set(with(hidden.get(), step.optimizerIndex(), step.carried(), List.of()));
        }
    }

    private static <T> List<T> with(List<T> all, int index, T value, T missing) {
        var changed = new ArrayList<>(all);
        while (changed.size() <= index) {
            changed.add(missing);
        }
        changed.set(index, value);
        return List.copyOf(changed);
    }

    private static List<TrainingOptimizer> active(SplitRun split) {
        return split.fit().scope().active(split.whole().index());
    }

    @Override
    protected SplitResult onRunEnd(SplitRun split) {
        var result = SplitResult.of(results);
        results.clear(); // its tensors end with the batch
        if (split.last()) {
            hidden.set(List.of());
        }
        return result;
    }

    @Override
    protected HookOrder hookOrder() {
        return HookOrder.NONE.advance(
                calls(HookPoint.TRAINING_STEP.method()),
                when("an accumulation window begins", calls(HookPoint.BEFORE_ZERO_GRAD.method())),
                when(
                        "there is a loss",
                        calls(HookPoint.BEFORE_BACKWARD.method()),
                        calls(HookPoint.AFTER_BACKWARD.method())),
                when(
                        "an accumulation window ends",
                        calls(HookPoint.BEFORE_OPTIMIZER_STEP.method())));
    }
}
