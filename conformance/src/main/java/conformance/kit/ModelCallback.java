package conformance.kit;

import loops.core.training.Callback;

/// A callback that a model brings along; it records every hook under a name of its own.
///
/// @param events where to record
/// @param name its name
public record ModelCallback(Recorder events, String name) implements Callback, RecordingHooks {
    @Override
    public String prefix() {
        return name + ".";
    }
}
