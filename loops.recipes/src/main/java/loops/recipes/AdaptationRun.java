package loops.recipes;

import tensor.data.Batch;

/// What an [AdaptationLoop] works on.
///
/// @param module is adapted; its parameters stay as they are
/// @param samples those of several tasks, tensors `[tasks, samples, ..]`
public record AdaptationRun(TaskModule module, Batch samples) {}
