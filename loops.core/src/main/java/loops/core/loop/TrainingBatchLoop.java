package loops.core.loop;

import java.util.ArrayList;
import java.util.List;
import loops.api.Cell;
import loops.api.Codec;
import loops.api.Loop;
import loops.api.LoopState.Fields;
import loops.api.Slot;
import loops.core.training.BatchResult;
import loops.core.training.BatchRun;
import loops.core.training.SplitRun;
import loops.core.training.StepResult;

/// Goes through the parts of one batch. By default a batch is one part.
///
/// Each part is trained on by the optimizer loop, or, if the module optimizes manually, by the manual loop.
@SuppressWarnings("this-escape") // its parts are declared here, and used only in a run
public class TrainingBatchLoop extends Loop<BatchRun, BatchResult> {
    private static final Codec<List<Double>> LOSSES = Codec.listOf(Codec.DOUBLE);

    private final Slot<SplitRun, StepResult> optimizerLoop =
            slot("optimizer_loop", new OptimizerLoop());
    private final Slot<SplitRun, StepResult> manualLoop =
            slot("manual_loop", new ManualOptimization());
    private final Cell<List<List<Double>>> losses = cell("losses", Codec.listOf(LOSSES), List.of());

    /// A batch loop with the default loops below it.
    public TrainingBatchLoop() {}

    /// {@return the place of the loop over the optimizers}
    public final Slot<SplitRun, StepResult> optimizerLoop() {
        return optimizerLoop;
    }

    /// {@return the place of the loop that lets the module optimize}
    public final Slot<SplitRun, StepResult> manualLoop() {
        return manualLoop;
    }

    @Override
    protected Fields inputKey(BatchRun batch) {
        return Fields.empty().with("batch", batch.index());
    }

    @Override
    protected void reset(BatchRun batch) {
        losses.set(List.of());
    }

    @Override
    protected boolean done(BatchRun batch) {
        return losses.get().size() == 1;
    }

    @Override
    protected void advance(BatchRun batch) {
        var split = new SplitRun(batch, batch.batch(), losses.get().size());
        var loop =
                batch.epoch().fit().scope().module().automaticOptimization()
                        ? optimizerLoop
                        : manualLoop;
        var result = loop.run(split);
        var all = new ArrayList<>(losses.get());
        all.add(result.losses());
        losses.set(List.copyOf(all));
    }

    @Override
    protected BatchResult onRunEnd(BatchRun batch) {
        return new BatchResult(losses.get().stream().map(StepResult::new).toList());
    }
}
