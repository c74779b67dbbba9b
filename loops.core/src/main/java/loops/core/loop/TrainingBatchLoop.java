package loops.core.loop;

import static loops.api.Call.runs;
import static loops.api.Call.when;

import loops.api.HookOrder;
import loops.api.ListCell;
import loops.api.Loop;
import loops.api.LoopState.Fields;
import loops.api.Slot;
import loops.core.training.BatchResult;
import loops.core.training.BatchRun;
import loops.core.training.SplitResult;
import loops.core.training.SplitRun;

/// Goes through the parts of one batch. A batch is one part unless the module splits it along time.
///
/// Each part is trained on by the optimizer loop, or, if the module optimizes manually, by the manual loop. Both carry
/// hidden state from part to part, and none from batch to batch.
@SuppressWarnings("this-escape") // its parts are declared here, and used only in a run
public class TrainingBatchLoop extends Loop<BatchRun, BatchResult> {
    private final Slot<SplitRun, SplitResult> optimizerLoop =
            slot("optimizer_loop", new OptimizerLoop());
    private final Slot<SplitRun, SplitResult> manualLoop =
            slot("manual_loop", new ManualOptimization());
    private final ListCell<SplitResult> results = listCell("results", SplitResult.CODEC);

    /// A batch loop with the default loops below it.
    public TrainingBatchLoop() {}

    /// {@return the place of the loop over the optimizers}
    public final Slot<SplitRun, SplitResult> optimizerLoop() {
        return optimizerLoop;
    }

    /// {@return the place of the loop that lets the module optimize}
    public final Slot<SplitRun, SplitResult> manualLoop() {
        return manualLoop;
    }

    @Override
    protected Fields inputKey(BatchRun batch) {
        return Fields.empty().with("batch", batch.index());
    }

    @Override
    protected void reset(BatchRun batch) {
        results.clear();
    }

    @Override
    protected boolean done(BatchRun batch) {
        return results.size() >= parts(batch);
    }

    private static int parts(BatchRun batch) {
        var split = batch.epoch().fit().scope().module().sequenceSplit();
        return split.isPresent() ? split.get().parts(batch.batch()) : 1;
    }

    @Override
    protected void advance(BatchRun batch) {
        var module = batch.epoch().fit().scope().module();
        var loop = module.automaticOptimization() ? optimizerLoop : manualLoop;
        var result = loop.run(split(batch, results.size()));
        results.add(result);
    }

    /// {@return one part of a batch}
    ///
    /// @param batch the batch
    /// @param index the part, from 0
    protected SplitRun split(BatchRun batch, int index) {
        var split = batch.epoch().fit().scope().module().sequenceSplit();
        return split.isPresent()
                ? batch.part(split.get().part(batch.batch(), index), index, parts(batch))
                : batch.whole();
    }

    @Override
    protected BatchResult onRunEnd(BatchRun batch) {
        var result = BatchResult.of(results);
        results.clear(); // its tensors end with the batch
        return result;
    }

    @Override
    protected HookOrder hookOrder() {
        return HookOrder.NONE.advance(
                when("the loops optimize", runs(optimizerLoop)),
                when("the module optimizes", runs(manualLoop)));
    }
}
