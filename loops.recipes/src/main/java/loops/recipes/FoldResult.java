package loops.recipes;

import loops.api.Codec;
import loops.api.LoopState.Fields;
import loops.core.training.FitResult;

/// What one fold came to.
///
/// @param fold its number, from 0
/// @param fit the result of its fit; the metrics are those of its last validation
public record FoldResult(int fold, FitResult fit) {
    static final Codec<FoldResult> CODEC =
            Codec.of(
                    "the result of a fold",
                    result ->
                            Fields.empty()
                                    .with("fold", result.fold)
                                    .with("fit", FitResult.CODEC.encode(result.fit)),
                    state ->
                            new FoldResult(
                                    Math.toIntExact(((Fields) state).num("fold")),
                                    FitResult.CODEC.decode(((Fields) state).get("fit"))));
}
