package loops.core.training;

import java.util.List;

/// What the training on one batch came to.
///
/// @param steps the results, one for each part that the batch was split into; one for a whole batch
public record BatchResult(List<StepResult> steps) {
    /// Copies the list.
    public BatchResult {
        steps = List.copyOf(steps);
    }

    /// {@return the loss for the first optimizer in the last part}
    public double loss() {
        return steps.getLast().losses().getFirst();
    }
}
