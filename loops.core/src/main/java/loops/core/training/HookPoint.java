package loops.core.training;

/// The places of a run at which hooks and steps of the module are called, in the order in which a fit comes to them.
///
/// Each knows under which name people know it and what may be logged there.
public enum HookPoint {
    /// [TrainingHooks#setup].
    SETUP("setup", Logging.NONE),
    /// [TrainingHooks#onFitStart].
    FIT_START("onFitStart", Logging.NONE),
    /// [TrainingHooks#onSanityCheckStart].
    SANITY_CHECK_START("onSanityCheckStart", Logging.NONE),
    /// [TrainingHooks#onSanityCheckEnd].
    SANITY_CHECK_END("onSanityCheckEnd", Logging.NONE),
    /// [TrainingHooks#onTrainStart].
    TRAIN_START("onTrainStart", Logging.EPOCH),
    /// [TrainingHooks#onTrainEpochStart].
    TRAIN_EPOCH_START("onTrainEpochStart", Logging.EPOCH),
    /// [TrainingHooks#onTrainBatchStart].
    TRAIN_BATCH_START("onTrainBatchStart", Logging.STEP_FIRST),
    /// [TrainingModule#trainingStep].
    TRAINING_STEP("trainingStep", Logging.STEP_FIRST),
    /// [TrainingHooks#onBeforeZeroGrad].
    BEFORE_ZERO_GRAD("onBeforeZeroGrad", Logging.STEP_FIRST),
    /// [TrainingHooks#onBeforeBackward].
    BEFORE_BACKWARD("onBeforeBackward", Logging.STEP_FIRST),
    /// [TrainingHooks#onAfterBackward].
    AFTER_BACKWARD("onAfterBackward", Logging.STEP_FIRST),
    /// [TrainingHooks#onBeforeOptimizerStep].
    BEFORE_OPTIMIZER_STEP("onBeforeOptimizerStep", Logging.STEP_FIRST),
    /// [TrainingHooks#onTrainBatchEnd].
    TRAIN_BATCH_END("onTrainBatchEnd", Logging.STEP_FIRST),
    /// [TrainingHooks#onValidationStart].
    VALIDATION_START("onValidationStart", Logging.EPOCH),
    /// [TrainingHooks#onValidationEpochStart].
    VALIDATION_EPOCH_START("onValidationEpochStart", Logging.EPOCH),
    /// [TrainingHooks#onValidationBatchStart].
    VALIDATION_BATCH_START("onValidationBatchStart", Logging.EPOCH_FIRST),
    /// [TrainingModule#validationStep].
    VALIDATION_STEP("validationStep", Logging.EPOCH_FIRST),
    /// [TrainingHooks#onValidationBatchEnd].
    VALIDATION_BATCH_END("onValidationBatchEnd", Logging.EPOCH_FIRST),
    /// [TrainingModule#validationEpochEnd].
    VALIDATION_RESULTS("validationEpochEnd", Logging.EPOCH),
    /// [TrainingHooks#onValidationEpochEnd].
    VALIDATION_EPOCH_END("onValidationEpochEnd", Logging.EPOCH),
    /// [TrainingHooks#onValidationEnd].
    VALIDATION_END("onValidationEnd", Logging.NONE),
    /// [TrainingModule#trainingEpochEnd].
    TRAINING_RESULTS("trainingEpochEnd", Logging.EPOCH),
    /// [TrainingHooks#onTrainEpochEnd].
    TRAIN_EPOCH_END("onTrainEpochEnd", Logging.EPOCH),
    /// [TrainingHooks#onTrainEpochMeasured].
    TRAIN_EPOCH_MEASURED("onTrainEpochMeasured", Logging.NONE),
    /// [TrainingHooks#onTrainEnd].
    TRAIN_END("onTrainEnd", Logging.NONE),
    /// [TrainingHooks#onFitEnd].
    FIT_END("onFitEnd", Logging.NONE),
    /// [TrainingHooks#onTestStart].
    TEST_START("onTestStart", Logging.EPOCH),
    /// [TrainingHooks#onTestEpochStart].
    TEST_EPOCH_START("onTestEpochStart", Logging.EPOCH),
    /// [TrainingHooks#onTestBatchStart].
    TEST_BATCH_START("onTestBatchStart", Logging.EPOCH_FIRST),
    /// [TrainingModule#testStep].
    TEST_STEP("testStep", Logging.EPOCH_FIRST),
    /// [TrainingHooks#onTestBatchEnd].
    TEST_BATCH_END("onTestBatchEnd", Logging.EPOCH_FIRST),
    /// [TrainingModule#testEpochEnd].
    TEST_RESULTS("testEpochEnd", Logging.EPOCH),
    /// [TrainingHooks#onTestEpochEnd].
    TEST_EPOCH_END("onTestEpochEnd", Logging.EPOCH),
    /// [TrainingHooks#onTestEnd].
    TEST_END("onTestEnd", Logging.NONE),
    /// [TrainingHooks#onPredictStart].
    PREDICT_START("onPredictStart", Logging.NONE),
    /// [TrainingHooks#onPredictEpochStart].
    PREDICT_EPOCH_START("onPredictEpochStart", Logging.NONE),
    /// [TrainingHooks#onPredictBatchStart].
    PREDICT_BATCH_START("onPredictBatchStart", Logging.NONE),
    /// [TrainingModule#predictStep].
    PREDICT_STEP("predictStep", Logging.NONE),
    /// [TrainingHooks#onPredictBatchEnd].
    PREDICT_BATCH_END("onPredictBatchEnd", Logging.NONE),
    /// [TrainingHooks#onPredictEpochEnd].
    PREDICT_EPOCH_END("onPredictEpochEnd", Logging.NONE),
    /// [TrainingHooks#onPredictEnd].
    PREDICT_END("onPredictEnd", Logging.NONE),
    /// [TrainingHooks#onException].
    EXCEPTION("onException", Logging.NONE),
    /// [TrainingHooks#teardown].
    TEARDOWN("teardown", Logging.NONE);

    /// What may be logged at a place, and what is meant if nothing is said.
    enum Logging {
        /// Nothing may be logged.
        NONE,
        /// Values of steps and of epochs; of steps if nothing is said.
        STEP_FIRST,
        /// Values of steps and of epochs; of epochs if nothing is said.
        EPOCH_FIRST,
        /// Values of epochs alone.
        EPOCH
    }

    private final String method;
    private final Logging logging;

    HookPoint(String method, Logging logging) {
        this.method = method;
        this.logging = logging;
    }

    /// {@return the name of the method that is called: `"onTrainBatchEnd"`}
    public String method() {
        return method;
    }

    Logging logging() {
        return logging;
    }
}
