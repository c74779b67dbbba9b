package conformance.kit;

import conformance.kit.Event.Place;
import loops.api.LoopState.Fields;
import loops.core.training.Callback;

/// A callback that records every hook.
final class RecordingCallback implements Callback, RecordingHooks {
    private final Recorder events;

    private final Fields state;

    /// @param events where to record
    /// @param state what is saved with a run
    RecordingCallback(Recorder events, Fields state) {
        this.events = events;
        this.state = state;
    }

    @Override
    public Recorder events() {
        return events;
    }

    @Override
    public String prefix() {
        return Events.CALLBACK;
    }

    @Override
    public Fields stateDict() {
        events.at(prefix() + "state_dict", Place.NOWHERE);
        return state;
    }

    @Override
    public void loadStateDict(Fields loaded) {
        String said = HookNames.plain(StateDict.json(loaded));
        events.at("%sload_state_dict(%s)".formatted(prefix(), said), Place.NOWHERE);
    }
}
