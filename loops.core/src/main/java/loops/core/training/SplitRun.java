package loops.core.training;

import tensor.data.Batch;

/// What the optimizers work on: a batch, or a part of it along time.
///
/// @param whole the batch
/// @param part what of it is trained on now
/// @param index the number of the part, from 0
public record SplitRun(BatchRun whole, Batch part, int index) {}
