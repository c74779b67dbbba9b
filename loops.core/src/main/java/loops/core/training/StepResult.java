package loops.core.training;

import java.util.List;

/// What the optimizers did with a batch, or a part of it.
///
/// @param losses the loss for each optimizer, as the module gave it
public record StepResult(List<Double> losses) {
    /// Copies the list.
    public StepResult {
        losses = List.copyOf(losses);
    }
}
