package loops.core.loop;

import static loops.api.Call.calls;
import static loops.api.Call.runs;

import java.lang.System.Logger.Level;
import java.util.Optional;
import loops.api.Cell;
import loops.api.Codec;
import loops.api.HookOrder;
import loops.api.Loop;
import loops.api.Progress;
import loops.api.Slot;
import loops.api.Stage;
import loops.core.training.EpochResult;
import loops.core.training.EpochRun;
import loops.core.training.FitResult;
import loops.core.training.FitRun;
import loops.core.training.HookPoint;
import loops.core.training.Limit;
import loops.core.training.TrainingScheduler;

/// The top of a fit: goes through the epochs until one of the plan's limits is reached or a stop is honoured.
///
/// A run that is not resumed starts at epoch 0, also if the loop was run before.
@SuppressWarnings("this-escape") // its parts are declared here, and used only in a run
public class FitLoop extends Loop<FitRun, FitResult> {
    private static final System.Logger LOG = System.getLogger(FitLoop.class.getName());

    private final Slot<EpochRun, EpochResult> epochLoop =
            slot("epoch_loop", new TrainingEpochLoop());
    private final Progress epochProgress = progress("epoch_progress");
    private final Progress schedulerProgress =
            progress("scheduler_progress", Progress.READY_COMPLETED);
    private final Cell<Boolean> complete = cell("complete", false);
    private final Cell<Long> stepped = cell("stepped", 0L);
    private final Cell<Long> stepsBefore = cell("steps_before", 0L);

    /// A fit loop with the default loops below it.
    public FitLoop() {}

    /// {@return the place of the loop over an epoch's batches}
    public final Slot<EpochRun, EpochResult> epochLoop() {
        return epochLoop;
    }

    /// {@return how many moves of epochs' schedulers that look at a metric have been begun and completed, in the present
    /// epoch and in total; the epoch loop counts those of all others}
    public final Progress schedulerProgress() {
        return schedulerProgress;
    }

    /// {@return how many epochs have come how far}
    public final Progress epochProgress() {
        return epochProgress;
    }

    @Override
    protected boolean skip(FitRun fit) {
        var plan = fit.plan();
        return plan.trainLimit().none()
                || plan.epochsReached(0)
                || plan.stepsReached(fit.scope().globalStep());
    }

    @Override
    protected FitResult onSkip(FitRun fit) {
        return result(fit);
    }

    @Override
    protected void reset(FitRun fit) {
        epochProgress.resetCurrent();
    }

    @Override
    protected void onRunStart(FitRun fit) {
        fit.hooks().requireStatesApart();
        warnOfWhatIsMissing(fit);
        checkValidationInterval(fit);
        if (fit.plan().validatesIn(0)) {
            fit.sources().validation(0);
        }
        fit.scope().module().train();
        fit.scope().beginFit();
        var view = fit.view(0);
        fit.hooks().call(HookPoint.TRAIN_START, view, hook -> hook.onTrainStart(view));
    }

    private static void warnOfWhatIsMissing(FitRun fit) {
        var module = fit.scope().module();
        String name = module.getClass().getSimpleName();
        if (fit.plan().validationLimit().none()) {
            return;
        }
        if (!module.validates() && !fit.data().validationBatches().isEmpty()) {
            LOG.log(
                    Level.WARNING,
                    "validationBatches() gives some, and {0} has no validationStep; there is no validation",
                    name);
        }
    }

    private static void checkValidationInterval(FitRun fit) {
        var batches = fit.trainBatchCount();
        if (fit.plan().validateEvery() instanceof Limit.Batches(int every)
                && !fit.plan().acrossEpochs()
                && batches.isPresent()
                && every > batches.getAsInt()
                && !fit.sources().validation(0).isEmpty()) {
            throw new IllegalArgumentException(
                    "FitPlan: validateEvery is %d batches and an epoch has %d; use at most %d, or acrossEpochs()"
                            .formatted(every, batches.getAsInt(), batches.getAsInt()));
        }
    }

    @Override
    protected void onResume(FitRun fit) {
        long epochs = epochProgress.current().completed();
        if (fit.plan().maxEpochs() != -1 && epochs > fit.plan().maxEpochs()) {
            throw new IllegalArgumentException(
                    "FitLoop: the checkpoint has trained %d epochs, maxEpochs is %d; use a number from %d, or an earlier checkpoint"
                            .formatted(epochs, fit.plan().maxEpochs(), epochs));
        }
        fit.sources().train(epoch());
    }

    @Override
    protected boolean done(FitRun fit) {
        var why = ending(fit);
        why.ifPresent(reason -> LOG.log(Level.DEBUG, "the fit ends: {0}", reason));
        return why.isPresent();
    }

    /// {@return why the fit is at its end, in words; empty if it is not}
    private Optional<String> ending(FitRun fit) {
        long epochs = epochProgress.current().processed();
        long steps = fit.scope().globalStep();
        var plan = fit.plan();
        if (fit.trainBatchCount().orElse(1) == 0) {
            return Optional.of("there are no batches to train on");
        }
        if (plan.stepsReached(steps)) {
            return Optional.of("maxSteps %d is reached".formatted(plan.maxSteps()));
        }
        if (plan.epochsReached(epochs)) {
            return Optional.of("maxEpochs %d is reached".formatted(plan.maxEpochs()));
        }
        return plan.mayStop(epochs, steps)
                ? fit.scope().stop().reason().map("a stop was asked for: "::concat)
                : Optional.empty();
    }

    @Override
    protected void onAdvanceStart(FitRun fit) {
        schedulerProgress.resetCurrent();
        stepsBefore.set(fit.scope().globalStep());
        int epoch = epoch();
        fit.sources().train(epoch);
        fit.scope().accumulate(fit.plan().accumulation().factor(epoch));
        var view = fit.view(epoch);
        epochProgress.increment(Stage.READY);
        fit.hooks().call(HookPoint.TRAIN_EPOCH_START, view, hook -> hook.onTrainEpochStart(view));
        epochProgress.increment(Stage.STARTED);
    }

    @Override
    protected void advance(FitRun fit) {
        var result = epochLoop.run(new EpochRun(fit, epoch()));
        complete.set(result.complete());
        stepped.set(result.stepped());
        var view = fit.view(epoch());
        fit.scope().metrics().endBatches();
        fit.hooks()
                .callModule(
                        HookPoint.TRAINING_RESULTS,
                        view,
                        module -> module.trainingEpochEnd(view, result.results()));
    }

    @Override
    protected void onAdvanceEnd(FitRun fit) {
        var run = new EpochRun(fit, epoch());
        var view = run.view();
        epochProgress.increment(Stage.PROCESSED);
        fit.hooks().call(HookPoint.TRAIN_EPOCH_END, view, hook -> hook.onTrainEpochEnd(view));
        fit.hooks()
                .call(
                        HookPoint.TRAIN_EPOCH_MEASURED,
                        view,
                        hook -> hook.onTrainEpochMeasured(view));
        if (complete.get()) {
            SchedulerMoves.MONITORED_EPOCH.make(
                    run, schedulerProgress, scheduler -> schedulerStep(scheduler, run));
        }
        fit.scope()
                .metrics()
                .writeEpoch(fit.hooks().loggers(), Math.max(0, stepped.get() - 1), run.epoch());
        tellOfAnIdleEpoch(fit);
        epochProgress.increment(Stage.COMPLETED);
        fit.scope().countEpoch();
    }

    /// Such epochs may go on for ever: a limit of steps is never reached.
    private void tellOfAnIdleEpoch(FitRun fit) {
        var scope = fit.scope();
        boolean made = scope.optimizers().isEmpty() || scope.globalStep() > stepsBefore.get();
        if (!made && complete.get() && fit.notices().toBeTold("an idle epoch")) {
            LOG.log(Level.WARNING, idleEpoch(fit));
        }
    }

    private String idleEpoch(FitRun fit) {
        return "no optimizer made a step in epoch %d; %s%s"
                .formatted(
                        epoch(),
                        fit.scope().module().automaticOptimization()
                                ? "give a loss in trainingStep"
                                : "call optimizerStep in trainingStep",
                        fit.plan().maxEpochs() == -1
                                ? ", or set maxEpochs: the fit does not end by itself"
                                : "");
    }

    /// Moves one scheduler of epochs that looks at a metric.
    ///
    /// @param scheduler the scheduler
    /// @param epoch the epoch that has ended
    protected void schedulerStep(TrainingScheduler scheduler, EpochRun epoch) {
        scheduler.move(epoch.fit().scope().metrics());
    }

    /// {@return the epoch in work, or the next one between two epochs}
    private int epoch() {
        return Math.toIntExact(epochProgress.current().completed());
    }

    @Override
    protected FitResult onRunEnd(FitRun fit) {
        var view = fit.view(epoch());
        fit.hooks().call(HookPoint.TRAIN_END, view, hook -> hook.onTrainEnd(view));
        return result(fit);
    }

    private FitResult result(FitRun fit) {
        var scope = fit.scope();
        return new FitResult(
                epoch(), scope.globalStep(), scope.stop().reason(), scope.metrics().all());
    }

    @Override
    protected Optional<Codec<FitResult>> outputCodec() {
        return Optional.of(FitResult.CODEC);
    }

    @Override
    protected HookOrder hookOrder() {
        return HookOrder.NONE
                .onRunStart(calls(HookPoint.TRAIN_START.method()))
                .onAdvanceStart(calls(HookPoint.TRAIN_EPOCH_START.method()))
                .advance(runs(epochLoop), calls(HookPoint.TRAINING_RESULTS.method()))
                .onAdvanceEnd(
                        calls(HookPoint.TRAIN_EPOCH_END.method()),
                        calls(HookPoint.TRAIN_EPOCH_MEASURED.method()))
                .onRunEnd(calls(HookPoint.TRAIN_END.method()));
    }
}
