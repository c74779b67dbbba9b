package examples;

import static loops.api.Call.calls;
import static loops.api.Call.when;

import loops.api.Cell;
import loops.api.Hook;
import loops.api.HookOrder;
import loops.core.loop.TrainingBatchLoop;
import loops.core.training.BatchResult;
import loops.core.training.BatchRun;

// @start region=loop
/// The built-in loop over a batch, which also tells of outliers.
final class WatchingBatchLoop extends TrainingBatchLoop {
    /// A batch had a loss far above what is usual.
    record Outlier(int epoch, int batch, double loss) {}

    private final Hook<Outlier> outlier = hook("outlier", Outlier.class);
    private final Cell<Double> usual = cell("usual", Double.NaN);

    @Override
    protected BatchResult onRunEnd(BatchRun batch) {
        var result = super.onRunEnd(batch);
        double loss = result.loss().orElseThrow();
        double before = usual.get(); // at first nothing is usual, and no loss above NaN
        if (loss > 50 * before) {
            outlier.fire(
                    batch.epoch().fit().hooks(),
                    new Outlier(batch.epoch().epoch(), batch.index(), loss));
        } else {
            usual.set(Double.isNaN(before) ? loss : (before + loss) / 2);
        }
        return result;
    }

    @Override
    protected HookOrder hookOrder() {
        return super.hookOrder().onRunEnd(when("the loss stands out", calls(outlier)));
    }
}
// @end region=loop
