package loops.core.training;

import java.util.List;
import java.util.OptionalDouble;
import loops.api.Codec;
import loops.api.ListCell;

/// What the training on one batch came to.
///
/// Its shape is always the same: parts of the batch, and in each the steps of the active optimizers.
///
/// @param splits the results, one for each part that the batch was split into; one for a whole batch, none for a batch
///     that was left out
public record BatchResult(List<SplitResult> splits) {
    /// How a result is saved.
    public static final Codec<BatchResult> CODEC =
            Codec.of(
                    "the results of a batch",
                    result -> Codec.listOf(SplitResult.CODEC).encode(result.splits()),
                    state -> new BatchResult(Codec.listOf(SplitResult.CODEC).decode(state)));

    private static final BatchResult NOTHING =
            new BatchResult(
                    List.of(
                            new SplitResult(
                                    List.of(StepResult.of(0, null, StepResult.NO_OUTPUTS)))));

    /// {@return the result of the parts that a loop has collected} That of one part without a loss and outputs is not
    /// made anew.
    ///
    /// @param splits the results, one for each part that the batch was split into
    public static BatchResult of(ListCell<SplitResult> splits) {
        return splits.size() == 1 && splits.get(0).isNothing()
                ? NOTHING
                : new BatchResult(splits.all());
    }

    /// Copies the list.
    public BatchResult {
        splits = List.copyOf(splits);
    }

    /// {@return the latest loss of the first optimizer that had one, if any had}
    public OptionalDouble loss() {
        for (SplitResult split : splits.reversed()) {
            for (StepResult step : split.steps()) {
                if (step.hasLoss()) {
                    return step.loss();
                }
            }
        }
        return OptionalDouble.empty();
    }

    /// {@return the same result, whose tensors belong to no scope}
    public BatchResult kept() {
        return new BatchResult(
                splits.stream()
                        .map(split ->
                                new SplitResult(
                                        split.steps().stream().map(StepResult::kept).toList()))
                        .toList());
    }
}
