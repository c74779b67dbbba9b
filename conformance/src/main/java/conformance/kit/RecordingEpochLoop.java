package conformance.kit;

import loops.core.loop.TrainingEpochLoop;
import loops.core.training.EpochRun;
import loops.core.training.TrainingScheduler;

/// An epoch loop that records when it moves schedulers.
final class RecordingEpochLoop extends TrainingEpochLoop {
    private final Recorder events;

    RecordingEpochLoop(Recorder events) {
        this.events = events;
    }

    @Override
    protected void schedulerStep(TrainingScheduler scheduler, EpochRun epoch) {
        events.at("lr_scheduler_step", Recorder.place(scheduler, epoch));
        super.schedulerStep(scheduler, epoch);
    }
}
