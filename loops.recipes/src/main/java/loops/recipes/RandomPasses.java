package loops.recipes;

import loops.core.training.Activity;
import loops.core.training.HookPoint;
import loops.core.training.Metrics;
import loops.core.training.Step;
import loops.core.training.TrainingScope;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.layout.ShapeException;
import tensor.nn.Dropout;
import tensor.nn.Module;

/// Several predictions of one batch that differ by what dropout drops. They leave no trace in the module.
///
/// @param scope the module
/// @param passes how many predictions; with one, nothing is dropped
/// @param key where the masks come from: a new one for each pass and each part of the module
record RandomPasses(TrainingScope scope, int passes, RandomKey key) {

    /// {@return the probabilities of the classes} Shape: `[passes, batch, classes]`.
    Tensor of(Batch batch) {
        return scope.module()
                .evaluated(() -> {
                    if (passes > 1 && dropping(scope.module(), key) == 0) {
                        throw new IllegalStateException(
                                "ActiveLearningLoop: %d passes, and %s has no Dropout: they would all be the same; give it one, or ask for 1 pass"
                                        .formatted(
                                                passes, scope.module().getClass().getSimpleName()));
                    }
                    var predicted = new Tensor[passes];
                    for (int pass = 0; pass < passes; pass++) {
                        predicted[pass] = checked(scope.module().predictStep(batch, step()), batch);
                    }
                    return Tensor.stack(0, predicted);
                });
    }

    /// Turns dropout on, and all its random streams to a key.
    ///
    /// @return how many parts drop something
    private static int dropping(Module module, RandomKey key) {
        int found = 0;
        for (var child : module.children().entrySet()) {
            var part = key.fold(child.getKey());
            if (child.getValue() instanceof Dropout dropout) {
                dropout.initialize(part);
                dropout.train();
                found++;
            } else {
                found += dropping(child.getValue(), part);
            }
        }
        return found;
    }

    private static Tensor checked(Tensor predicted, Batch batch) {
        if (predicted.rank() != 2 || predicted.size(0) != batch.size()) {
            throw new ShapeException(
                    "ActiveLearningLoop: predictStep gives %s for a batch of %d samples; give the probability of each class, [%d, classes]"
                            .formatted(predicted.shape(), batch.size(), batch.size()),
                    predicted.shape());
        }
        return predicted;
    }

    private Step step() {
        var unheard = new Metrics();
        unheard.enter(HookPoint.PREDICT_STEP);
        var place = new Step.Place(Activity.PREDICTION, 0, 0, 0, 0, 0, scope.globalStep());
        return Step.of(place, unheard);
    }
}
