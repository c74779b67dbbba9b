package loops.core.loop;

import java.util.OptionalInt;
import loops.api.Cell;
import loops.api.Codec;
import loops.api.Derived;
import loops.api.Held;
import loops.api.Loop;
import loops.api.LoopState.Fields;
import loops.api.Progress;
import loops.api.Slot;
import loops.api.Stage;
import loops.core.training.Activity;
import loops.core.training.BatchResult;
import loops.core.training.BatchRun;
import loops.core.training.Batches;
import loops.core.training.EpochResult;
import loops.core.training.EpochRun;
import loops.core.training.EvaluationResult;
import loops.core.training.EvaluationRun;
import loops.core.training.FitRun;
import loops.core.training.MetricSums;
import tensor.api.TensorScope;

/// Goes through the batches of one epoch, and validates where the plan says so.
///
/// Everything that a batch makes lives in one [TensorScope]; parameters and optimizer states outlive it.
@SuppressWarnings("this-escape") // its parts are declared here, and used only in a run
public class TrainingEpochLoop extends Loop<EpochRun, EpochResult> {
    private final Slot<BatchRun, BatchResult> batchLoop =
            slot("batch_loop", new TrainingBatchLoop());
    private final Slot<EvaluationRun, EvaluationResult> validationLoop =
            slot("val_loop", new EvaluationLoop());
    private final Progress batchProgress = progress("batch_progress");
    private final Cell<Boolean> lastBatch = cell("batch_progress.is_last_batch", false);
    private final Held<MetricSums> results = held("results");
    private final Derived<Feed> feed = derived("feed");

    /// An epoch loop with the default loops below it.
    public TrainingEpochLoop() {}

    /// {@return the place of the loop over a batch's parts}
    public final Slot<BatchRun, BatchResult> batchLoop() {
        return batchLoop;
    }

    /// {@return the place of the loop that validates}
    public final Slot<EvaluationRun, EvaluationResult> validationLoop() {
        return validationLoop;
    }

    /// {@return how many batches have come how far}
    public final Progress batchProgress() {
        return batchProgress;
    }

    @Override
    protected Fields inputKey(EpochRun epoch) {
        return Fields.empty().with("epoch", epoch.epoch());
    }

    @Override
    protected void reset(EpochRun epoch) {
        batchProgress.resetCurrent();
        lastBatch.set(false);
        results.clear();
    }

    @Override
    protected boolean done(EpochRun epoch) {
        return stops(epoch)
                || epoch.fit().plan().stepsReached(epoch.fit().scope().globalStep())
                || lastBatch.get()
                || !feed(epoch).has(nextIndex());
    }

    /// {@return whether a stop was asked for and may be honoured now}
    private static boolean stops(EpochRun epoch) {
        var scope = epoch.fit().scope();
        return scope.stop().requested()
                && epoch.fit().plan().mayStop(epoch.epoch(), scope.globalStep());
    }

    @Override
    protected void advance(EpochRun epoch) {
        TensorScope.run("training batch", () -> train(epoch));
    }

    private void train(EpochRun epoch) {
        int index = once("start", Codec.INTEGER, () -> start(epoch));
        var batch = feed(epoch).at(index);
        boolean last = !feed(epoch).has(index + 1);
        var result =
                batchLoop.run(
                        new BatchRun(epoch, batch, index, last, results.get(MetricSums::new)));
        batchProgress.increment(Stage.PROCESSED);
        lastBatch.set(last);
        epoch.fit().scope().metrics().putAll(results.get(MetricSums::new).latest());
        epoch.fit().hooks().call(hook -> hook.onTrainBatchEnd(epoch.view(), result, batch, index));
        batchProgress.increment(Stage.COMPLETED);
    }

    /// {@return the number of the batch that is begun}
    private int start(EpochRun epoch) {
        int index = nextIndex();
        var batch = feed(epoch).at(index);
        batchProgress.increment(Stage.READY);
        epoch.fit().hooks().call(hook -> hook.onTrainBatchStart(epoch.view(), batch, index));
        batchProgress.increment(Stage.STARTED);
        return index;
    }

    @Override
    protected void onAdvanceEnd(EpochRun epoch) {
        if (once("validate", Codec.FLAG, () -> validationDue(epoch))) {
            var result = validationLoop.run(validation(epoch));
            epoch.fit().scope().metrics().putAll(result.metrics());
        }
    }

    /// {@return what a validation within this epoch works on}
    ///
    /// @param epoch the epoch that it belongs to
    protected EvaluationRun validation(EpochRun epoch) {
        var fit = epoch.fit();
        return new EvaluationRun(
                Activity.VALIDATION,
                fit.scope(),
                fit.data().validationBatches(),
                fit.plan().validationLimit(),
                epoch.epoch(),
                fit.hooks(),
                fit.plan(),
                fit.saves());
    }

    /// {@return whether a validation follows the batch that has just been trained on}
    private boolean validationDue(EpochRun epoch) {
        var fit = epoch.fit();
        if (fit.data().validationBatches().isEmpty()
                || (epoch.epoch() + 1) % fit.plan().validateEveryEpochs() != 0) {
            return false;
        }
        if (stops(epoch)) {
            return true;
        }
        int trained = nextIndex();
        return switch (fit.plan().validateEvery()) {
            case Batches.All() -> lastBatch.get();
            case Batches.Count(int batches) -> trained % batches == 0;
            case Batches.Fraction part -> trained % interval(part, fit) == 0;
        };
    }

    private static int interval(Batches.Fraction part, FitRun fit) {
        var batches = fit.trainBatchCount();
        return batches.isEmpty()
                ? part.of(batches).orElse(Integer.MAX_VALUE)
                : Math.max(1, (int) (batches.getAsInt() * part.part()));
    }

    private int nextIndex() {
        return Math.toIntExact(batchProgress.current().completed());
    }

    private Feed feed(EpochRun epoch) {
        return feed.get(() -> {
            var fit = epoch.fit();
            OptionalInt limit = fit.trainBatchCount();
            return new Feed(fit.data().trainBatches(), epoch.epoch(), limit);
        });
    }

    @Override
    protected EpochResult onRunEnd(EpochRun epoch) {
        return new EpochResult(nextIndex(), results.get(MetricSums::new).means());
    }
}
