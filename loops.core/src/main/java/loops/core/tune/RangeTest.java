package loops.core.tune;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import loops.api.Codec;
import loops.api.LoopState.Fields;
import loops.api.Stateful;
import loops.core.training.BatchResult;
import loops.core.training.Callback;
import loops.core.training.RunView;
import loops.core.training.SplitResult;
import loops.core.training.StepResult;
import loops.core.training.TrainingOptimizer;
import tensor.data.Batch;

/// Raises the learning rate of one optimizer from step to step, and writes down the loss at each.
///
/// ```text
/// mean ← β·mean + (1 − β)·loss        smoothed loss of step i, from 0: mean / (1 − βⁱ⁺¹)
/// ```
///
/// Where several batches make a step, its loss is their mean, weighted by samples.
final class RangeTest implements Callback {
    private final LearningRateFinder.Choices choices;
    private final Seen seen = new Seen();

    /// What has been measured.
    private static final class Seen implements Stateful {
        final List<Double> losses = new ArrayList<>();
        double mean;
        double best = Double.POSITIVE_INFINITY;

        // The steps before the open window, and the losses in it.
        long steps;
        double windowLoss;
        long windowSamples;

        @Override
        public Fields stateDict() {
            return Fields.empty()
                    .with("losses", Codec.listOf(Codec.DOUBLE).encode(losses))
                    .with("mean", mean)
                    .with("best", best)
                    .with("steps", steps)
                    .with("window_loss", windowLoss)
                    .with("window_samples", windowSamples);
        }

        @Override
        public void loadStateDict(Fields state) {
            losses.clear();
            losses.addAll(Codec.listOf(Codec.DOUBLE).decode(state.get("losses")));
            mean = state.real("mean");
            best = state.real("best");
            steps = state.num("steps");
            windowLoss = state.real("window_loss");
            windowSamples = state.num("window_samples");
        }
    }

    RangeTest(LearningRateFinder.Choices choices) {
        this.choices = choices;
    }

    /// {@return the smoothed losses, in the order of the steps}
    List<Double> losses() {
        return List.copyOf(seen.losses);
    }

    private TrainingOptimizer optimizer(RunView run) {
        return run.optimizers().get(choices.optimizer());
    }

    /// The other groups keep their proportion to the first.
    @Override
    public void onTrainBatchStart(RunView run, Batch batch, int batchIndex) {
        var groups = optimizer(run).optimizer().groups();
        double before = groups.getFirst().learningRate();
        double rate = choices.rate(seen.losses.size());
        for (var group : groups.subList(1, groups.size())) {
            group.learningRate(before == 0 ? rate : rate * (group.learningRate() / before));
        }
        groups.getFirst().learningRate(rate);
    }

    @Override
    public void onTrainBatchEnd(RunView run, BatchResult result, Batch batch, int batchIndex) {
        var loss = loss(result);
        if (loss.isPresent()) {
            seen.windowLoss += loss.getAsDouble() * batch.size();
            seen.windowSamples += batch.size();
        }
        if (optimizer(run).steps() > seen.steps && seen.windowSamples > 0) {
            seen.steps = optimizer(run).steps();
            note(seen.windowLoss / seen.windowSamples, run);
            seen.windowLoss = 0;
            seen.windowSamples = 0;
        }
    }

    private OptionalDouble loss(BatchResult result) {
        for (SplitResult split : result.splits().reversed()) {
            for (StepResult step : split.steps()) {
                if (step.optimizer() == choices.optimizer() && step.hasLoss()) {
                    return step.loss();
                }
            }
        }
        return OptionalDouble.empty();
    }

    private void note(double loss, RunView run) {
        int count = seen.losses.size() + 1;
        seen.mean = choices.smoothing() * seen.mean + (1 - choices.smoothing()) * loss;
        double smoothed = seen.mean / (1 - Math.pow(choices.smoothing(), count));
        if (!Double.isFinite(smoothed)) {
            run.stop("the loss is no number any more");
            return;
        }
        seen.losses.add(smoothed);
        seen.best = Math.min(seen.best, smoothed);
        if (smoothed > choices.divergence() * seen.best) {
            run.stop("the loss diverges");
        } else if (count == choices.steps()) {
            run.stop("the range is tested");
        }
    }

    /// Without a step in a whole epoch there would never be one.
    @Override
    public void onTrainEpochEnd(RunView run) {
        if (seen.steps == 0) {
            throw new IllegalStateException(
                    "LearningRateFinder: optimizer %d made no step with a loss in an epoch of %d batches; choose one that does"
                            .formatted(choices.optimizer(), run.scope().batches()));
        }
    }

    @Override
    public Fields stateDict() {
        return seen.stateDict();
    }

    @Override
    public void loadStateDict(Fields state) {
        seen.loadStateDict(state);
    }
}
