package loops.core.training;

import java.util.List;
import tensor.api.Tensor;
import tensor.data.Batch;

/// The places of a run at which something can be added. All do nothing by default.
///
/// Implemented by every [Callback], called with what it may look at, and by the [TrainingModule] itself.
/// [Hooks] says in which order and under which endings they are called.
public interface TrainingHooks {
    /// Called before anything is run. Files may be opened here.
    default void setup(RunView run) {}

    /// Called when all is over, also after an exception. Files are closed here.
    default void teardown(RunView run) {}

    /// Called when something was thrown, before it leaves the trainer.
    default void onException(RunView run, Throwable thrown) {}

    /// Called at the start of a fit, after everything was restored.
    default void onFitStart(RunView run) {}

    /// Called at the end of a fit.
    default void onFitEnd(RunView run) {}

    /// Called before the sanity check.
    default void onSanityCheckStart(RunView run) {}

    /// Called after the sanity check.
    default void onSanityCheckEnd(RunView run) {}

    /// Called before the first epoch.
    default void onTrainStart(RunView run) {}

    /// Called after the last epoch.
    default void onTrainEnd(RunView run) {}

    /// Called before the first batch of an epoch.
    default void onTrainEpochStart(RunView run) {}

    /// Called after the last batch of an epoch and its validation.
    default void onTrainEpochEnd(RunView run) {}

    /// Called before a batch is trained on.
    default void onTrainBatchStart(RunView run, Batch batch, int batchIndex) {}

    /// Called after a batch was trained on, before a validation that follows it.
    default void onTrainBatchEnd(RunView run, BatchResult result, Batch batch, int batchIndex) {}

    /// Called before the gradients of an optimizer's parameters are dropped.
    default void onBeforeZeroGrad(RunView run, TrainingOptimizer optimizer) {}

    /// Called between the forward and the backward pass.
    default void onBeforeBackward(RunView run, Tensor loss) {}

    /// Called after the backward pass.
    default void onAfterBackward(RunView run) {}

    /// Called before an optimizer changes its parameters.
    default void onBeforeOptimizerStep(RunView run, TrainingOptimizer optimizer) {}

    /// Called before a validation.
    default void onValidationStart(RunView run) {}

    /// Called after a validation.
    default void onValidationEnd(RunView run) {}

    /// Called before the first batch of a validation.
    default void onValidationEpochStart(RunView run) {}

    /// Called after the last batch of a validation.
    default void onValidationEpochEnd(RunView run) {}

    /// Called before a validation batch.
    default void onValidationBatchStart(RunView run, Batch batch, int batchIndex, int loaderIndex) {}

    /// Called after a validation batch.
    default void onValidationBatchEnd(RunView run, Batch batch, int batchIndex, int loaderIndex) {}

    /// Called before a test.
    default void onTestStart(RunView run) {}

    /// Called after a test.
    default void onTestEnd(RunView run) {}

    /// Called before the first batch of a test.
    default void onTestEpochStart(RunView run) {}

    /// Called after the last batch of a test.
    default void onTestEpochEnd(RunView run) {}

    /// Called before a test batch.
    default void onTestBatchStart(RunView run, Batch batch, int batchIndex, int loaderIndex) {}

    /// Called after a test batch.
    default void onTestBatchEnd(RunView run, Batch batch, int batchIndex, int loaderIndex) {}

    /// Called before a prediction.
    default void onPredictStart(RunView run) {}

    /// Called after a prediction.
    default void onPredictEnd(RunView run) {}

    /// Called before the first batch of a prediction.
    default void onPredictEpochStart(RunView run) {}

    /// Called after the last batch of a prediction.
    default void onPredictEpochEnd(RunView run, List<List<Tensor>> predictions) {}

    /// Called before a prediction batch.
    default void onPredictBatchStart(RunView run, Batch batch, int batchIndex, int loaderIndex) {}

    /// Called after a prediction batch.
    default void onPredictBatchEnd(
            RunView run, Tensor prediction, Batch batch, int batchIndex, int loaderIndex) {}
}
