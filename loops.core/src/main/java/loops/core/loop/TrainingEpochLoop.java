package loops.core.loop;

import static loops.api.Call.calls;
import static loops.api.Call.runs;
import static loops.api.Call.when;

import java.lang.System.Logger.Level;
import java.util.Objects;
import loops.api.Cell;
import loops.api.Derived;
import loops.api.HookOrder;
import loops.api.ListCell;
import loops.api.LongCell;
import loops.api.Loop;
import loops.api.LoopState.Fields;
import loops.api.Progress;
import loops.api.Scratch;
import loops.api.Slot;
import loops.api.Stage;
import loops.core.training.Activity;
import loops.core.training.BatchResult;
import loops.core.training.BatchRun;
import loops.core.training.EpochResult;
import loops.core.training.EpochRun;
import loops.core.training.EvaluationResult;
import loops.core.training.EvaluationRun;
import loops.core.training.HookPoint;
import loops.core.training.Limit;
import loops.core.training.TrainingScheduler;
import org.jspecify.annotations.Nullable;
import tensor.api.TensorScope;

/// Goes through the batches of one epoch, moves the schedulers, and validates where the plan says so.
///
/// Everything that a batch makes lives in one [TensorScope]; parameters and optimizer states outlive it.
///
/// **Schedulers.** Those of steps move when their optimizer has made one, those of epochs after the last batch; both
/// before `onTrainBatchEnd`. One that looks at a metric moves after the validation; one of epochs that does is moved by
/// the loop over the epochs, once all metrics of the epoch are there.
@SuppressWarnings("this-escape") // its parts are declared here, and used only in a run
public class TrainingEpochLoop extends Loop<EpochRun, EpochResult> {
    private static final System.Logger LOG = System.getLogger(TrainingEpochLoop.class.getName());

    private final Slot<BatchRun, BatchResult> batchLoop =
            slot("batch_loop", new TrainingBatchLoop());
    private final Slot<EvaluationRun, EvaluationResult> validationLoop =
            slot("val_loop", new EvaluationLoop());
    private final Progress batchProgress = progress("batch_progress");
    private final Cell<Boolean> lastBatch = cell("batch_progress.is_last_batch", false);
    private final Progress schedulerProgress =
            progress("scheduler_progress", Progress.READY_COMPLETED);
    private final LongCell batches = longCell("batches", Feed.UNKNOWN);
    private final LongCell batchesThatStepped = longCell("batches_that_stepped", 0);
    private final Cell<Boolean> leftOut = cell("left_out", false);
    private final Cell<Boolean> stepped = cell("stepped", false);
    private final Cell<Boolean> validationDue = cell("validation_due", false);
    private final LongCell validations = longCell("validations", 0);
    private final ListCell<BatchResult> results = listCell("results", BatchResult.CODEC);
    private final Derived<Feed> feed = derived("feed");
    private final Scratch<InScope> inScope = scratch("in_scope", new InScope());

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

    /// {@return how many moves of schedulers have been begun and completed}
    public final Progress schedulerProgress() {
        return schedulerProgress;
    }

    /// {@return after how many batches optimizers had their turn: the axis of the loggers}
    public final long batchesThatStepped() {
        return batchesThatStepped.get();
    }

    @Override
    protected Fields inputKey(EpochRun epoch) {
        return Fields.empty().with("epoch", epoch.epoch());
    }

    @Override
    protected void reset(EpochRun epoch) {
        batchProgress.resetCurrent();
        schedulerProgress.resetCurrent();
        lastBatch.set(false);
        batches.set(Feed.length(epoch.fit().trainBatchCount()));
        validations.set(0);
        results.clear();
        epoch.fit().scope().epochStop().clear();
        if (epoch.epoch() == 0) {
            batchesThatStepped.set(0);
        }
    }

    /// An epoch of another length would be cut in the middle of an accumulation window, or have no last batch.
    @Override
    protected void onResume(EpochRun epoch) {
        var current = batchProgress.current();
        boolean over = lastBatch.get() && current.ready() == current.completed();
        long now = Feed.length(epoch.fit().trainBatchCount());
        if (!over && batches.get() != now) {
            throw new IllegalArgumentException(
                    "TrainingEpochLoop: epoch %d was begun with %s batches and would go on with %s; give it as many as before by trainLimit and data, or go on from a checkpoint between two epochs"
                            .formatted(epoch.epoch(), Feed.words(batches.get()), Feed.words(now)));
        }
    }

    @Override
    protected boolean done(EpochRun epoch) {
        var scope = epoch.fit().scope();
        if (scope.epochStop().requested()
                || epoch.fit().plan().stepsReached(scope.globalStep())
                || lastBatch.get()
                || !feed(epoch).has(nextIndex())) {
            return true;
        }
        boolean stops = stops(epoch);
        if (!stops && scope.stop().requested() && epoch.fit().notices().toBeTold("a stop waits")) {
            LOG.log(
                    Level.INFO,
                    "a stop was asked for, but {0} is not reached; the training goes on until then",
                    epoch.fit().plan().minimum());
        }
        return stops;
    }

    /// {@return whether a stop was asked for and may be honoured now}
    private static boolean stops(EpochRun epoch) {
        var scope = epoch.fit().scope();
        return scope.stop().requested()
                && epoch.fit().plan().mayStop(epoch.epoch(), scope.globalStep());
    }

    /// The batch is begun here, so that its start hooks are over when anything in it can be cut.
    @Override
    protected void onAdvanceStart(EpochRun epoch) {
        int index = nextIndex();
        var scope = epoch.fit().scope();
        var batch = feed(epoch).at(index);
        lastBatch.set(feed(epoch).endsWith(index));
        batchProgress.increment(Stage.READY);
        scope.metrics().beginBatch(batch.size());
        epoch.fit()
                .hooks()
                .call(
                        HookPoint.TRAIN_BATCH_START,
                        epoch.view(),
                        hook -> hook.onTrainBatchStart(epoch.view(), batch, index));
        leftOut.set(scope.epochStop().requested());
        batchProgress.increment(leftOut.get() ? Stage.PROCESSED : Stage.STARTED);
    }

    @Override
    protected void advance(EpochRun epoch) {
        if (leftOut.get()) {
            return;
        }
        // what a source makes may outlive the batch, so it is asked outside the scope
        int index = nextIndex();
        var batch = feed(epoch).at(index);
        var run = epoch.batch(batch, index, !feed(epoch).has(index + 1));
        inScope.get().train(run);
        validationDue.set(validationDue(epoch));
        if (validationDue.get()) {
            validations.increment();
        }
    }

    /// Trains on one batch, in a scope for what it makes.
    private final class InScope implements Runnable {
        private final TensorScope scope = TensorScope.of("training batch");
        private @Nullable BatchRun batch;

        void train(BatchRun run) {
            batch = run;
            scope.run(this);
        }

        @Override
        public void run() {
            TrainingEpochLoop.this.train(Objects.requireNonNull(batch));
        }
    }

    private void train(BatchRun run) {
        run.epoch().fit().scope().metrics().beginBatch(run.batch().size());
        var result = batchLoop.run(run);
        batchProgress.increment(Stage.PROCESSED);
        end(run, result);
    }

    private void end(BatchRun run, BatchResult result) {
        var epoch = run.epoch();
        var fit = epoch.fit();
        fit.scope().countBatch(run.batch().size());
        moveSchedulers(epoch, SchedulerMoves.STEP);
        if (run.last()) {
            moveSchedulers(epoch, SchedulerMoves.EPOCH);
        }
        fit.hooks()
                .call(
                        HookPoint.TRAIN_BATCH_END,
                        epoch.view(),
                        hook ->
                                hook.onTrainBatchEnd(
                                        epoch.view(), result, run.batch(), run.index()));
        batchProgress.increment(Stage.COMPLETED);
        if (fit.scope().module().keepsResults()) {
            results.add(result.kept());
        }
        // whether optimizers had their turn after this batch, and did not merely collect gradients
        stepped.set(run.endsWindow() || !fit.scope().module().automaticOptimization());
        if (stepped.get()) {
            log(epoch);
        }
    }

    private void log(EpochRun epoch) {
        var fit = epoch.fit();
        long x = batchesThatStepped.get();
        if ((x + 1) % fit.plan().logEvery() == 0 || fit.scope().stop().requested()) {
            fit.scope().metrics().writeStep(fit.hooks().loggers(), x, epoch.epoch());
        }
    }

    @Override
    protected void onAdvanceEnd(EpochRun epoch) {
        if (leftOut.get()) {
            return;
        }
        if (validationDue.get()) {
            validationLoop.run(validation(epoch));
        }
        moveSchedulers(epoch, SchedulerMoves.MONITORED_STEP);
        if (stepped.get()) {
            batchesThatStepped.increment();
        }
    }

    private boolean lastOfEpoch(EpochRun epoch) {
        return lastBatch.get() || !feed(epoch).has(nextIndex());
    }

    // ---- schedulers

    private void moveSchedulers(EpochRun epoch, SchedulerMoves moves) {
        moves.make(epoch, schedulerProgress, scheduler -> schedulerStep(scheduler, epoch));
    }

    /// Moves one scheduler.
    ///
    /// @param scheduler the scheduler
    /// @param epoch the epoch that is trained
    protected void schedulerStep(TrainingScheduler scheduler, EpochRun epoch) {
        scheduler.move(epoch.fit().scope().metrics());
    }

    // ---- validation

    /// {@return what a validation within this epoch works on}
    ///
    /// @param epoch the epoch that it belongs to
    protected EvaluationRun validation(EpochRun epoch) {
        var fit = epoch.fit();
        return new EvaluationRun(
                Activity.VALIDATION,
                fit.scope(),
                fit.sources().validation(epoch.epoch()),
                fit.plan().validationLimit(),
                epoch.epoch(),
                new EvaluationRun.Place(validations.get() == 1, batchesThatStepped.get()),
                fit.hooks(),
                fit.plan(),
                fit.saves());
    }

    /// {@return whether a validation follows the batch that has just been trained on}
    private boolean validationDue(EpochRun epoch) {
        return epoch.fit().plan().validatesIn(epoch.epoch())
                && (stops(epoch) || intervalEnds(epoch))
                && !epoch.fit().sources().validation(epoch.epoch()).isEmpty();
    }

    private boolean intervalEnds(EpochRun epoch) {
        var fit = epoch.fit();
        long trained =
                fit.plan().acrossEpochs()
                        ? fit.scope().batches()
                        : batchProgress.current().completed();
        return switch (fit.plan().validateEvery()) {
            case Limit.All() -> lastOfEpoch(epoch);
            case Limit.Both _ -> throw new IllegalStateException("refused by the plan");
            case Limit.Batches(int batches) -> trained % batches == 0;
            case Limit.Fraction(double part) when part == 1 -> lastOfEpoch(epoch);
            case Limit.Fraction part -> trained % part.interval(fit.trainBatchCount()) == 0;
        };
    }

    // ---- data

    private int nextIndex() {
        return Math.toIntExact(batchProgress.current().completed());
    }

    private Feed feed(EpochRun epoch) {
        return feed.get(epoch, TrainingEpochLoop::open);
    }

    private static Feed open(EpochRun epoch) {
        var fit = epoch.fit();
        return new Feed(fit.sources().train(epoch.epoch()), epoch.epoch(), fit.trainBatchCount());
    }

    @Override
    protected EpochResult onRunEnd(EpochRun epoch) {
        boolean cut = epoch.fit().scope().epochStop().requested();
        var result =
                new EpochResult(
                        nextIndex(),
                        !cut && lastOfEpoch(epoch),
                        batchesThatStepped.get(),
                        results.all());
        results.clear();
        return result;
    }

    @Override
    protected HookOrder hookOrder() {
        return HookOrder.NONE
                .onAdvanceStart(calls(HookPoint.TRAIN_BATCH_START.method()))
                .advance(
                        when(
                                "the batch is not left out",
                                runs(batchLoop),
                                calls(HookPoint.TRAIN_BATCH_END.method())))
                .onAdvanceEnd(when("a validation is due", runs(validationLoop)));
    }
}
