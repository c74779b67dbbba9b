package conformance.kit;

import conformance.kit.Event.Place;
import java.util.List;
import loops.core.training.BatchResult;
import loops.core.training.RunView;
import loops.core.training.StepResult;
import loops.core.training.TrainingHooks;
import loops.core.training.TrainingOptimizer;
import tensor.api.Tensor;
import tensor.data.Batch;

/// Hooks that record that they were called.
interface RecordingHooks extends TrainingHooks {
    /// {@return where to record}
    Recorder events();

    /// {@return what stands before the names of the hooks}
    String prefix();

    /// Records a hook.
    ///
    /// @param name its name in the cases
    /// @param run what it may look at
    /// @param batch the batch, or -1
    /// @param loader the data loader, or -1
    /// @param optimizer the optimizer, or -1
    default void heard(String name, RunView run, int batch, int loader, int optimizer) {
        events().hook(
                        prefix() + name,
                        run,
                        new Place(run.epoch(), batch, loader, optimizer, run.globalStep()));
    }

    @Override
    default void setup(RunView run) {
        heard("setup", run, -1, -1, -1);
    }

    @Override
    default void teardown(RunView run) {
        heard("teardown", run, -1, -1, -1);
    }

    @Override
    default void onException(RunView run, Throwable thrown) {
        heard("on_exception", run, -1, -1, -1);
    }

    @Override
    default void onFitStart(RunView run) {
        heard("on_fit_start", run, -1, -1, -1);
    }

    @Override
    default void onFitEnd(RunView run) {
        heard("on_fit_end", run, -1, -1, -1);
    }

    @Override
    default void onSanityCheckStart(RunView run) {
        heard("on_sanity_check_start", run, -1, -1, -1);
    }

    @Override
    default void onSanityCheckEnd(RunView run) {
        heard("on_sanity_check_end", run, -1, -1, -1);
    }

    @Override
    default void onTrainStart(RunView run) {
        heard("on_train_start", run, -1, -1, -1);
    }

    @Override
    default void onTrainEnd(RunView run) {
        heard("on_train_end", run, -1, -1, -1);
    }

    @Override
    default void onTrainEpochStart(RunView run) {
        heard("on_train_epoch_start", run, -1, -1, -1);
    }

    @Override
    default void onTrainEpochEnd(RunView run) {
        heard("on_train_epoch_end", run, -1, -1, -1);
    }

    @Override
    default void onTrainEpochMeasured(RunView run) {
        heard("on_train_epoch_measured", run, -1, -1, -1);
    }

    @Override
    default void onTrainBatchStart(RunView run, Batch batch, int batchIndex) {
        heard("on_train_batch_start", run, batchIndex, -1, -1);
    }

    @Override
    default void onTrainBatchEnd(RunView run, BatchResult result, Batch batch, int batchIndex) {
        heard("on_train_batch_end", run, batchIndex, -1, -1);
    }

    @Override
    default void onBeforeZeroGrad(RunView run, TrainingOptimizer optimizer) {
        heard("on_before_zero_grad", run, -1, -1, optimizer.index());
    }

    @Override
    default void onBeforeBackward(RunView run, Tensor loss) {
        heard("on_before_backward", run, -1, -1, -1);
    }

    @Override
    default void onAfterBackward(RunView run) {
        heard("on_after_backward", run, -1, -1, -1);
    }

    @Override
    default void onBeforeOptimizerStep(RunView run, TrainingOptimizer optimizer) {
        heard("on_before_optimizer_step", run, -1, -1, optimizer.index());
    }

    @Override
    default void onValidationStart(RunView run) {
        heard("on_validation_start", run, -1, -1, -1);
    }

    @Override
    default void onValidationEnd(RunView run) {
        heard("on_validation_end", run, -1, -1, -1);
    }

    @Override
    default void onValidationEpochStart(RunView run) {
        heard("on_validation_epoch_start", run, -1, -1, -1);
    }

    @Override
    default void onValidationEpochEnd(RunView run) {
        heard("on_validation_epoch_end", run, -1, -1, -1);
    }

    @Override
    default void onValidationBatchStart(RunView run, Batch batch, int batchIndex, int loaderIndex) {
        heard("on_validation_batch_start", run, batchIndex, loaderIndex, -1);
    }

    @Override
    default void onValidationBatchEnd(
            RunView run, StepResult result, Batch batch, int batchIndex, int loaderIndex) {
        heard("on_validation_batch_end", run, batchIndex, loaderIndex, -1);
    }

    @Override
    default void onTestStart(RunView run) {
        heard("on_test_start", run, -1, -1, -1);
    }

    @Override
    default void onTestEnd(RunView run) {
        heard("on_test_end", run, -1, -1, -1);
    }

    @Override
    default void onTestEpochStart(RunView run) {
        heard("on_test_epoch_start", run, -1, -1, -1);
    }

    @Override
    default void onTestEpochEnd(RunView run) {
        heard("on_test_epoch_end", run, -1, -1, -1);
    }

    @Override
    default void onTestBatchStart(RunView run, Batch batch, int batchIndex, int loaderIndex) {
        heard("on_test_batch_start", run, batchIndex, loaderIndex, -1);
    }

    @Override
    default void onTestBatchEnd(
            RunView run, StepResult result, Batch batch, int batchIndex, int loaderIndex) {
        heard("on_test_batch_end", run, batchIndex, loaderIndex, -1);
    }

    @Override
    default void onPredictStart(RunView run) {
        heard("on_predict_start", run, -1, -1, -1);
    }

    @Override
    default void onPredictEnd(RunView run) {
        heard("on_predict_end", run, -1, -1, -1);
    }

    @Override
    default void onPredictEpochStart(RunView run) {
        heard("on_predict_epoch_start", run, -1, -1, -1);
    }

    @Override
    default void onPredictEpochEnd(RunView run, List<List<Tensor>> predictions) {
        heard("on_predict_epoch_end", run, -1, -1, -1);
    }

    @Override
    default void onPredictBatchStart(RunView run, Batch batch, int batchIndex, int loaderIndex) {
        heard("on_predict_batch_start", run, batchIndex, loaderIndex, -1);
    }

    @Override
    default void onPredictBatchEnd(
            RunView run, Tensor prediction, Batch batch, int batchIndex, int loaderIndex) {
        heard("on_predict_batch_end", run, batchIndex, loaderIndex, -1);
    }
}
