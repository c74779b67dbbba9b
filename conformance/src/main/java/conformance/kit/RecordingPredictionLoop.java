package conformance.kit;

import loops.core.loop.PredictionEpochLoop;
import loops.core.training.LoaderRun;

/// A loop over one data loader that records what it was told to take of it.
final class RecordingPredictionLoop extends PredictionEpochLoop {
    private final Recorder events;

    RecordingPredictionLoop(Recorder events, boolean keeps) {
        super(keeps);
        this.events = events;
    }

    @Override
    protected void onRunStart(LoaderRun run) {
        events.loader(run);
        super.onRunStart(run);
    }
}
