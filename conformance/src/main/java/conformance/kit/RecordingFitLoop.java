package conformance.kit;

import conformance.kit.Event.Place;
import loops.core.loop.FitLoop;
import loops.core.training.EpochRun;
import loops.core.training.TrainingScheduler;

/// A fit loop that records when it moves schedulers.
final class RecordingFitLoop extends FitLoop {
    private final Recorder events;

    RecordingFitLoop(Recorder events) {
        this.events = events;
    }

    @Override
    protected void schedulerStep(TrainingScheduler scheduler, EpochRun epoch) {
        events.at(
                "lr_scheduler_step",
                new Place(epoch.epoch(), -1, -1, -1, epoch.fit().scope().globalStep()));
        super.schedulerStep(scheduler, epoch);
    }
}
