package loops.recipes;

import java.util.SequencedMap;
import java.util.function.Consumer;
import loops.api.Derived;
import loops.api.LongCell;
import loops.api.Loop;
import tensor.api.Tensor;

/// The inner loop of meta-learning: some steps of gradient descent on the samples of several tasks, for each task from the
/// parameters that the module has.
///
/// Its output are the weights that have come out, by the paths of their parameters: for [Module#with][tensor.nn.Module#with].
/// They have an axis of tasks in front, and can be differentiated by the parameters, through all steps. The parameters themselves
/// do not change. Where nothing is recorded, as in a validation, it adapts all the same, and what comes out is not tracked.
///
/// What can be differentiated cannot be saved, so there is no safe point inside.
@SuppressWarnings("this-escape") // its parts are declared here, and used only in a run
public class AdaptationLoop extends Loop<AdaptationRun, SequencedMap<String, Tensor>> {
    private final LongCell steps = longCell("steps", 0);
    private final Derived<TaskWeights> weights = derived("weights");
    private final AdaptationPlan plan;

    /// An inner loop of one step of 0.01, of second order, that adapts all parameters.
    public AdaptationLoop() {
        this(config -> {});
    }

    /// An inner loop.
    ///
    /// @param choices sets what is not to be the default
    /// @throws IllegalArgumentException if a number is out of its range
    public AdaptationLoop(Consumer<AdaptationConfig> choices) {
        plan = AdaptationConfig.plan(choices);
    }

    @Override
    protected boolean atomic() {
        return true;
    }

    @Override
    protected void reset(AdaptationRun run) {
        steps.set(0);
    }

    @Override
    protected boolean done(AdaptationRun run) {
        return steps.get() >= plan.steps();
    }

    @Override
    protected void advance(AdaptationRun run) {
        weights(run).descend(plan.rate(), plan.secondOrder());
        steps.set(steps.get() + 1);
    }

    private TaskWeights weights(AdaptationRun run) {
        return weights.get(() -> new TaskWeights(run, plan.adapts()));
    }

    @Override
    protected SequencedMap<String, Tensor> onRunEnd(AdaptationRun run) {
        return weights(run).byPath();
    }
}
