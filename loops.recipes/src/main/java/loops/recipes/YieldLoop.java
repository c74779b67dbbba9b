package loops.recipes;

import static loops.api.Call.calls;
import static loops.api.Call.each;
import static loops.api.Call.when;

import java.util.function.Consumer;
import loops.api.HookOrder;
import loops.api.Scratch;
import loops.core.loop.OptimizerLoop;
import loops.core.training.HookPoint;
import loops.core.training.SplitRun;
import loops.core.training.Step;
import loops.core.training.StepResult;
import loops.core.training.TrainingOptimizer;
import org.jspecify.annotations.Nullable;
import tensor.api.Tensor;

/// Automatic optimization by a step that yields one loss for each optimizer, and whose values live on between them.
///
/// ```java
/// trainer.slots().optimizer().replace(old -> new YieldLoop());
/// trainer.fit(gan, data);   // a YieldingModule
/// ```
///
/// A yield is a turn of its optimizer as in an [OptimizerLoop]: hooks, accumulation, clipping, schedules and counts are
/// those of that loop, and so is its state. Two things differ. Nothing is frozen while the step computes, so that losses
/// may share what leads to them; a loss gives gradients to the parameters of its own optimizer alone. And a step is one
/// advance: there is a safe point before it and after it, and none between its yields, for half a method cannot be saved.
///
/// A step yields once for each optimizer that has its turn in the batch, in the order of the plan; one more, one less or
/// another order is an error that names the optimizer. Optimizers that compute their loss several times a step cannot be
/// used: a step cannot be run twice.
///
/// This loop runs the turn inside of `y.yield`, on top of the step. A [GeneratorLoop] suspends the step meanwhile; the numbers
/// are the same, to the last bit.
@SuppressWarnings("this-escape") // its parts are declared here, and used only in a run
public class YieldLoop extends OptimizerLoop {
    private final Scratch<YieldedTurns> turns = scratch("turns", new YieldedTurns(this));

    /// A loop that takes the losses of a yielding step.
    public YieldLoop() {}

    @Override
    protected void advance(SplitRun split) {
        if (position() > 0) {
            requireAllTurns(split);
            super.advance(split); // a window ends with the epoch
            return;
        }
        var module = module(split);
        refuseSeveralCalls(split);
        var batch = split.part();
        var metrics = split.fit().scope().metrics();
        var outside = metrics.enter(HookPoint.TRAINING_STEP);
        try {
            turns.get()
                    .take(split, (step, y) -> runStep(o -> module.trainingStep(batch, step, o), y));
        } finally {
            metrics.enter(outside);
        }
    }

    /// A state of another loop may stand between two optimizers, where no step can be entered.
    private void requireAllTurns(SplitRun split) {
        int turns = split.fit().scope().active(split.whole().index()).size();
        if (position() < turns) {
            throw new IllegalStateException(
                    "%s: %s was saved by another loop, after %d of %d turns; go on from a state between two batches"
                            .formatted(called(), split, position(), turns));
        }
    }

    private YieldingModule module(SplitRun split) {
        if (split.fit().scope().module() instanceof YieldingModule module) {
            return module;
        }
        throw new IllegalArgumentException(
                "%s: the module is a %s; fit a YieldingModule, or leave the optimizer loop in its place"
                        .formatted(
                                called(), split.fit().scope().module().getClass().getSimpleName()));
    }

    private void refuseSeveralCalls(SplitRun split) {
        for (TrainingOptimizer optimizer : split.fit().scope().optimizers()) {
            if (optimizer.optimizer().reevaluates()) {
                throw new IllegalStateException(
                        "%s: optimizer %d computes its loss several times a step, and the step yields it once; plan another optimizer"
                                .formatted(called(), optimizer.index()));
            }
        }
    }

    /// Runs a step to its end.
    ///
    /// @param step the step of the module
    /// @param y takes its losses, on the thread that runs this loop
    void runStep(Consumer<Yields> step, Yields y) {
        try (var call = new YieldsOfCall(y)) {
            step.accept(call);
        }
    }

    /// {@return the name of this kind of loop, for messages}
    String called() {
        return "YieldLoop";
    }

    /// {@return the step, moved to an optimizer}
    final Step step(SplitRun split, int optimizer) {
        return split.step(optimizer, hidden(optimizer));
    }

    /// Makes the turn of the optimizer at [#position].
    final void turn(SplitRun split) {
        super.advance(split);
    }

    /// Freezes nothing: what leads to the loss has been computed, and may lead to further ones.
    @Override
    protected StepResult turn(TrainingOptimizer optimizer, SplitRun split) {
        return optimize(optimizer, split);
    }

    /// Gives the loss that has been yielded.
    @Override
    protected @Nullable Tensor trainingStep(SplitRun split, Step step) {
        return turns.get().loss(step);
    }

    /// Adds gradients to those of the optimizer's parameters alone.
    @Override
    protected void addGradients(Tensor loss, TrainingOptimizer optimizer) {
        try {
            loss.backward(optimizer.parameters());
        } catch (IllegalStateException refused) {
            throw turns.get().without(optimizer, refused);
        }
    }

    @Override
    protected HookOrder hookOrder() {
        return HookOrder.NONE.advance(
                when("the step has not been made", calls(HookPoint.TRAINING_STEP.method())),
                each(
                        "yield, and window that ends with the epoch",
                        when(
                                "an accumulation window begins",
                                calls(HookPoint.BEFORE_ZERO_GRAD.method())),
                        when(
                                "there is a loss",
                                calls(HookPoint.BEFORE_BACKWARD.method()),
                                calls(HookPoint.AFTER_BACKWARD.method())),
                        when(
                                "an accumulation window ends",
                                calls(HookPoint.BEFORE_OPTIMIZER_STEP.method()))));
    }
}
