package loops.core.loop;

import java.util.List;
import java.util.Optional;
import loops.api.Cell;
import loops.api.Codec;
import loops.api.Loop;
import loops.api.LoopState.Fields;
import loops.api.Progress;
import loops.api.Stage;
import loops.core.training.Activity;
import loops.core.training.ManualControl;
import loops.core.training.SplitRun;
import loops.core.training.Step;
import loops.core.training.StepResult;
import tensor.api.Tensor;

/// Manual optimization: calls the training step once, and the module does backward passes and optimizer steps itself.
@SuppressWarnings("this-escape") // its parts are declared here, and used only in a run
public class ManualOptimization extends Loop<SplitRun, StepResult> {
    private final Progress stepProgress = progress("optim_step_progress", Progress.READY_COMPLETED);
    private final Cell<List<Double>> losses = cell("losses", Codec.listOf(Codec.DOUBLE), List.of());

    /// A loop that lets the module optimize.
    public ManualOptimization() {}

    /// {@return how many optimizer steps have been begun and completed}
    public final Progress stepProgress() {
        return stepProgress;
    }

    @Override
    protected Fields inputKey(SplitRun split) {
        return Fields.empty().with("part", split.index());
    }

    @Override
    protected void reset(SplitRun split) {
        if (split.whole().index() == 0 && split.index() == 0) {
            stepProgress.resetCurrent();
        }
        losses.set(List.of());
    }

    @Override
    protected boolean done(SplitRun split) {
        return !losses.get().isEmpty();
    }

    @Override
    protected void advance(SplitRun split) {
        var whole = split.whole();
        var scope = whole.epoch().fit().scope();
        var step =
                new Step(
                        Activity.TRAINING,
                        whole.epoch().epoch(),
                        whole.index(),
                        0,
                        0,
                        scope.globalStep(),
                        (name, value) -> whole.sums().add(name, value, split.part().size()),
                        Optional.of(control(split)));
        losses.set(List.of(scope.module().trainingStep(split.part(), step).item()));
    }

    private ManualControl control(SplitRun split) {
        var fit = split.whole().epoch().fit();
        var view = split.whole().epoch().view();
        return new ManualControl() {
            @Override
            public void backward(Tensor loss) {
                fit.hooks().call(hook -> hook.onBeforeBackward(view, loss));
                loss.backward();
                fit.hooks().call(hook -> hook.onAfterBackward(view));
            }

            @Override
            public void zeroGrad(int optimizer) {
                fit.scope().optimizers().get(optimizer).zeroGrad();
            }

            @Override
            public void optimizerStep(int optimizer) {
                var chosen = fit.scope().optimizers().get(optimizer);
                stepProgress.increment(Stage.READY);
                fit.hooks().call(hook -> hook.onBeforeOptimizerStep(view, chosen));
                chosen.step();
                stepProgress.increment(Stage.COMPLETED);
            }
        };
    }

    @Override
    protected StepResult onRunEnd(SplitRun split) {
        return new StepResult(losses.get());
    }
}
