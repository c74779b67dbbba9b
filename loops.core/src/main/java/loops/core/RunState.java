package loops.core;

import java.util.LinkedHashMap;
import java.util.Set;
import loops.api.LoopState.Fields;
import loops.api.LoopState.Num;
import loops.core.training.FitRun;
import loops.core.training.TensorState;
import loops.core.training.TrainingModule;

/// The state of a whole fit: its loops and all that is alive in it.
final class RunState {
    private static final String LOOPS = "loops";
    private static final String SCOPE = "scope";
    private static final String DATA = "data";
    private static final String CALLBACKS = "callbacks";
    private static final String LOGGERS = "loggers";

    private RunState() {}

    /// Gives a module the values that it had in a saved run.
    static void loadModule(Fields state, TrainingModule module) {
        module.loadStateDict(TensorState.tensors(state.fields(SCOPE).fields("module")));
    }

    /// {@return the epoch that a saved run was in, or had just ended; 0 if its loops count none}
    static int epoch(Fields state) {
        for (var leaf : state.fields(LOOPS).leaves().entrySet()) {
            if (leaf.getKey().endsWith("epoch_progress.current.ready")
                    && leaf.getValue() instanceof Num(long ready)) {
                return Math.toIntExact(Math.max(0, ready - 1));
            }
        }
        return 0;
    }

    static Fields of(Fields fitLoop, FitRun run) {
        return Fields.empty()
                .with(LOOPS, Fields.of("fit_loop", fitLoop))
                .with(SCOPE, run.scope().stateDict())
                .with(DATA, run.data().stateDict())
                .with(CALLBACKS, run.hooks().stateDict())
                .with(LOGGERS, run.hooks().loggers().stateDict());
    }

    /// The loops come first: they refuse the state of another tree before anything has changed.
    ///
    /// @param leftOut the names of the callbacks' states that are dropped
    static void restore(Fields state, Set<String> leftOut, FitRun run, TrainerSlots slots) {
        var callbacks = without(state.fields(CALLBACKS), leftOut);
        slots.fit().get().loadStateDict(state.fields(LOOPS).fields("fit_loop"));
        run.scope().loadStateDict(state.fields(SCOPE));
        run.data().loadStateDict(state.fields(DATA));
        run.hooks().loadStateDict(callbacks);
        run.hooks().loggers().loadStateDict(state.fields(LOGGERS));
    }

    private static Fields without(Fields saved, Set<String> leftOut) {
        var kept = new LinkedHashMap<>(saved.entries());
        for (String key : leftOut) {
            if (kept.remove(key) == null) {
                throw new IllegalArgumentException(
                        "Resume.without: no state of '%s' was saved, only of %s; name one of these"
                                .formatted(key, saved.entries().keySet()));
            }
        }
        return new Fields(kept);
    }
}
