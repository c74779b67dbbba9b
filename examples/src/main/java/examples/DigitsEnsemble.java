package examples;

import static tensor.nn.Functional.accuracy;

import loops.core.training.Step;
import loops.recipes.Ensemble;
import tensor.data.Batch;
import tensor.optim.Adam;

/// Several readers of digits that agree by the mean of their probabilities.
final class DigitsEnsemble extends Ensemble<DigitsClassifier> {
    DigitsEnsemble(int size, int hidden, double learningRate) {
        super(size, () -> new DigitsClassifier(hidden, all -> Adam.of(all, learningRate)));
    }

    @Override
    public void testStep(Batch batch, Step step) {
        step.log("test_acc", accuracy(predictStep(batch, step), batch.target()));
    }
}
