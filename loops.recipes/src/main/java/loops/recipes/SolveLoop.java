package loops.recipes;

import static loops.api.Call.calls;

import java.util.List;
import loops.api.HookOrder;
import loops.api.ListCell;
import loops.api.Loop;
import loops.api.LoopState.Fields;
import loops.core.training.HookPoint;
import loops.core.training.SplitResult;
import loops.core.training.SplitRun;
import loops.core.training.StepResult;
import tensor.api.Tensor;

/// Learning without an optimizer: lets the module solve for some of its parameters, given all others.
///
/// ```java
/// trainer.slots().optimizer().replace(old -> new SolveLoop());
/// trainer.fit(factors, data);   // a SolvingModule
/// ```
///
/// Epochs, batches, hooks, validation, logs and checkpoints are those of every training: all above it stays as it is. The steps of
/// optimizers are 0, so it ends by epochs, not by `maxSteps`, and is saved by epochs, not by `ModelCheckpointConfig.everySteps`.
@SuppressWarnings("this-escape") // its parts are declared here, and used only in a run
public class SolveLoop extends Loop<SplitRun, SplitResult> {
    private final ListCell<StepResult> results = listCell("results", StepResult.CODEC);

    /// A loop that takes the place of an optimizer loop.
    public SolveLoop() {}

    @Override
    protected Fields inputKey(SplitRun split) {
        return Fields.empty().with("part", split.index());
    }

    @Override
    protected void reset(SplitRun split) {
        results.clear();
    }

    @Override
    protected boolean done(SplitRun split) {
        return results.size() == 1;
    }

    @Override
    protected void advance(SplitRun split) {
        var module = module(split);
        var step = split.step(0, List.of());
        var metrics = split.fit().scope().metrics();
        var outside = metrics.enter(HookPoint.TRAINING_STEP);
        try {
            Tensor.noGrad(() -> module.solve(split.part(), step));
        } finally {
            metrics.enter(outside);
        }
        results.add(StepResult.of(0, null, step.outputs()));
    }

    private static SolvingModule module(SplitRun split) {
        if (split.fit().scope().module() instanceof SolvingModule module) {
            return module;
        }
        throw new IllegalArgumentException(
                "SolveLoop: the module is a %s; fit a SolvingModule, or leave the optimizer loop in its place"
                        .formatted(split.fit().scope().module().getClass().getSimpleName()));
    }

    @Override
    protected SplitResult onRunEnd(SplitRun split) {
        var result = SplitResult.of(results);
        results.clear(); // its tensors end with the batch
        return result;
    }

    @Override
    protected HookOrder hookOrder() {
        return HookOrder.NONE.advance(calls(HookPoint.TRAINING_STEP.method()));
    }
}
