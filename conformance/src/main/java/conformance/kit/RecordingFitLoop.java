package conformance.kit;

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
        events.at("lr_scheduler_step", Recorder.place(scheduler, epoch));
        super.schedulerStep(scheduler, epoch);
    }
}
