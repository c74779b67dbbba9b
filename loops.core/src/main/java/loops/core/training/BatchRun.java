package loops.core.training;

import tensor.data.Batch;

/// What the training on one batch works on.
///
/// @param epoch the epoch that it belongs to
/// @param batch the samples
/// @param index its number within the epoch, from 0
/// @param last whether it is the last of the epoch
/// @param sums takes what is logged
public record BatchRun(EpochRun epoch, Batch batch, int index, boolean last, MetricSums sums) {}
