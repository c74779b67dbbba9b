package loops.core.callback;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import loops.core.training.BatchResult;
import loops.core.training.Callback;
import loops.core.training.HookPoint;
import loops.core.training.RunView;
import loops.core.training.StepResult;
import loops.core.training.TrainingOptimizer;
import tensor.api.Tensor;
import tensor.data.Batch;

/// Calls a function at a hook: a callback for a line or two.
///
/// ```java
/// LambdaCallback.on(HookPoint.TRAIN_EPOCH_END, run -> System.out.println(run.metrics().all()))
///         .and(HookPoint.FIT_END, run -> System.out.println("done"))
/// ```
///
/// What needs the batch or a result of a hook, or remembers anything, is a [Callback] of its own.
public final class LambdaCallback implements Callback {
    private static final Set<HookPoint> STEPS =
            Set.of(
                    HookPoint.TRAINING_STEP,
                    HookPoint.VALIDATION_STEP,
                    HookPoint.TEST_STEP,
                    HookPoint.PREDICT_STEP,
                    HookPoint.TRAINING_RESULTS,
                    HookPoint.VALIDATION_RESULTS,
                    HookPoint.TEST_RESULTS);

    private final Map<HookPoint, List<Consumer<RunView>>> actions;

    private LambdaCallback(Map<HookPoint, List<Consumer<RunView>>> actions) {
        this.actions = actions;
    }

    /// {@return a callback that calls a function at a hook}
    ///
    /// @param hook the hook
    /// @param action what is called; it may look at the run and ask for something, and must not remember anything
    /// @throws IllegalArgumentException if it is no hook of callbacks but a step of the module
    public static LambdaCallback on(HookPoint hook, Consumer<RunView> action) {
        return new LambdaCallback(Map.of()).and(hook, action);
    }

    /// {@return this callback, calling one more function at a hook}
    ///
    /// @param hook the hook
    /// @param action what is called; it may look at the run and ask for something, and must not remember anything
    /// @throws IllegalArgumentException if it is no hook of callbacks but a step of the module
    public LambdaCallback and(HookPoint hook, Consumer<RunView> action) {
        if (STEPS.contains(hook)) {
            throw new IllegalArgumentException(
                    "LambdaCallback: %s belongs to the module; use a hook, such as onTrainBatchEnd"
                            .formatted(hook.method()));
        }
        var more = new EnumMap<HookPoint, List<Consumer<RunView>>>(HookPoint.class);
        more.putAll(actions);
        var ofHook = new ArrayList<>(actions.getOrDefault(hook, List.of()));
        ofHook.add(action);
        more.put(hook, List.copyOf(ofHook));
        return new LambdaCallback(more);
    }

    private void call(HookPoint hook, RunView run) {
        for (Consumer<RunView> action : actions.getOrDefault(hook, List.of())) {
            action.accept(run);
        }
    }

    @Override
    public void setup(RunView run) {
        call(HookPoint.SETUP, run);
    }

    @Override
    public void teardown(RunView run) {
        call(HookPoint.TEARDOWN, run);
    }

    @Override
    public void onException(RunView run, Throwable thrown) {
        call(HookPoint.EXCEPTION, run);
    }

    @Override
    public void onFitStart(RunView run) {
        call(HookPoint.FIT_START, run);
    }

    @Override
    public void onFitEnd(RunView run) {
        call(HookPoint.FIT_END, run);
    }

    @Override
    public void onSanityCheckStart(RunView run) {
        call(HookPoint.SANITY_CHECK_START, run);
    }

    @Override
    public void onSanityCheckEnd(RunView run) {
        call(HookPoint.SANITY_CHECK_END, run);
    }

    @Override
    public void onTrainStart(RunView run) {
        call(HookPoint.TRAIN_START, run);
    }

    @Override
    public void onTrainEnd(RunView run) {
        call(HookPoint.TRAIN_END, run);
    }

    @Override
    public void onTrainEpochStart(RunView run) {
        call(HookPoint.TRAIN_EPOCH_START, run);
    }

    @Override
    public void onTrainEpochEnd(RunView run) {
        call(HookPoint.TRAIN_EPOCH_END, run);
    }

    @Override
    public void onTrainEpochMeasured(RunView run) {
        call(HookPoint.TRAIN_EPOCH_MEASURED, run);
    }

    @Override
    public void onTrainBatchStart(RunView run, Batch batch, int batchIndex) {
        call(HookPoint.TRAIN_BATCH_START, run);
    }

    @Override
    public void onTrainBatchEnd(RunView run, BatchResult result, Batch batch, int batchIndex) {
        call(HookPoint.TRAIN_BATCH_END, run);
    }

    @Override
    public void onBeforeZeroGrad(RunView run, TrainingOptimizer optimizer) {
        call(HookPoint.BEFORE_ZERO_GRAD, run);
    }

    @Override
    public void onBeforeBackward(RunView run, Tensor loss) {
        call(HookPoint.BEFORE_BACKWARD, run);
    }

    @Override
    public void onAfterBackward(RunView run) {
        call(HookPoint.AFTER_BACKWARD, run);
    }

    @Override
    public void onBeforeOptimizerStep(RunView run, TrainingOptimizer optimizer) {
        call(HookPoint.BEFORE_OPTIMIZER_STEP, run);
    }

    @Override
    public void onValidationStart(RunView run) {
        call(HookPoint.VALIDATION_START, run);
    }

    @Override
    public void onValidationEnd(RunView run) {
        call(HookPoint.VALIDATION_END, run);
    }

    @Override
    public void onValidationEpochStart(RunView run) {
        call(HookPoint.VALIDATION_EPOCH_START, run);
    }

    @Override
    public void onValidationEpochEnd(RunView run) {
        call(HookPoint.VALIDATION_EPOCH_END, run);
    }

    @Override
    public void onValidationBatchStart(RunView run, Batch batch, int batchIndex, int loaderIndex) {
        call(HookPoint.VALIDATION_BATCH_START, run);
    }

    @Override
    public void onValidationBatchEnd(
            RunView run, StepResult result, Batch batch, int batchIndex, int loaderIndex) {
        call(HookPoint.VALIDATION_BATCH_END, run);
    }

    @Override
    public void onTestStart(RunView run) {
        call(HookPoint.TEST_START, run);
    }

    @Override
    public void onTestEnd(RunView run) {
        call(HookPoint.TEST_END, run);
    }

    @Override
    public void onTestEpochStart(RunView run) {
        call(HookPoint.TEST_EPOCH_START, run);
    }

    @Override
    public void onTestEpochEnd(RunView run) {
        call(HookPoint.TEST_EPOCH_END, run);
    }

    @Override
    public void onTestBatchStart(RunView run, Batch batch, int batchIndex, int loaderIndex) {
        call(HookPoint.TEST_BATCH_START, run);
    }

    @Override
    public void onTestBatchEnd(
            RunView run, StepResult result, Batch batch, int batchIndex, int loaderIndex) {
        call(HookPoint.TEST_BATCH_END, run);
    }

    @Override
    public void onPredictStart(RunView run) {
        call(HookPoint.PREDICT_START, run);
    }

    @Override
    public void onPredictEnd(RunView run) {
        call(HookPoint.PREDICT_END, run);
    }

    @Override
    public void onPredictEpochStart(RunView run) {
        call(HookPoint.PREDICT_EPOCH_START, run);
    }

    @Override
    public void onPredictEpochEnd(RunView run, List<List<Tensor>> predictions) {
        call(HookPoint.PREDICT_EPOCH_END, run);
    }

    @Override
    public void onPredictBatchStart(RunView run, Batch batch, int batchIndex, int loaderIndex) {
        call(HookPoint.PREDICT_BATCH_START, run);
    }

    @Override
    public void onPredictBatchEnd(
            RunView run, Tensor prediction, Batch batch, int batchIndex, int loaderIndex) {
        call(HookPoint.PREDICT_BATCH_END, run);
    }
}
