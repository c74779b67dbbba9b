package loops.core.loop;

import static loops.api.Call.calls;
import static loops.api.Call.when;

import java.lang.System.Logger.Level;
import java.util.List;
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
import tensor.api.Tensor;

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
///
/// Each optimizer has a window of its own, which ends when it has had as many turns as batches are accumulated. With the
/// last batch of an epoch all windows end: optimizers whose turn it is not make a step with what theirs hold, without a
/// forward pass.
///
/// **Cut short.** A stop, `endEpoch` or a failure drops what open windows hold: after a stop nothing more is learned, and
/// the next epoch begins windows of its own.
@SuppressWarnings("this-escape") // its parts are declared here, and used only in a run
public class OptimizerLoop extends Loop<SplitRun, SplitResult> {
    private static final System.Logger LOG = System.getLogger(OptimizerLoop.class.getName());

    private final Progress stepProgress =
            progress("optim_progress.optimizer.step", Progress.READY_COMPLETED);
    private final Progress zeroGradProgress =
            progress("optim_progress.optimizer.zero_grad", Progress.READY_STARTED_COMPLETED);
    private final Cell<Integer> position = cell("optim_progress.optimizer_position", 0);
    private final Windows windows =
            new Windows(cell("window_samples", Codec.listOf(Codec.INTEGER), List.of()));
    private final PerOptimizer<List<Tensor>> hidden =
            new PerOptimizer<>(
                    cell("hidden", Codec.listOf(Codec.listOf(TensorState.CODEC)), List.of()),
                    List.of());
    private final ListCell<StepResult> results = listCell("results", StepResult.CODEC);
    private final Scratch<Closure> closure = scratch("closure", new Closure(this, windows, hidden));

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

    /// {@return the hidden state that the latest step for an optimizer has carried over; empty before the first part of a
    /// batch}
    ///
    /// @param optimizer its place in the plan, from 0
    protected final List<Tensor> hidden(int optimizer) {
        return hidden.get(optimizer);
    }

    @Override
    protected Fields inputKey(SplitRun split) {
        return Fields.empty().with("part", split.index());
    }

    @Override
    protected void reset(SplitRun split) {
        if (split.index() == 0) {
            hidden.clear();
            if (split.whole().index() == 0) {
                windows.clear(); // one may be open, of an epoch that was cut
                stepProgress.resetCurrent();
                zeroGradProgress.resetCurrent();
            }
        }
        position.set(0);
        results.clear();
    }

    @Override
    protected boolean done(SplitRun split) {
        return turnsAreOver(split) && leftOpen(split) < 0;
    }

    @Override
    protected void advance(SplitRun split) {
        if (turnsAreOver(split)) {
            endWindow(split.fit().scope().optimizers().get(leftOpen(split)), split);
            return;
        }
        var active = active(split);
        results.add(active.isEmpty() ? look(split) : turn(active.get(position.get()), split));
        position.set(position.get() + 1);
    }

    private boolean turnsAreOver(SplitRun split) {
        return position.get() >= Math.max(1, active(split).size());
    }

    /// Gives an optimizer its turn. While it lasts, what only the others train is frozen.
    ///
    /// @param optimizer the optimizer
    /// @param split what it learns from
    /// @return what the module's step came to
    protected StepResult turn(TrainingOptimizer optimizer, SplitRun split) {
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
        if (split.fit().notices().toBeTold("no optimizers")) {
            LOG.log(
                    Level.WARNING,
                    "{0} configures no optimizers; it is run, and nothing is learned",
                    split.fit().scope().module().getClass().getSimpleName());
        }
        var step = split.step(0, hidden.get(0));
        var loss = trainingStep(split, step);
        if (split.carries()) {
            hidden.set(0, step.carried());
        }
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
        var turn = closure.get();
        turn.begin(optimizer, split);
        if (split.whole().endsWindow()) {
            step(optimizer, split, turn);
        } else {
            turn.collect();
            windows.hold(optimizer.index(), turn.samples());
        }
        return turn.end();
    }

    private void step(
            TrainingOptimizer optimizer, SplitRun split, Supplier<OptionalDouble> closure) {
        stepProgress.increment(Stage.READY);
        if (optimizerStep(optimizer, split, closure)) {
            stepProgress.increment(Stage.COMPLETED);
        }
        windows.close(optimizer.index());
    }

    // ---- windows that end with the epoch

    /// {@return the place of the first optimizer whose window the epoch has left open, when its last turn is over; -1 if
    /// there is none}
    private int leftOpen(SplitRun split) {
        var fit = split.fit();
        return split.last()
                        && split.whole().last()
                        && !fit.plan().stepsReached(fit.scope().globalStep())
                ? windows.firstOpen(split.fit().scope().optimizers().size())
                : -1;
    }

    /// Lets an optimizer learn from what its window holds, without a further forward pass.
    private void endWindow(TrainingOptimizer optimizer, SplitRun split) {
        var optimizers = split.fit().scope().optimizers();
        int held = windows.samples(optimizer.index());
        try (var _ = new Toggle(optimizer, optimizers)) {
            step(
                    optimizer,
                    split,
                    () -> {
                        if (held == 0) {
                            return OptionalDouble.empty(); // no step of the window had a loss
                        }
                        Windows.divide(optimizer, held);
                        beforeStep(optimizer, split);
                        return OptionalDouble.of(
                                Double.NaN); // optimizers that look at it do not accumulate
                    });
        }
    }

    // ---- the single things

    /// The last that happens to gradients before they are used.
    final void beforeStep(TrainingOptimizer optimizer, SplitRun split) {
        split.fit()
                .hooks()
                .call(
                        HookPoint.BEFORE_OPTIMIZER_STEP,
                        split.view(),
                        hook -> hook.onBeforeOptimizerStep(split.view(), optimizer));
        clip(optimizer, split);
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
        addGradients(accumulating ? loss.mul(split.part().size()) : loss, optimizer);
        fit.hooks().call(HookPoint.AFTER_BACKWARD, view, hook -> hook.onAfterBackward(view));
    }

    /// Adds gradients to those that are there: of all parameters that lead to the loss and are not frozen.
    ///
    /// @param loss a scalar
    /// @param optimizer the optimizer that has its turn
    protected void addGradients(Tensor loss, TrainingOptimizer optimizer) {
        loss.backward();
    }

    /// Clips the gradients before the optimizer uses them.
    ///
    /// @param optimizer the optimizer
    /// @param split what it learns from
    protected void clip(TrainingOptimizer optimizer, SplitRun split) {
        optimizer.clip(split.fit().plan()).ifPresent(clip -> clip.apply(optimizer));
    }

    private static List<TrainingOptimizer> active(SplitRun split) {
        return split.fit().scope().active(split.whole().index());
    }

    @Override
    protected SplitResult onRunEnd(SplitRun split) {
        var result = SplitResult.of(results);
        results.clear(); // its tensors end with the batch
        if (split.last()) {
            hidden.clear();
        }
        return result;
    }

    @Override
    protected HookOrder hookOrder() {
        return HookOrder.NONE.advance(
                when(
                        "an optimizer has its turn, or there is none",
                        calls(HookPoint.TRAINING_STEP.method())),
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
