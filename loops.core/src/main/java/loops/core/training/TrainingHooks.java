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
    ///
    /// @param run what may be looked at and asked for
    default void setup(RunView run) {}

    /// Called when all is over, also after an exception. Files are closed here.
    ///
    /// @param run what may be looked at and asked for
    default void teardown(RunView run) {}

    /// Called when something was thrown, before it leaves the trainer.
    ///
    /// @param run what may be looked at and asked for
    /// @param thrown what was thrown
    default void onException(RunView run, Throwable thrown) {}

    /// Called at the start of a fit, after everything was restored.
    ///
    /// @param run what may be looked at and asked for
    default void onFitStart(RunView run) {}

    /// Called at the end of a fit.
    ///
    /// @param run what may be looked at and asked for
    default void onFitEnd(RunView run) {}

    /// Called before the sanity check.
    ///
    /// @param run what may be looked at and asked for
    default void onSanityCheckStart(RunView run) {}

    /// Called after the sanity check.
    ///
    /// @param run what may be looked at and asked for
    default void onSanityCheckEnd(RunView run) {}

    /// Called before the first epoch.
    ///
    /// @param run what may be looked at and asked for
    default void onTrainStart(RunView run) {}

    /// Called after the last epoch.
    ///
    /// @param run what may be looked at and asked for
    default void onTrainEnd(RunView run) {}

    /// Called before the first batch of an epoch.
    ///
    /// @param run what may be looked at and asked for
    default void onTrainEpochStart(RunView run) {}

    /// Called after the last batch of an epoch and its validation. What is logged here belongs to the epoch.
    ///
    /// @param run what may be looked at and asked for
    default void onTrainEpochEnd(RunView run) {}

    /// Called when all metrics of an epoch are there, those of `onTrainEpochEnd` too: here they are monitored.
    ///
    /// @param run what may be looked at and asked for
    default void onTrainEpochMeasured(RunView run) {}

    /// Called before a batch is trained on. [RunView#endEpoch] leaves it out, and the rest of the epoch.
    ///
    /// @param run what may be looked at and asked for
    /// @param batch the samples
    /// @param batchIndex the batch, from 0
    default void onTrainBatchStart(RunView run, Batch batch, int batchIndex) {}

    /// Called after a batch was trained on, before a validation that follows it.
    ///
    /// @param run what may be looked at and asked for
    /// @param result what the training came to
    /// @param batch the samples
    /// @param batchIndex the batch, from 0
    default void onTrainBatchEnd(RunView run, BatchResult result, Batch batch, int batchIndex) {}

    /// Called before the gradients of an optimizer's parameters are dropped.
    ///
    /// @param run what may be looked at and asked for
    /// @param optimizer the optimizer
    default void onBeforeZeroGrad(RunView run, TrainingOptimizer optimizer) {}

    /// Called between the forward and the backward pass.
    ///
    /// @param run what may be looked at and asked for
    /// @param loss a scalar
    default void onBeforeBackward(RunView run, Tensor loss) {}

    /// Called after the backward pass.
    ///
    /// @param run what may be looked at and asked for
    default void onAfterBackward(RunView run) {}

    /// Called before an optimizer changes its parameters.
    ///
    /// @param run what may be looked at and asked for
    /// @param optimizer the optimizer
    default void onBeforeOptimizerStep(RunView run, TrainingOptimizer optimizer) {}

    /// Called before a validation.
    ///
    /// @param run what may be looked at and asked for
    default void onValidationStart(RunView run) {}

    /// Called after a validation.
    ///
    /// @param run what may be looked at and asked for
    default void onValidationEnd(RunView run) {}

    /// Called before the first batch of a validation.
    ///
    /// @param run what may be looked at and asked for
    default void onValidationEpochStart(RunView run) {}

    /// Called after the last batch of a validation.
    ///
    /// @param run what may be looked at and asked for
    default void onValidationEpochEnd(RunView run) {}

    /// Called before a validation batch.
    ///
    /// @param run what may be looked at and asked for
    /// @param batch the samples
    /// @param batchIndex the batch, from 0
    /// @param loaderIndex the data loader, from 0
    default void onValidationBatchStart(
            RunView run, Batch batch, int batchIndex, int loaderIndex) {}

    /// Called after a validation batch.
    ///
    /// @param run what may be looked at and asked for
    /// @param result what the step put out
    /// @param batch the samples
    /// @param batchIndex the batch, from 0
    /// @param loaderIndex the data loader, from 0
    default void onValidationBatchEnd(
            RunView run, StepResult result, Batch batch, int batchIndex, int loaderIndex) {}

    /// Called before a test.
    ///
    /// @param run what may be looked at and asked for
    default void onTestStart(RunView run) {}

    /// Called after a test.
    ///
    /// @param run what may be looked at and asked for
    default void onTestEnd(RunView run) {}

    /// Called before the first batch of a test.
    ///
    /// @param run what may be looked at and asked for
    default void onTestEpochStart(RunView run) {}

    /// Called after the last batch of a test.
    ///
    /// @param run what may be looked at and asked for
    default void onTestEpochEnd(RunView run) {}

    /// Called before a test batch.
    ///
    /// @param run what may be looked at and asked for
    /// @param batch the samples
    /// @param batchIndex the batch, from 0
    /// @param loaderIndex the data loader, from 0
    default void onTestBatchStart(RunView run, Batch batch, int batchIndex, int loaderIndex) {}

    /// Called after a test batch.
    ///
    /// @param run what may be looked at and asked for
    /// @param result what the step put out
    /// @param batch the samples
    /// @param batchIndex the batch, from 0
    /// @param loaderIndex the data loader, from 0
    default void onTestBatchEnd(
            RunView run, StepResult result, Batch batch, int batchIndex, int loaderIndex) {}

    /// Called before a prediction.
    ///
    /// @param run what may be looked at and asked for
    default void onPredictStart(RunView run) {}

    /// Called after a prediction.
    ///
    /// @param run what may be looked at and asked for
    default void onPredictEnd(RunView run) {}

    /// Called before the first batch of a prediction.
    ///
    /// @param run what may be looked at and asked for
    default void onPredictEpochStart(RunView run) {}

    /// Called after the last batch of a prediction.
    ///
    /// @param run what may be looked at and asked for
    /// @param predictions the predictions: data loaders, their batches
    default void onPredictEpochEnd(RunView run, List<List<Tensor>> predictions) {}

    /// Called before a prediction batch.
    ///
    /// @param run what may be looked at and asked for
    /// @param batch the samples
    /// @param batchIndex the batch, from 0
    /// @param loaderIndex the data loader, from 0
    default void onPredictBatchStart(RunView run, Batch batch, int batchIndex, int loaderIndex) {}

    /// Called after a prediction batch.
    ///
    /// @param run what may be looked at and asked for
    /// @param prediction what the module predicted
    /// @param batch the samples
    /// @param batchIndex the batch, from 0
    /// @param loaderIndex the data loader, from 0
    default void onPredictBatchEnd(
            RunView run, Tensor prediction, Batch batch, int batchIndex, int loaderIndex) {}
}
