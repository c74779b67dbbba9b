package conformance.kit;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import loops.api.Loop;
import loops.api.Progress;
import loops.api.Stage;
import org.jspecify.annotations.Nullable;

/// Declares progress and is never run: what a progress is, it is in a loop.
public final class ProgressLoop extends Loop<Integer, @Nullable Void> {
    /// The name where there is one progress only.
    public static final String ONLY = "progress";

    private final Map<String, Progress> parts;
    private final Map<String, Set<Stage>> stages;

    /// A loop that declares some progresses.
    ///
    /// @param stages what to count, by the name of the progress
    public ProgressLoop(Map<String, Set<Stage>> stages) {
        var declared = new LinkedHashMap<String, Progress>();
        stages.forEach((name, counted) -> declared.put(name, progress(name, counted)));
        this.parts = java.util.Collections.unmodifiableMap(declared);
        this.stages = Map.copyOf(stages);
    }

    /// {@return a loop with one progress}
    ///
    /// @param stages what it counts
    public static ProgressLoop of(Set<Stage> stages) {
        return new ProgressLoop(Map.of(ONLY, stages));
    }

    /// {@return the progresses by name}
    public Map<String, Progress> parts() {
        return parts;
    }

    /// {@return what each counts}
    public Map<String, Set<Stage>> stages() {
        return stages;
    }

    /// {@return the one progress}
    public Progress only() {
        return parts.values().iterator().next();
    }

    /// Does what a restart does: takes over the saved state.
    public void restart() {
        var saved = stateDict();
        parts.values().forEach(Progress::reset);
        loadStateDict(saved);
    }

    @Override
    protected boolean done(Integer input) {
        return true;
    }

    @Override
    protected void advance(Integer input) {}
}
