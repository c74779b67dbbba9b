package loops.core.loop;

import java.util.function.Consumer;
import loops.api.Progress;
import loops.api.Stage;
import loops.core.training.EpochRun;
import loops.core.training.TrainingScheduler;

/// One kind of moment at which schedulers move, in automatic optimization.
///
/// One that looks at a metric moves only if that has been measured since it last looked, and waits for the first validation
/// as long as that may bring the metric. After it, or without any, a metric that is missing is the scheduler's affair.
///
/// @param everyStep whether an optimizer may have made a step; an epoch has ended if not
/// @param monitored whether the schedulers move that look at a metric, or the others
record SchedulerMoves(boolean everyStep, boolean monitored) {
    /// After the optimizers of a batch had their turn.
    static final SchedulerMoves STEP = new SchedulerMoves(true, false);

    /// The same, once a validation has been made.
    static final SchedulerMoves MONITORED_STEP = new SchedulerMoves(true, true);

    /// After the last batch of an epoch.
    static final SchedulerMoves EPOCH = new SchedulerMoves(false, false);

    /// The same, once all metrics of the epoch are there.
    static final SchedulerMoves MONITORED_EPOCH = new SchedulerMoves(false, true);

    /// Moves the schedulers whose moment has come.
    ///
    /// @param epoch the epoch that is trained
    /// @param progress counts the moves
    /// @param move moves one
    void make(EpochRun epoch, Progress progress, Consumer<TrainingScheduler> move) {
        var scope = epoch.fit().scope();
        if (!scope.module().automaticOptimization()) {
            return;
        }
        var optimizers = scope.optimizers();
        for (int i = 0; i < optimizers.size(); i++) { // in every step: no iterator
            var optimizer = optimizers.get(i);
            for (int j = 0; j < optimizer.schedulers().size(); j++) {
                var scheduler = optimizer.schedulers().get(j);
                long count = everyStep ? optimizer.steps() : epoch.epoch() + 1;
                if (scheduler.monitorsMetric() == monitored
                        && scheduler.due(everyStep, count)
                        && !waits(scheduler, epoch)) {
                    progress.increment(Stage.READY);
                    move.accept(scheduler);
                    progress.increment(Stage.COMPLETED);
                }
            }
        }
    }

    private boolean waits(TrainingScheduler scheduler, EpochRun epoch) {
        var metrics = epoch.fit().scope().metrics();
        return scheduler.hasSeen(metrics)
                || (scheduler.misses(metrics) && validationIsToCome(epoch));
    }

    /// One that was due is still to come if its epoch was ended early.
    private boolean validationIsToCome(EpochRun epoch) {
        var scope = epoch.fit().scope();
        var plan = epoch.fit().plan();
        int ended = everyStep ? epoch.epoch() : epoch.epoch() + 1;
        return scope.module().validates()
                && !plan.validationLimit().none()
                && !scope.metrics().hasEvaluated()
                && (!plan.validationWasDue(ended, scope.batches())
                        || !epoch.fit().sources().validation(epoch.epoch()).isEmpty());
    }
}
