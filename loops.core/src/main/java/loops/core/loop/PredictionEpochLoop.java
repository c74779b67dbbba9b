package loops.core.loop;

import static loops.api.Call.calls;

import java.util.List;
import loops.api.Codec;
import loops.api.Derived;
import loops.api.HookOrder;
import loops.api.ListCell;
import loops.api.Loop;
import loops.api.LoopState.Fields;
import loops.api.Progress;
import loops.api.Stage;
import loops.core.training.HookPoint;
import loops.core.training.LoaderRun;
import loops.core.training.Step;
import loops.core.training.TensorState;
import tensor.api.Tensor;
import tensor.api.TensorScope;

/// Collects the module's predictions for the batches of one data loader.
@SuppressWarnings("this-escape") // its parts are declared here, and used only in a run
public class PredictionEpochLoop extends Loop<LoaderRun, List<Tensor>> {
    static final Codec<List<Tensor>> PREDICTIONS = Codec.listOf(TensorState.CODEC);

    private final Progress batchProgress = progress("batch_progress");
    private final ListCell<Tensor> predictions = listCell("predictions", TensorState.CODEC);
    private final Derived<Feed> feed = derived("feed");

    private final boolean keeps;

    /// A loop over one data loader, which keeps the predictions.
    public PredictionEpochLoop() {
        this(true);
    }

    /// A loop over one data loader.
    ///
    /// @param keeps whether predictions are kept and returned; if not, only hooks see them
    public PredictionEpochLoop(boolean keeps) {
        this.keeps = keeps;
    }

    /// {@return whether predictions are kept and returned}
    public final boolean keeps() {
        return keeps;
    }

    /// {@return how many batches have come how far}
    public final Progress batchProgress() {
        return batchProgress;
    }

    @Override
    protected Fields inputKey(LoaderRun run) {
        return Fields.empty().with("loader", run.loaderIndex());
    }

    @Override
    protected void reset(LoaderRun run) {
        batchProgress.resetCurrent();
        predictions.clear();
    }

    @Override
    protected boolean done(LoaderRun run) {
        return !feed(run).has(nextIndex());
    }

    @Override
    protected void advance(LoaderRun run) {
        if (!keeps) {
            TensorScope.run("prediction batch", () -> Tensor.noGrad(() -> predict(run)));
            return;
        }
        var prediction =
                TensorScope.get("prediction batch", () -> Tensor.noGrad(() -> predict(run)));
        predictions.add(prediction);
    }

    private Tensor predict(LoaderRun run) {
        int index = nextIndex();
        var batch = feed(run).at(index);
        var evaluation = run.evaluation();
        var hooks = evaluation.hooks();
        var view = evaluation.view();
        batchProgress.increment(Stage.READY);
        hooks.call(
                HookPoint.PREDICT_BATCH_START,
                view,
                hook -> hook.onPredictBatchStart(view, batch, index, run.loaderIndex()));
        batchProgress.increment(Stage.STARTED);
        var metrics = evaluation.scope().metrics();
        var outside = metrics.enter(HookPoint.PREDICT_STEP);
        var prediction = evaluation.scope().module().predictStep(batch, step(run, index));
        metrics.enter(outside);
        batchProgress.increment(Stage.PROCESSED);
        hooks.call(
                HookPoint.PREDICT_BATCH_END,
                view,
                hook -> hook.onPredictBatchEnd(view, prediction, batch, index, run.loaderIndex()));
        batchProgress.increment(Stage.COMPLETED);
        return prediction;
    }

    private static Step step(LoaderRun run, int index) {
        var evaluation = run.evaluation();
        return Step.of(
                new Step.Place(
                        evaluation.activity(),
                        evaluation.epoch(),
                        index,
                        run.loaderIndex(),
                        0,
                        0,
                        evaluation.scope().globalStep()),
                evaluation.scope().metrics());
    }

    private int nextIndex() {
        return Math.toIntExact(batchProgress.current().completed());
    }

    private Feed feed(LoaderRun run) {
        return feed.get(run, Feed::of);
    }

    @Override
    protected List<Tensor> onRunEnd(LoaderRun run) {
        var all = predictions.all();
        predictions.clear();
        return all;
    }

    @Override
    protected HookOrder hookOrder() {
        return HookOrder.NONE.advance(
                calls(HookPoint.PREDICT_BATCH_START.method()),
                calls(HookPoint.PREDICT_STEP.method()),
                calls(HookPoint.PREDICT_BATCH_END.method()));
    }
}
