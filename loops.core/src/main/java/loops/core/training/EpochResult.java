package loops.core.training;

import java.util.SequencedMap;

/// What an epoch of training came to.
///
/// @param batches the batches that were trained on
/// @param metrics the means of what was logged
public record EpochResult(int batches, SequencedMap<String, Double> metrics) {}
