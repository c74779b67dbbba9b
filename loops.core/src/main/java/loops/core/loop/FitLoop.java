package loops.core.loop;

import java.util.Optional;
import loops.api.Codec;
import loops.api.Loop;
import loops.api.Progress;
import loops.api.Slot;
import loops.api.Stage;
import loops.core.training.EpochResult;
import loops.core.training.EpochRun;
import loops.core.training.FitResult;
import loops.core.training.FitRun;

/// The top of a fit: goes through the epochs until one of the plan's limits is reached or a stop is honoured.
///
/// A run that is not resumed starts at epoch 0, also if the loop was run before.
@SuppressWarnings("this-escape") // its parts are declared here, and used only in a run
public class FitLoop extends Loop<FitRun, FitResult> {
    private final Slot<EpochRun, EpochResult> epochLoop =
            slot("epoch_loop", new TrainingEpochLoop());
    private final Progress epochProgress = progress("epoch_progress");

    /// A fit loop with the default loops below it.
    public FitLoop() {}

    /// {@return the place of the loop over an epoch's batches}
    public final Slot<EpochRun, EpochResult> epochLoop() {
        return epochLoop;
    }

    /// {@return how many epochs have come how far}
    public final Progress epochProgress() {
        return epochProgress;
    }

    @Override
    protected boolean skip(FitRun fit) {
        return fit.trainBatchCount().orElse(1) == 0;
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
        fit.scope().module().train();
        fit.hooks().call(hook -> hook.onTrainStart(fit.view(0)));
    }

    @Override
    protected void onResume(FitRun fit) {
        fit.scope().module().train();
    }

    @Override
    protected boolean done(FitRun fit) {
        long epochs = epochProgress.current().processed();
        long steps = fit.scope().globalStep();
        var plan = fit.plan();
        return plan.stepsReached(steps)
                || plan.epochsReached(epochs)
                || (fit.scope().stop().requested() && plan.mayStop(epochs, steps));
    }

    @Override
    protected void onAdvanceStart(FitRun fit) {
        var view = fit.view(epoch());
        epochProgress.increment(Stage.READY);
        fit.hooks().call(hook -> hook.onTrainEpochStart(view));
        epochProgress.increment(Stage.STARTED);
    }

    @Override
    protected void advance(FitRun fit) {
        var result = epochLoop.run(new EpochRun(fit, epoch()));
        fit.scope().metrics().putAll(result.metrics());
    }

    @Override
    protected void onAdvanceEnd(FitRun fit) {
        var view = fit.view(epoch());
        epochProgress.increment(Stage.PROCESSED);
        fit.hooks().call(hook -> hook.onTrainEpochEnd(view));
        epochProgress.increment(Stage.COMPLETED);
    }

    /// {@return the epoch in work, or the next one between two epochs}
    private int epoch() {
        return Math.toIntExact(epochProgress.current().completed());
    }

    @Override
    protected FitResult onRunEnd(FitRun fit) {
        fit.hooks().call(hook -> hook.onTrainEnd(fit.view(epoch())));
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
}
