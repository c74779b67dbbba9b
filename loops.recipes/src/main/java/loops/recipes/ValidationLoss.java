package loops.recipes;

import java.util.List;
import java.util.Objects;
import loops.core.training.Activity;
import loops.core.training.HookPoint;
import loops.core.training.Metrics;
import loops.core.training.SplitRun;
import loops.core.training.Step;
import loops.core.training.TrainingOptimizer;
import tensor.api.Tensor;
import tensor.api.TensorScope;
import tensor.data.Batch;
import tensor.data.BatchSource;

/// The loss of a module on its validation batches, in the middle of a training step. It leaves no trace in the module,
/// its gradients, its random streams or its metrics. A batch that would be split along time is taken whole.
///
/// @param optimizer whose loss is wanted
/// @param split the step
record ValidationLoss(TrainingOptimizer optimizer, SplitRun split) {

    /// {@return the sum of the losses of all batches}
    ///
    /// @throws IllegalStateException if there are none
    double sum() {
        return split.fit().scope().module().evaluated(this::sumInEvaluation);
    }

    private double sumInEvaluation() {
        var allowed = split.fit().plan().validationLimit();
        if (allowed.none()) {
            throw new IllegalStateException(
                    "ValidationScaledLoop: validationLimit is %s, which leaves no validation batch to divide by; leave it out, or raise it"
                            .formatted(allowed));
        }
        int epoch = split.whole().epoch().epoch();
        double sum = 0;
        int batches = 0;
        for (BatchSource source : split.fit().sources().validation(epoch)) {
            var limit = allowed.of(source.batchCount());
            try (var cursor = source.open(epoch, 0)) {
                for (int i = 0; i < limit.orElse(Integer.MAX_VALUE) && cursor.hasNext(); i++) {
                    sum += loss(cursor.next(), i);
                    batches++;
                }
            }
        }
        if (batches == 0) {
            throw new IllegalStateException(
                    "ValidationScaledLoop: there are no validation batches; give the data validationBatches() and the module a validationStep");
        }
        return sum;
    }

    private double loss(Batch batch, int index) {
        return TensorScope.call(
                "validation loss", _ -> Tensor.noGrad(() -> trainingStep(batch, index)).item());
    }

    private Tensor trainingStep(Batch batch, int index) {
        var unheard = new Metrics();
        unheard.enter(HookPoint.TRAINING_STEP);
        var place =
                new Step.Place(
                        Activity.VALIDATION,
                        split.whole().epoch().epoch(),
                        index,
                        0,
                        0,
                        optimizer.index(),
                        split.fit().scope().globalStep());
        var module = split.fit().scope().module();
        return Objects.requireNonNull(
                module.trainingStep(batch, Step.of(place, unheard).carrying(List.of())),
                "ValidationScaledLoop: trainingStep gave no loss for a validation batch");
    }
}
