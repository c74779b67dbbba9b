package conformance.kit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import loops.api.LoopState.Fields;
import loops.core.logger.Logger;

/// Takes down which checkpoints are written. It logs nothing.
public final class SaveLog implements Logger {
    private final List<Path> saved = new ArrayList<>();

    /// Nothing written yet.
    public SaveLog() {}

    /// {@return the checkpoints, in the order in which they were written}
    public List<Path> saved() {
        return List.copyOf(saved);
    }

    @Override
    public String name() {
        return "saves";
    }

    @Override
    public void log(SequencedMap<String, Double> metrics, long step) {}

    @Override
    public void checkpointSaved(Path checkpoint) {
        saved.add(checkpoint);
    }

    @Override
    public Fields stateDict() {
        return Fields.empty();
    }

    @Override
    public void loadStateDict(Fields state) {}
}
