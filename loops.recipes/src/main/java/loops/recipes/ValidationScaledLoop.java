package loops.recipes;

import loops.core.loop.OptimizerLoop;
import loops.core.training.SplitRun;
import loops.core.training.TrainingOptimizer;

/// Learns the more boldly the better it validates: before each optimizer step the gradients are divided by the loss on
/// the validation batches.
///
/// ```java
/// trainer.slots().optimizer().replace(old -> new ValidationScaledLoop());
/// ```
///
/// ```text
/// for each batch:
///     zeroGrad, backward                            as in the built-in loop
///     loss = sum of trainingStep(b) for all validation batches b, without gradients
///     gradients = gradients / loss
///     clip, optimizer step                          as in the built-in loop
/// ```
///
/// The loss is that of the module's `trainingStep`, called with the activity `VALIDATION` and in evaluation mode; what it
/// logs there is dropped, and random streams, buffers and modes of its parts are brought back. A module that optimizes by
/// itself is not scaled. Each optimizer of a module has its own. With accumulation it is taken once in a window.
/// An optimizer that adapts to the size of its gradients, as Adam, hardly notices; take plain SGD.
public class ValidationScaledLoop extends OptimizerLoop {
    /// A loop that takes the place of an [OptimizerLoop].
    public ValidationScaledLoop() {}

    // @start region=scale
    @Override
    protected void clip(TrainingOptimizer optimizer, SplitRun split) {
        double scale = 1 / validationLoss(optimizer, split);
        for (var parameter : optimizer.parameters()) {
            parameter.mapGrad(gradient -> gradient.mul(scale));
        }
        super.clip(optimizer, split);
    }

    // @end region=scale

    /// {@return the sum of the losses of all validation batches} A subclass may measure in another way.
    ///
    /// @param optimizer whose loss is wanted
    /// @param split what is learned from
    /// @throws IllegalStateException if the sum is not above 0, infinite, or so small that 1 divided by it is no float32; or
    ///     if there are no validation batches
    protected double validationLoss(TrainingOptimizer optimizer, SplitRun split) {
        double loss = new ValidationLoss(optimizer, split).sum();
        if (!(loss > 0 && loss < Double.POSITIVE_INFINITY && 1 / loss <= Float.MAX_VALUE)) {
            throw new IllegalStateException(
                    "ValidationScaledLoop: the validation loss is %s in %s, and gradients are divided by it; learn from a loss that stays above 0 and finite, or end earlier"
                            .formatted(loss, split));
        }
        return loss;
    }
}
