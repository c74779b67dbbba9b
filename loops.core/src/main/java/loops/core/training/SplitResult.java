package loops.core.training;

import java.util.List;
import loops.api.Codec;

/// What the training on one part of a batch came to.
///
/// @param steps the results, one for each optimizer that was active, in their order
public record SplitResult(List<StepResult> steps) {
    /// How a result is saved.
    public static final Codec<SplitResult> CODEC =
            Codec.of(
                    "the results of steps",
                    result -> Codec.listOf(StepResult.CODEC).encode(result.steps()),
                    state -> new SplitResult(Codec.listOf(StepResult.CODEC).decode(state)));

    /// Copies the list.
    public SplitResult {
        steps = List.copyOf(steps);
    }
}
