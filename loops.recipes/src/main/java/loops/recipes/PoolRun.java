package loops.recipes;

import java.util.List;
import loops.core.training.TrainingScope;
import tensor.api.RandomKey;
import tensor.data.BatchSource;

/// What a [PoolLoop] works on.
///
/// @param scope the module that predicts
/// @param samples the numbers of the samples that have no label
/// @param source their batches, in the same order
/// @param wanted how many of them are wanted
/// @param passes how many predictions are made of each
/// @param heuristic tells from these how much the sample is wanted
/// @param key where the random numbers of this round come from
public record PoolRun(
        TrainingScope scope,
        List<Integer> samples,
        BatchSource source,
        int wanted,
        int passes,
        Heuristic heuristic,
        RandomKey key) {
    /// Copies the list.
    public PoolRun {
        samples = List.copyOf(samples);
    }
}
