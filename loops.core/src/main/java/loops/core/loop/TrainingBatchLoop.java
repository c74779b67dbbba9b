package loops.core.loop;

import static loops.api.Call.runs;
import static loops.api.Call.when;

import java.util.ArrayList;
import java.util.List;
import loops.api.Cell;
import loops.api.Codec;
import loops.api.HookOrder;
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
    private final Cell<List<SplitResult>> results =
            cell("results", Codec.listOf(SplitResult.CODEC), List.of());

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
        results.set(List.of());
    }

    @Override
    protected boolean done(BatchRun batch) {
        int parts =
                batch.epoch()
                        .fit()
                        .scope()
                        .module()
                        .sequenceSplit()
                        .map(split -> split.parts(batch.batch()))
                        .orElse(1);
        return results.get().size() >= parts;
    }

    @Override
    protected void advance(BatchRun batch) {
        var module = batch.epoch().fit().scope().module();
        var loop = module.automaticOptimization() ? optimizerLoop : manualLoop;
        var result = loop.run(split(batch, results.get().size()));
        var all = new ArrayList<>(results.get());
        all.add(result);
        results.set(List.copyOf(all));
    }

    /// {@return one part of a batch}
    ///
    /// @param batch the batch
    /// @param index the part, from 0
    protected SplitRun split(BatchRun batch, int index) {
        return batch.epoch()
                .fit()
                .scope()
                .module()
                .sequenceSplit()
                .map(split ->
                        new SplitRun(
                                batch,
                                split.part(batch.batch(), index),
                                index,
                                split.parts(batch.batch()),
                                true))
                .orElseGet(() -> new SplitRun(batch, batch.batch(), index, 1, false));
    }

    @Override
    protected BatchResult onRunEnd(BatchRun batch) {
        var result = new BatchResult(results.get());
        results.set(List.of()); // its tensors end with the batch
        return result;
    }

    @Override
    protected HookOrder hookOrder() {
        return HookOrder.NONE.advance(
                when("the loops optimize", runs(optimizerLoop)),
                when("the module optimizes", runs(manualLoop)));
    }
}
