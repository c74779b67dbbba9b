package conformance.kit;

import loops.core.loop.EvaluationEpochLoop;
import loops.core.training.LoaderRun;

/// A loop over one data loader that records what it was told to take of it.
final class RecordingEvaluationLoop extends EvaluationEpochLoop {
    private final Recorder events;

    RecordingEvaluationLoop(Recorder events) {
        this.events = events;
    }

    @Override
    protected void onRunStart(LoaderRun run) {
        events.loader(run);
        super.onRunStart(run);
    }
}
