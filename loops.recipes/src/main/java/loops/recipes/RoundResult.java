package loops.recipes;

import loops.api.Codec;
import loops.api.LoopState.Fields;
import loops.core.training.FitResult;

/// What one round of active learning came to.
///
/// @param labels how many labels it had to learn from
/// @param fit the result of its fit, with what it measured on the test batches
public record RoundResult(int labels, FitResult fit) {
    static final Codec<RoundResult> CODEC =
            Codec.of(
                    "the result of a round",
                    result ->
                            Fields.empty()
                                    .with("labels", result.labels)
                                    .with("fit", FitResult.CODEC.encode(result.fit)),
                    state ->
                            new RoundResult(
                                    Math.toIntExact(((Fields) state).num("labels")),
                                    FitResult.CODEC.decode(((Fields) state).get("fit"))));
}
