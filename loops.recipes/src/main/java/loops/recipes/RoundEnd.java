package loops.recipes;

import java.util.List;
import loops.core.training.Milestone;
import loops.core.training.RunView;

/// What the hook `round_end` of a [ParallelKFoldLoop] tells: folds that were trained at once have ended.
///
/// @param run the whole run
/// @param folds what the folds of the round came to, in their order
public record RoundEnd(RunView run, List<FoldResult> folds) implements Milestone {
    /// Copies the list.
    public RoundEnd {
        folds = List.copyOf(folds);
    }
}
