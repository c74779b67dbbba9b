package conformance.kit;

import conformance.check.Answers;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.json.Json.Whole;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import loops.api.Loop;
import loops.api.LoopState;
import loops.api.Slot;

/// The state of a trainer's loops in the form of the original: flat, with dotted paths.
///
/// | the original | here |
/// |---|---|
/// | a progress of a loop | the progress of the same name |
/// | `state_dict` of a loop | nothing, but that of the epoch loop holds how many batches stepped |
/// | `epoch_loop.scheduler_progress` | the sum of two: the fit loop moves the schedulers of epochs that look at a metric |
///
/// Ours remember more, so that a run goes on exactly: where the run stands, an open accumulation window, results. The
/// original has nothing to compare that with.
public final class TrainerState {
    private static final String STEPPED = "batches_that_stepped";
    private static final String SCHEDULERS = "scheduler_progress";

    private TrainerState() {}

    /// {@return what the loops below a fit loop hold, while they run and after an exception too}
    ///
    /// @param fit the fit loop
    public static Fields ofFit(Loop<?, ?> fit) {
        return ofFit(fit, fit.values());
    }

    /// {@return the state of a fit loop}
    ///
    /// @param fit says which parts of the state are children
    /// @param state a state of such a loop
    public static Fields ofFit(Loop<?, ?> fit, LoopState.Fields state) {
        var flat = of(fit, state);
        return flat.without(SCHEDULERS)
                .changed(
                        "epoch_loop." + SCHEDULERS,
                        moves -> sum(moves, flat.get(SCHEDULERS).orElse(Fields.EMPTY)));
    }

    /// {@return what a loop and all below it hold}
    ///
    /// @param loop the loop
    public static Fields of(Loop<?, ?> loop) {
        return of(loop, loop.values());
    }

    private static Fields of(Loop<?, ?> loop, LoopState.Fields state) {
        SequencedMap<String, Json> flat = new LinkedHashMap<>();
        flatten("", loop, state, flat);
        return new Fields(flat);
    }

    private static void flatten(
            String prefix,
            Loop<?, ?> loop,
            LoopState.Fields state,
            SequencedMap<String, Json> flat) {
        flat.put(
                prefix + "state_dict",
                state.has(STEPPED)
                        ? Fields.EMPTY.with("_" + STEPPED, state.num(STEPPED))
                        : Fields.EMPTY);
        var below = new LinkedHashMap<String, Loop<?, ?>>();
        for (Slot<?, ?> slot : loop.slots()) {
            below.put(slot.name(), slot.get());
        }
        state.entries()
                .forEach((name, value) -> {
                    var child = below.get(name);
                    if (child != null) {
                        flatten(prefix + name + ".", child, state.fields(name), flat);
                    } else if (counts(value)) {
                        flat.put(prefix + name, StateDict.json(value));
                    }
                });
    }

    /// {@return whether a value is a progress, or holds some}
    private static boolean counts(LoopState value) {
        if (!(value instanceof LoopState.Fields fields)) {
            return false;
        }
        boolean itself = fields.has("total") && fields.has("current");
        return itself || fields.entries().values().stream().anyMatch(TrainerState::counts);
    }

    private static Json sum(Json a, Json b) {
        if (a instanceof Whole(long first) && b instanceof Whole(long second)) {
            return new Whole(first + second);
        }
        if (a instanceof Fields fields && b instanceof Fields(var others)) {
            var sum = fields;
            for (var other : others.entrySet()) {
                sum = sum.changed(other.getKey(), value -> sum(value, other.getValue()));
            }
            return sum;
        }
        return a;
    }

    /// {@return a state as a restart takes it up: of what is current, only what was completed counts}
    ///
    /// The original does that in the `reset` of each loop, as its state is taken anywhere in a step. Ours is taken between
    /// two steps and stays as it is; the run goes on with the item after the last completed one, see
    /// [loops.api.Counts#restarted].
    ///
    /// @param state a state, or a part of one
    public static Fields restarted(Fields state) {
        var restarted = state;
        for (var entry : state.entries().entrySet()) {
            if (entry.getValue() instanceof Fields below) {
                restarted =
                        restarted.with(
                                entry.getKey(),
                                entry.getKey().equals("current")
                                        ? allCompleted(below)
                                        : restarted(below));
            }
        }
        return restarted;
    }

    private static Fields allCompleted(Fields counts) {
        var completed = counts.get("completed").orElseThrow();
        var all = Fields.EMPTY;
        for (String stage : counts.entries().keySet()) {
            all = all.with(stage, completed);
        }
        return all;
    }

    /// {@return answers to questions after any part of a state: `epoch_progress.total`, `epoch_progress.total.started`}
    ///
    /// @param state the state
    /// @param prefixes what the questions leave out of the paths, each in turn
    public static Answers answers(Fields state, String... prefixes) {
        var answers = new Answers();
        parts("", state)
                .forEach((path, value) -> {
                    for (String prefix : prefixes) {
                        if (path.startsWith(prefix)) {
                            answers.to(path.substring(prefix.length()), () -> value);
                        }
                    }
                });
        return answers;
    }

    /// {@return all parts by their paths} Of a part with parts of its own a question may name some.
    private static SequencedMap<String, Object> parts(String path, Fields state) {
        SequencedMap<String, Object> parts = new LinkedHashMap<>();
        state.entries()
                .forEach((name, value) -> {
                    if (value instanceof Fields below) {
                        var some = new Answers();
                        parts("", below).forEach((part, each) -> some.to(part, () -> each));
                        parts.put(path + name, some);
                        parts.putAll(parts(path + name + ".", below));
                    } else {
                        parts.put(path + name, value);
                    }
                });
        return parts;
    }
}
