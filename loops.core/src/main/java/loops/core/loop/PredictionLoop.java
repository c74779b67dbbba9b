package loops.core.loop;

import static loops.api.Call.calls;
import static loops.api.Call.runs;

import java.util.List;
import java.util.Optional;
import loops.api.Cell;
import loops.api.Codec;
import loops.api.Derived;
import loops.api.HookOrder;
import loops.api.ListCell;
import loops.api.Loop;
import loops.api.Progress;
import loops.api.Slot;
import loops.api.Stage;
import loops.core.training.EvaluationRun;
import loops.core.training.HookPoint;
import loops.core.training.LoaderRun;
import tensor.api.Tensor;

/// Collects the module's predictions for the data loaders of a prediction, one after the other.
///
/// Its output is a list of data loaders, each a list of batches. The tensors belong to whoever runs the loop. The
/// module is in evaluation mode meanwhile, and in the mode that it had before afterwards.
@SuppressWarnings("this-escape") // its parts are declared here, and used only in a run
public class PredictionLoop extends Loop<EvaluationRun, List<List<Tensor>>> {
    private final boolean keeps;
    private final Slot<LoaderRun, List<Tensor>> epochLoop;
    private final Progress loaderProgress =
            progress("dataloader_progress", Progress.READY_COMPLETED);
    private final ListCell<List<Tensor>> predictions =
            listCell("predictions", PredictionEpochLoop.PREDICTIONS);
    private final Cell<List<String>> evaluatingBefore =
            cell("evaluating_before", Codec.listOf(Codec.TEXT), List.of());
    private final Derived<EvaluationMode> mode = derived("mode");

    /// A prediction loop with the default loop below it, which keeps the predictions.
    public PredictionLoop() {
        this(true);
    }

    /// A prediction loop with the default loop below it.
    ///
    /// @param keeps whether predictions are kept and returned; if not, only hooks see them
    public PredictionLoop(boolean keeps) {
        this.keeps = keeps;
        this.epochLoop = slot("epoch_loop", new PredictionEpochLoop(keeps));
    }

    /// {@return whether predictions are kept and returned}
    public final boolean keeps() {
        return keeps;
    }

    /// {@return the place of the loop over a data loader's batches}
    public final Slot<LoaderRun, List<Tensor>> epochLoop() {
        return epochLoop;
    }

    /// {@return how many data loaders have been begun and completed}
    public final Progress loaderProgress() {
        return loaderProgress;
    }

    @Override
    protected boolean skip(EvaluationRun run) {
        return run.empty();
    }

    @Override
    protected List<List<Tensor>> onSkip(EvaluationRun run) {
        return List.of();
    }

    @Override
    protected void reset(EvaluationRun run) {
        loaderProgress.resetCurrent();
        predictions.clear();
    }

    @Override
    protected void onRunStart(EvaluationRun run) {
        evaluatingBefore.set(run.scope().evaluating());
        evaluate(run);
        var view = run.view();
        run.hooks().call(HookPoint.PREDICT_START, view, hook -> hook.onPredictStart(view));
        run.hooks()
                .call(HookPoint.PREDICT_EPOCH_START, view, hook -> hook.onPredictEpochStart(view));
    }

    @Override
    protected void onResume(EvaluationRun run) {
        evaluate(run);
    }

    /// Until this run ends, in whatever way.
    private void evaluate(EvaluationRun run) {
        mode.get(() -> new EvaluationMode(run.scope(), evaluatingBefore.get()));
    }

    @Override
    protected boolean done(EvaluationRun run) {
        return loaderProgress.current().completed() >= run.sources().size();
    }

    @Override
    protected void onAdvanceStart(EvaluationRun run) {
        loaderProgress.increment(Stage.READY);
    }

    @Override
    protected void advance(EvaluationRun run) {
        int loader = Math.toIntExact(loaderProgress.current().completed());
        var predicted = epochLoop.run(new LoaderRun(run, loader));
        predictions.add(predicted);
    }

    @Override
    protected void onAdvanceEnd(EvaluationRun run) {
        loaderProgress.increment(Stage.COMPLETED);
    }

    @Override
    protected List<List<Tensor>> onRunEnd(EvaluationRun run) {
        var all = predictions.all();
        var view = run.view();
        run.hooks()
                .call(HookPoint.PREDICT_EPOCH_END, view, hook -> hook.onPredictEpochEnd(view, all));
        run.hooks().call(HookPoint.PREDICT_END, view, hook -> hook.onPredictEnd(view));
        predictions.clear();
        return all;
    }

    @Override
    protected Optional<Codec<List<List<Tensor>>>> outputCodec() {
        return Optional.of(Codec.listOf(PredictionEpochLoop.PREDICTIONS));
    }

    @Override
    protected HookOrder hookOrder() {
        return HookOrder.NONE
                .onRunStart(
                        calls(HookPoint.PREDICT_START.method()),
                        calls(HookPoint.PREDICT_EPOCH_START.method()))
                .advance(runs(epochLoop))
                .onRunEnd(
                        calls(HookPoint.PREDICT_EPOCH_END.method()),
                        calls(HookPoint.PREDICT_END.method()));
    }
}
