package conformance.kit;

import conformance.kit.Event.Place;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import loops.core.loop.OptimizerLoop;
import loops.core.training.SplitRun;
import loops.core.training.TrainingOptimizer;

/// An optimizer loop that records what it does between the hooks.
final class RecordingOptimizerLoop extends OptimizerLoop {
    private final Recorder events;
    private final Stepper stepper;

    /// @param stepper lets an optimizer make its step
    RecordingOptimizerLoop(Recorder events, Stepper stepper) {
        this.events = events;
        this.stepper = stepper;
    }

    @Override
    protected boolean optimizerStep(
            TrainingOptimizer optimizer, SplitRun split, Supplier<OptionalDouble> closure) {
        var place = place(optimizer, split);
        events.begin("optimizer_step", place);
        boolean made = stepper.step(optimizer, split, closure);
        events.end("optimizer_step", place);
        return made;
    }

    @Override
    protected void zeroGrad(TrainingOptimizer optimizer, SplitRun split) {
        super.zeroGrad(optimizer, split);
        events.at("optimizer_zero_grad", place(optimizer, split));
    }

    @Override
    protected void clip(TrainingOptimizer optimizer, SplitRun split) {
        super.clip(optimizer, split);
        events.at("configure_gradient_clipping", place(optimizer, split));
    }

    private static Place place(TrainingOptimizer optimizer, SplitRun split) {
        var batch = split.whole();
        return new Place(
                batch.epoch().epoch(),
                batch.index(),
                -1,
                optimizer.index(),
                split.fit().scope().globalStep());
    }
}
