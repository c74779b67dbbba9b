package loops.recipes;

import static loops.api.Call.calls;
import static loops.api.Call.runs;
import static loops.api.Call.when;

import java.util.SequencedMap;
import loops.api.HookOrder;
import loops.api.Slot;
import loops.core.loop.EvaluationEpochLoop;
import loops.core.training.HookPoint;
import loops.core.training.LoaderRun;
import loops.core.training.Step;
import tensor.api.Tensor;
import tensor.data.Batch;

/// Measures how well a module adapts: before each step of a validation or test it adapts to the tasks of the batch, and is
/// measured with the adapted weights.
///
/// ```java
/// trainer.slots().testEpoch().connect(new MetaEvaluationLoop(new AdaptationLoop(config -> config.steps(10))));
/// ```
///
/// A task whose weights are no numbers any more makes the mean NaN: it is not averaged away.
@SuppressWarnings("this-escape") // its parts are declared here, and used only in a run
public class MetaEvaluationLoop extends EvaluationEpochLoop {
    private final Slot<AdaptationRun, SequencedMap<String, Tensor>> innerLoop;

    /// An evaluation by an inner loop.
    ///
    /// @param inner adapts the module to tasks, perhaps by more steps than in training
    public MetaEvaluationLoop(AdaptationLoop inner) {
        innerLoop = slot("inner_loop", inner);
    }

    /// {@return the place of the loop that adapts}
    public final Slot<AdaptationRun, SequencedMap<String, Tensor>> innerLoop() {
        return innerLoop;
    }

    @Override
    protected void evaluationStep(LoaderRun run, Batch batch, Step step) {
        var module = TaskModule.of(run.evaluation().scope().module(), "MetaEvaluationLoop");
        once(
                "adapted step",
                () -> {
                    var support = batch.part(TaskModule.SUPPORT);
                    var adapted = innerLoop.run(new AdaptationRun(module, support));
                    module.with(adapted, () -> super.evaluationStep(run, batch, step));
                });
    }

    @Override
    protected HookOrder hookOrder() {
        return HookOrder.NONE.advance(
                when("validating", calls(HookPoint.VALIDATION_BATCH_START.method())),
                when("testing", calls(HookPoint.TEST_BATCH_START.method())),
                runs(innerLoop),
                when(
                        "validating",
                        calls(HookPoint.VALIDATION_STEP.method()),
                        calls(HookPoint.VALIDATION_BATCH_END.method())),
                when(
                        "testing",
                        calls(HookPoint.TEST_STEP.method()),
                        calls(HookPoint.TEST_BATCH_END.method())));
    }
}
