package loops.core.training;

import java.util.List;

/// What an epoch of training came to.
///
/// @param batches the batches that were trained on
/// @param complete whether the last batch was reached: the epoch was not cut short
/// @param stepped the batches of the whole fit so far after which optimizers had their turn: the axis of the loggers
/// @param results what the batches came to, if the module keeps its results; else none
public record EpochResult(int batches, boolean complete, long stepped, List<BatchResult> results) {
    /// Copies the list.
    public EpochResult {
        results = List.copyOf(results);
    }
}
