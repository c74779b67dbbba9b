package conformance.kit;

import loops.core.training.Step;
import tensor.api.Tensor;
import tensor.data.Batch;

/// A model that is validated, tested and asked for predictions too.
final class BoringModel extends TrainedModel {
    BoringModel(Script script, Recorder events) {
        super(script, events);
    }

    @Override
    public void validationStep(Batch batch, Step step) {
        events().step("validation_step", step);
        script().validation().of(this, batch, step);
        events().end("validation_step", Events.placeOf(step));
    }

    @Override
    public void testStep(Batch batch, Step step) {
        events().step("test_step", step);
        script().test().of(this, batch, step);
        events().end("test_step", Events.placeOf(step));
    }

    @Override
    public Tensor predictStep(Batch batch, Step step) {
        events().step("predict_step", step);
        var prediction = output(batch);
        events().end("predict_step", Events.placeOf(step));
        return prediction;
    }
}
