package loops.core.loop;

import static loops.api.Call.calls;
import static loops.api.Call.each;
import static loops.api.Call.when;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import loops.api.Cell;
import loops.api.Codec;
import loops.api.HookOrder;
import loops.api.ListCell;
import loops.api.Loop;
import loops.api.LoopState.Fields;
import loops.api.Progress;
import loops.api.Stage;
import loops.core.training.Clip;
import loops.core.training.HookPoint;
import loops.core.training.ManualControl;
import loops.core.training.SplitResult;
import loops.core.training.SplitRun;
import loops.core.training.Step;
import loops.core.training.StepResult;
import loops.core.training.TensorState;
import loops.core.training.TrainingOptimizer;
import loops.core.training.TrainingScheduler;
import org.jspecify.annotations.Nullable;
import tensor.api.Tensor;

/// Manual optimization: calls the training step once, and the module does backward passes and optimizer steps itself.
@SuppressWarnings("this-escape") // its parts are declared here, and used only in a run
public class ManualOptimization extends Loop<SplitRun, SplitResult> {
    private final Progress stepProgress = progress("optim_step_progress", Progress.READY_COMPLETED);
    private final Cell<List<Tensor>> hidden =
            cell("hidden", Codec.listOf(TensorState.CODEC), List.of());
    private final ListCell<StepResult> results = listCell("results", StepResult.CODEC);

    private final Cell<Boolean> stepped = cell("stepped", false);

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
        if (split.index() == 0) {
            hidden.set(List.of());
            if (split.whole().index() == 0) {
                stepProgress.resetCurrent();
            }
        }
        results.clear();
        stepped.set(false);
    }

    @Override
    protected boolean done(SplitRun split) {
        return stepped.get();
    }

    @Override
    protected void advance(SplitRun split) {
        var step = split.step(0, hidden.get()).manual(new Control(split));
        Tensor loss = trainingStep(split, step);
        hidden.set(step.carried());
        stepped.set(true);
        results.add(StepResult.of(0, loss, step.outputs()));
    }

    /// The module's step, which optimizes.
    ///
    /// @param split what is learned from
    /// @param step where the step stands, what takes its reports, and what the module may do
    /// @return the loss that is reported, or `null` if there is none
    protected @Nullable Tensor trainingStep(SplitRun split, Step step) {
        var metrics = split.fit().scope().metrics();
        var outside = metrics.enter(HookPoint.TRAINING_STEP);
        try {
            return split.fit().scope().module().trainingStep(split.part(), step);
        } finally {
            metrics.enter(outside);
        }
    }

    /// What the module does, with the hooks and counts that belong to it.
    private final class Control implements ManualControl {
        private final SplitRun split;
        private @Nullable Toggle open;

        Control(SplitRun split) {
            this.split = split;
        }

        @Override
        public void backward(Tensor loss) {
            var hooks = split.fit().hooks();
            var view = split.view();
            hooks.call(HookPoint.BEFORE_BACKWARD, view, hook -> hook.onBeforeBackward(view, loss));
            loss.backward();
            hooks.call(HookPoint.AFTER_BACKWARD, view, hook -> hook.onAfterBackward(view));
        }

        @Override
        public void zeroGrad(int optimizer) {
            optimizer(optimizer).zeroGrad();
        }

        @Override
        public void optimizerStep(int optimizer) {
            stepProgress.increment(Stage.READY);
            beforeStep(optimizer(optimizer));
            optimizer(optimizer).step();
            stepProgress.increment(Stage.COMPLETED);
        }

        @Override
        public void optimizerStep(int optimizer, Supplier<OptionalDouble> closure) {
            stepProgress.increment(Stage.READY);
            boolean stepped =
                    optimizer(optimizer)
                            .step(() -> {
                                var loss = closure.get();
                                if (loss.isPresent()) {
                                    beforeStep(optimizer(optimizer));
                                }
                                return loss;
                            });
            if (stepped) {
                stepProgress.increment(Stage.COMPLETED);
            }
        }

        private void beforeStep(TrainingOptimizer optimizer) {
            var view = split.view();
            split.fit()
                    .hooks()
                    .call(
                            HookPoint.BEFORE_OPTIMIZER_STEP,
                            view,
                            hook -> hook.onBeforeOptimizerStep(view, optimizer));
        }

        @Override
        public void clip(int optimizer, Clip clip) {
            clip.apply(optimizer(optimizer));
        }

        @Override
        public void toggled(int optimizer, Runnable body) {
            var outer = open;
            var all = split.fit().scope().optimizers();
            try (var toggle = new Toggle(optimizer(optimizer), all, outer)) {
                open = toggle;
                body.run();
            } finally {
                open = outer;
            }
        }

        @Override
        public List<TrainingScheduler> schedulers(int optimizer) {
            return optimizer(optimizer).schedulers();
        }

        private TrainingOptimizer optimizer(int index) {
            var all = split.fit().scope().optimizers();
            if (index < 0 || index >= all.size()) {
                throw new IllegalArgumentException(
                        "Step: optimizer is %d and the module plans %d; they are counted from 0"
                                .formatted(index, all.size()));
            }
            return all.get(index);
        }
    }

    @Override
    protected SplitResult onRunEnd(SplitRun split) {
        var result = SplitResult.of(results);
        results.clear(); // its tensors end with the batch
        if (split.last()) {
            hidden.set(List.of());
        }
        return result;
    }

    @Override
    protected HookOrder hookOrder() {
        return HookOrder.NONE.advance(
                calls(HookPoint.TRAINING_STEP.method()),
                each(
                        "call of the module",
                        when(
                                "backward",
                                calls(HookPoint.BEFORE_BACKWARD.method()),
                                calls(HookPoint.AFTER_BACKWARD.method())),
                        when("optimizerStep", calls(HookPoint.BEFORE_OPTIMIZER_STEP.method()))));
    }
}
