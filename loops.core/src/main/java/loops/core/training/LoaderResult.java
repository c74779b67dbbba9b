package loops.core.training;

import java.util.List;
import java.util.SequencedMap;

/// What the evaluation of one data loader came to.
///
/// @param metrics the metrics by their names for loggers
/// @param results what the batches came to, if the module keeps its results; else none
public record LoaderResult(SequencedMap<String, Double> metrics, List<StepResult> results) {
    /// Copies the list.
    public LoaderResult {
        results = List.copyOf(results);
    }
}
