package loops.core.training;

import java.util.List;
import loops.api.Codec;
import loops.api.ListCell;

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

    private static final SplitResult NOTHING =
            new SplitResult(List.of(StepResult.of(0, null, StepResult.NO_OUTPUTS)));

    /// {@return the result of the steps that a loop has collected} That of one step without a loss and outputs is not
    /// made anew.
    ///
    /// @param steps the results, one for each optimizer that was active, in their order
    public static SplitResult of(ListCell<StepResult> steps) {
        return steps.size() == 1 && steps.get(0).isNothing()
                ? NOTHING
                : new SplitResult(steps.all());
    }

    /// {@return whether it is that of one step, with nothing in it}
    boolean isNothing() {
        return equals(NOTHING);
    }

    /// Copies the list.
    public SplitResult {
        steps = List.copyOf(steps);
    }
}
