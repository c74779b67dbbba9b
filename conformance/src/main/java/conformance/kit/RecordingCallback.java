package conformance.kit;

import loops.core.training.Callback;

/// A callback that records every hook.
final class RecordingCallback implements Callback, RecordingHooks {
    private final Recorder events;

    RecordingCallback(Recorder events) {
        this.events = events;
    }

    @Override
    public Recorder events() {
        return events;
    }

    @Override
    public String prefix() {
        return Events.CALLBACK;
    }
}
