package conformance.kit;

import conformance.kit.Event.Place;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import loops.core.training.BatchResult;
import loops.core.training.Callback;
import loops.core.training.OptimizerPlan;
import loops.core.training.RunView;
import loops.core.training.SequenceSplit;
import loops.core.training.Step;
import loops.core.training.StepResult;
import loops.core.training.TrainingModule;
import org.jspecify.annotations.Nullable;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.layout.Shape;
import tensor.nn.Linear;
import tensor.nn.Losses;

/// A model that does what its script says and records it. It is trained, and not evaluated.
public class TrainedModel extends TrainingModule implements RecordingHooks {
    private static final int OUTPUTS = 2;

    private final Linear layer = child("layer", Linear.of(CountedSource.FEATURES, OUTPUTS));
    private final Script script;
    private final Recorder events;

    TrainedModel(Script script, Recorder events) {
        this.script = script;
        this.events = events;
    }

    /// {@return what the layer makes of the samples}
    ///
    /// @param batch the samples
    public final Tensor output(Batch batch) {
        return layer.apply(batch.input());
    }

    /// {@return the mean squared error to ones}
    ///
    /// @param batch the samples
    public final Tensor loss(Batch batch) {
        return Losses.mse(output(batch), Tensor.ones(Shape.of(batch.size(), OUTPUTS)));
    }

    /// {@return the numbers of the layer, weights before biases}
    public final List<float[]> weights() {
        return parameters().stream().map(parameter -> parameter.value().toFloats()).toList();
    }

    /// {@return whether the layer has the same numbers as that of another model, bit for bit}
    ///
    /// @param other the other model
    public final boolean sameWeights(TrainedModel other) {
        return Arrays.deepEquals(
                weights().toArray(float[][]::new), other.weights().toArray(float[][]::new));
    }

    final Script script() {
        return script;
    }

    @Override
    public final Recorder events() {
        return events;
    }

    @Override
    public final String prefix() {
        return "";
    }

    @Override
    public @Nullable Tensor trainingStep(Batch batch, Step step) {
        events.step("training_step", step);
        var loss = script.loss().of(this, batch, step);
        events.end("training_step", Events.placeOf(step));
        return loss;
    }

    @Override
    public OptimizerPlan configureOptimizers() {
        events.at("configure_optimizers", Place.NOWHERE);
        return script.plan().apply(this);
    }

    /// The backward pass follows the last hook before it, which is this one.
    @Override
    public void onBeforeBackward(RunView run, Tensor loss) {
        RecordingHooks.super.onBeforeBackward(run, loss);
        heard("backward", run, -1, -1, -1);
    }

    @Override
    public void prepareData() {
        events.at("prepare_data", Place.NOWHERE);
    }

    @Override
    public List<Callback> configureCallbacks() {
        events.at("configure_callbacks", Place.NOWHERE);
        return script.callbacks();
    }

    @Override
    public Optional<SequenceSplit> sequenceSplit() {
        return script.split();
    }

    @Override
    public boolean keepsResults() {
        return script.keepsResults();
    }

    @Override
    public boolean automaticOptimization() {
        return script.automatic();
    }

    @Override
    public void trainingEpochEnd(RunView run, List<BatchResult> results) {
        heard("training_epoch_end", run, -1, -1, -1);
        script.trainingEpochEnd().accept(run, results);
    }

    @Override
    public void validationEpochEnd(RunView run, List<List<StepResult>> results) {
        heard("validation_epoch_end", run, -1, -1, -1);
        script.validationEpochEnd().accept(run, results);
    }

    @Override
    public void testEpochEnd(RunView run, List<List<StepResult>> results) {
        heard("test_epoch_end", run, -1, -1, -1);
        script.testEpochEnd().accept(run, results);
    }
}
