package examples;

import java.util.List;
import loops.core.training.Activity;
import loops.core.training.Metrics;
import loops.core.training.Step;
import tensor.api.Tensor;
import tensor.data.BatchSource;
import tensor.nn.Losses;
import tensor.optim.Clipping;

/// A plain loop over a text, which remembers the state itself.
final class CharsByHand {
    private CharsByHand() {}

    /// Learns as the network plans it, over some epochs.
    static void learn(CharLearner learner, BatchSource source, int epochs) {
        var plan = learner.configureOptimizers().optimizers().getFirst();
        var adam = plan.optimizer();
        for (int epoch = 0; epoch < epochs; epoch++) {
            List<Tensor> state = List.of();
            try (var batches = source.open(epoch, 0)) {
                while (batches.hasNext()) {
                    var batch = batches.next();
                    var step = step().carrying(state);
                    adam.zeroGrad();
                    var scores = learner.scores(batch.input(), step);
                    Losses.crossEntropy(scores, batch.target().flatten()).backward();
                    if (plan.clip().isPresent()) {
                        Clipping.clipGradientNorm(adam.parameters(), 1, 2);
                    }
                    adam.step();
                    plan.schedulers().forEach(planned -> planned.scheduler().step());
                    state = step.hasCarried() ? step.carried() : List.of();
                }
            }
        }
    }

    private static Step step() {
        return Step.of(new Step.Place(Activity.TRAINING, 0, 0, 0, 0, 0, 0), new Metrics());
    }
}
