package conformance.kit;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import loops.core.training.BatchResult;
import loops.core.training.Callback;
import loops.core.training.OptimizerPlan;
import loops.core.training.PlannedOptimizer;
import loops.core.training.RunView;
import loops.core.training.SequenceSplit;
import loops.core.training.Step;
import loops.core.training.StepResult;
import org.jspecify.annotations.Nullable;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.optim.Scheduler;
import tensor.optim.Schedules;
import tensor.optim.Sgd;

/// What the model of a scenario does. Without changes it is the boring model: a linear layer, the mean squared error
/// to ones, SGD at 0.1, a tenth of that after each epoch.
public final class Script {
    /// The learning rate if nothing is said.
    public static final double LEARNING_RATE = 0.1;

    /// Makes the loss of a step.
    @FunctionalInterface
    public interface Loss {
        /// {@return the loss, or null for none}
        ///
        /// @param model the model
        /// @param batch the samples
        /// @param step where the step stands
        @Nullable Tensor of(TrainedModel model, Batch batch, Step step);
    }

    /// Does something in a step of an evaluation.
    @FunctionalInterface
    public interface Measure {
        /// Measures.
        ///
        /// @param model the model
        /// @param batch the samples
        /// @param step where the step stands
        void of(TrainedModel model, Batch batch, Step step);
    }

    private Loss loss = (model, batch, step) -> model.loss(batch);
    private Measure validation = (model, batch, step) -> step.output("x", model.loss(batch));
    private Measure test = (model, batch, step) -> step.output("y", model.loss(batch));
    private Function<TrainedModel, OptimizerPlan> plan = Script::boring;
    private BiConsumer<RunView, List<BatchResult>> trainingEpochEnd = (run, results) -> {};
    private BiConsumer<RunView, List<List<StepResult>>> validationEpochEnd = (run, results) -> {};
    private BiConsumer<RunView, List<List<StepResult>>> testEpochEnd = (run, results) -> {};
    private List<Callback> callbacks = List.of();
    private Optional<SequenceSplit> split = Optional.empty();
    private boolean keepsResults = true;
    private boolean automatic = true;
    private boolean validates = true;

    /// The boring model.
    public Script() {}

    private static OptimizerPlan boring(TrainedModel model) {
        var optimizer = Sgd.of(model.parameters(), LEARNING_RATE);
        return OptimizerPlan.of(
                PlannedOptimizer.of(optimizer)
                        .schedule(Scheduler.of(optimizer, Schedules.step(1, 0.1))));
    }

    /// Sets what a training step gives.
    ///
    /// @param other makes the loss
    /// @return this
    public Script loss(Loss other) {
        loss = other;
        return this;
    }

    /// Sets what a validation step does.
    ///
    /// @param other measures
    /// @return this
    public Script validation(Measure other) {
        validation = other;
        return this;
    }

    /// Sets what a test step does.
    ///
    /// @param other measures
    /// @return this
    public Script test(Measure other) {
        test = other;
        return this;
    }

    /// Sets what optimizes the model.
    ///
    /// @param other makes the plan
    /// @return this
    public Script plan(Function<TrainedModel, OptimizerPlan> other) {
        plan = other;
        return this;
    }

    /// Sets what is done with the results of an epoch.
    ///
    /// @param other takes them
    /// @return this
    public Script trainingEpochEnd(BiConsumer<RunView, List<BatchResult>> other) {
        trainingEpochEnd = other;
        return this;
    }

    /// Sets what is done with the results of a validation.
    ///
    /// @param other takes them
    /// @return this
    public Script validationEpochEnd(BiConsumer<RunView, List<List<StepResult>>> other) {
        validationEpochEnd = other;
        return this;
    }

    /// Sets what is done with the results of a test.
    ///
    /// @param other takes them
    /// @return this
    public Script testEpochEnd(BiConsumer<RunView, List<List<StepResult>>> other) {
        testEpochEnd = other;
        return this;
    }

    /// Sets the callbacks that belong to the model.
    ///
    /// @param other the callbacks
    /// @return this
    public Script callbacks(List<Callback> other) {
        callbacks = List.copyOf(other);
        return this;
    }

    /// Splits batches along time.
    ///
    /// @param other how
    /// @return this
    public Script split(SequenceSplit other) {
        split = Optional.of(other);
        return this;
    }

    /// Sets whether the results of an epoch are kept.
    ///
    /// @param on whether
    /// @return this
    public Script keepsResults(boolean on) {
        keepsResults = on;
        return this;
    }

    /// Sets whether the loops optimize.
    ///
    /// @param on whether
    /// @return this
    public Script automatic(boolean on) {
        automatic = on;
        return this;
    }

    /// Sets whether the model has steps for evaluation at all.
    ///
    /// @param on whether
    /// @return this
    public Script validates(boolean on) {
        validates = on;
        return this;
    }

    /// {@return a model that does all this}
    ///
    /// @param events where it records
    public TrainedModel model(Recorder events) {
        return validates ? new BoringModel(this, events) : new TrainedModel(this, events);
    }

    Loss loss() {
        return loss;
    }

    Measure validation() {
        return validation;
    }

    Measure test() {
        return test;
    }

    Function<TrainedModel, OptimizerPlan> plan() {
        return plan;
    }

    BiConsumer<RunView, List<BatchResult>> trainingEpochEnd() {
        return trainingEpochEnd;
    }

    BiConsumer<RunView, List<List<StepResult>>> validationEpochEnd() {
        return validationEpochEnd;
    }

    BiConsumer<RunView, List<List<StepResult>>> testEpochEnd() {
        return testEpochEnd;
    }

    List<Callback> callbacks() {
        return callbacks;
    }

    Optional<SequenceSplit> split() {
        return split;
    }

    boolean keepsResults() {
        return keepsResults;
    }

    boolean automatic() {
        return automatic;
    }
}
