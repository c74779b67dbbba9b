package loops.core.loop;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import loops.core.training.SplitRun;
import loops.core.training.Step;
import loops.core.training.StepResult;
import loops.core.training.TrainingOptimizer;
import org.jspecify.annotations.Nullable;
import tensor.api.Tensor;
import tensor.api.TensorScope;

/// One turn of an optimizer: forward and backward, as often as the optimizer wants, each time from the same hidden state.
///
/// It is made once and begun anew for every turn.
final class Closure implements Supplier<OptionalDouble> {
    private static final System.Logger LOG = System.getLogger(OptimizerLoop.class.getName());

    private final OptimizerLoop loop;
    private final Windows windows;
    private final PerOptimizer<List<Tensor>> hidden;
    private @Nullable TrainingOptimizer optimizer;
    private @Nullable SplitRun split;
    private List<Tensor> hiddenBefore = List.of();
    private int samples;
    private @Nullable StepResult result;

    /// @param loop does the single things
    /// @param windows the windows as they are before a turn
    /// @param hidden the hidden state that steps carry over
    Closure(OptimizerLoop loop, Windows windows, PerOptimizer<List<Tensor>> hidden) {
        this.loop = loop;
        this.windows = windows;
        this.hidden = hidden;
    }

    /// Begins a turn.
    ///
    /// @param ofTurn the optimizer
    /// @param on what it learns from
    void begin(TrainingOptimizer ofTurn, SplitRun on) {
        optimizer = ofTurn;
        split = on;
        hiddenBefore = hidden.get(ofTurn.index());
        result = null;
    }

    /// {@return what the module's latest step came to}
    ///
    /// @throws IllegalStateException if there was none
    StepResult end() {
        var made = result();
        hiddenBefore = List.of(); // its tensors end with the batch
        result = null;
        return made;
    }

    /// {@return the samples that the window holds now}
    int samples() {
        return samples;
    }

    private TrainingOptimizer optimizer() {
        return Objects.requireNonNull(optimizer);
    }

    private SplitRun split() {
        return Objects.requireNonNull(split);
    }

    /// Forward and backward alone: the window stays open.
    ///
    /// @return whether there is a loss, or a gradient from earlier batches of the window
    boolean collect() {
        var step = split().step(optimizer().index(), hiddenBefore);
        Tensor loss = loop.trainingStep(split(), step);
        if (!windows.open(optimizer().index())) {
            loop.zeroGrad(optimizer(), split());
        }
        samples = windows.samples(optimizer().index());
        if (loss == null) {
            leaveOut(step);
        } else {
            loop.backward(loss, optimizer(), split());
            samples += split().part().size();
        }
        if (split().carries()) {
            hidden.set(step.optimizerIndex(), step.carried());
        }
        result = StepResult.of(step.optimizerIndex(), loss, step.outputs());
        return samples > 0;
    }

    /// Said once in a fit; the scope counts the others.
    private void leaveOut(Step step) {
        if (split().fit().scope().countLeftOut() == 1) {
            LOG.log(
                    Level.WARNING,
                    "trainingStep gave no loss for optimizer {0} in batch {1}; such steps are left out",
                    step.optimizerIndex(),
                    step.batchIndex());
        }
    }

    /// Forward, backward, and all that comes before a step.
    ///
    /// The tensors of each of several calls are released after it, but for what the step hands on.
    @Override
    public OptionalDouble get() {
        return optimizer().optimizer().reevaluates()
                ? TensorScope.call("closure", this::completeIn)
                : complete();
    }

    private OptionalDouble completeIn(TensorScope scope) {
        var loss = complete();
        result().outputs().values().forEach(scope::keep);
        hidden.get(optimizer().index()).forEach(scope::keep);
        return loss;
    }

    private OptionalDouble complete() {
        if (!collect()) {
            return OptionalDouble.empty();
        }
        if (split().fit().scope().accumulate() > 1) {
            Windows.divide(optimizer(), samples);
        }
        loop.beforeStep(optimizer(), split());
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
