package loops.core.training;

/// How a value is logged: `step.log("loss", loss, ON_STEP, ON_EPOCH, PROGRESS_BAR)`.
///
/// If neither [LogFlag#ON_STEP] nor [LogFlag#ON_EPOCH] is given, what is usual at the place applies: in a training
/// step and the hooks of a training batch the value of the step, everywhere else that of the epoch.
public sealed interface LogOption permits LogFlag, Reduce, Samples {}
