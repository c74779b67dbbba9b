/// The built-in loops: the procedure of a fit, a validation, a test and a prediction, a level a class.
///
/// A class belongs here if it is one level of the default tree. Each can be subclassed, replaced, or run on its own.
///
/// ```text
/// FitLoop                     epochs
///   TrainingEpochLoop         batches of an epoch, and when to validate
///     TrainingBatchLoop       parts of a batch
///       OptimizerLoop         optimizers of a part      (automatic optimization)
///       ManualOptimization    one training step         (manual optimization)
///     EvaluationLoop          data loaders of a validation
///       EvaluationEpochLoop   batches of a data loader
/// EvaluationLoop              data loaders of a validation or a test
///   EvaluationEpochLoop
/// PredictionLoop              data loaders of a prediction
///   PredictionEpochLoop
/// ```
package loops.core.loop;
