package loops.api;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import loops.api.LoopState.Fields;
import loops.api.LoopState.Items;
import org.jspecify.annotations.Nullable;

/// Takes one loop through the phases of a run, and keeps what is needed to go on from the middle of one.
///
/// ```text
/// IDLE → skip? → reset → RUN_START → NEXT ─ done? no → ADVANCE_START → ADVANCE → ADVANCE_END → NEXT …
///                                      └─── done? yes → RUN_END → ENDED → IDLE
/// ```
///
/// The phase and the [CallLog] of its method are the *frame*. A safe point is the entry of NEXT. A run that goes on
/// from a loaded frame calls the open phase's method again, and the log answers for the calls made before.
final class PhaseMachine<I, O extends @Nullable Object> {
    private static final String DONE = "done";
    private static final String SKIP = "skip";

    private final Loop<I, O> loop;

    // The frame.
    private Phase phase = Phase.IDLE;
    private CallLog log = new CallLog();
    private @Nullable Fields loadedKey;
    private @Nullable LoopState endedOutput;

    /// A frame was loaded, and the next run is to go on from it.
    private boolean loaded;

    private boolean restarting;
    private boolean broken;

    // What lasts as long as a run.
    private @Nullable RunContext context;
    private @Nullable I input;

    // What lasts as long as a phase.
    private long phaseSerial;
    private boolean inOnce;
    private @Nullable String unsafeChange;

    /// What is being called that belongs to no open phase: no child may run in it.
    private @Nullable String apart;

    PhaseMachine(Loop<I, O> loop) {
        this.loop = loop;
    }

    // ---- running

    O runAsRoot(I input, SafePoints watcher) {
        var run = new RunContext(loop, watcher);
        O output = enter(input, run);
        if (phase == Phase.ENDED) {
            try {
                announceEnd(input, output, run);
            } catch (Throwable thrown) {
                fail(thrown);
                throw thrown;
            } finally {
                phase = Phase.IDLE;
                endedOutput = null;
                end();
            }
        }
        return output;
    }

    O runBelow(I input, RunContext run) {
        O output = enter(input, run);
        phase = Phase.IDLE;
        return output;
    }

    /// Goes through the phases. Leaves `phase` at ENDED, or at IDLE if nothing was run.
    private O enter(I input, RunContext run) {
        if (running()) {
            throw new IllegalStateException(
                    loop.where() + ": is running already; a loop runs once at a time");
        }
        boolean resumed = loaded;
        if (resumed) {
            requireSameInput(
                    input); // before anything changes, so the right input can still be given
        }
        boolean atomic = loop.atomic();
        begin(input, run);
        if (atomic) {
            run.enterAtomic();
        }
        try {
            O output = resumed ? resume(input, run) : start(input, run);
            loop.endRun(null);
            return output;
        } catch (Throwable thrown) {
            fail(thrown);
            loop.endRun(thrown);
            throw thrown;
        } finally {
            if (atomic) {
                run.leaveAtomic();
            }
            end();
        }
    }

    private O start(I input, RunContext run) {
        phase = Phase.IDLE;
        log.clear();
        if (isSkipped(input)) {
            apart = "onSkip";
            return loop.onSkip(input);
        }
        apart = "reset";
        loop.reset(input);
        moveTo(Phase.RUN_START);
        return steps(input, run, false);
    }

    private void requireSameInput(I input) {
        var now = loop.inputKey(input);
        if (loadedKey != null && !loadedKey.equals(now)) {
            throw new IllegalStateException(
                    "%s: goes on with the input %s, was saved with %s; give the resumed run the same input"
                            .formatted(loop.where(), now, loadedKey));
        }
    }

    private O resume(I input, RunContext run) {
        if (phase == Phase.ENDED) {
            if (isDone(input)) {
                phase = Phase.IDLE;
                return storedOutput();
            }
            phase = Phase.NEXT; // a limit was raised since
            endedOutput = null;
        }
        apart = "onResume";
        loop.onResume(input);
        apart = null;
        return steps(input, run, phase == Phase.NEXT);
    }

    private O steps(I input, RunContext run, boolean atLoadedSafePoint) {
        boolean announced = atLoadedSafePoint;
        while (true) {
            switch (phase) {
                case RUN_START -> {
                    loop.onRunStart(input);
                    moveTo(Phase.NEXT);
                }
                case NEXT -> {
                    if (!announced) {
                        apart = "a safe point";
                        run.safePoint(loop);
                    }
                    announced = false;
                    moveTo(isDone(input) ? Phase.RUN_END : Phase.ADVANCE_START);
                }
                case ADVANCE_START -> {
                    loop.onAdvanceStart(input);
                    moveTo(Phase.ADVANCE);
                }
                case ADVANCE -> {
                    loop.advance(input);
                    moveTo(Phase.ADVANCE_END);
                }
                case ADVANCE_END -> {
                    loop.onAdvanceEnd(input);
                    moveTo(Phase.NEXT);
                    restarting = false;
                }
                case RUN_END -> {
                    O output = loop.onRunEnd(input);
                    moveTo(Phase.ENDED);
                    return output;
                }
                case IDLE, ENDED ->
                        throw new IllegalStateException(loop.where() + ": no step in " + phase);
            }
        }
    }

    private void begin(I input, RunContext run) {
        context = run;
        this.input = input;
        restarting = loaded;
        loaded = false;
        broken = false;
        inOnce = false;
        unsafeChange = null;
        phaseSerial++;
    }

    private void end() {
        context = null;
        input = null;
        apart = null;
        loadedKey = null;
        restarting = false;
    }

    /// The run has thrown. What the loops below were to go on with has lost its outer run.
    private void fail(Throwable thrown) {
        LoopTrace.mark(thrown, loop.where(), method());
        broken = true;
        phase = Phase.IDLE;
        loop.abandonBelow();
    }

    private void moveTo(Phase next) {
        if (log.replaying()) {
            throw new IllegalStateException(
                    "%s: the saved run had called %s in %s, this one only %s; what is decided before a child must not change with it"
                            .formatted(loop.where(), log.calls(), phase.method, log.callsSoFar()));
        }
        log.clear();
        phaseSerial++;
        unsafeChange = null;
        apart = null;
        phase = next;
    }

    private boolean isDone(I input) {
        apart = DONE;
        boolean answer = loop.done(input);
        apart = null;
        return answer;
    }

    private boolean isSkipped(I input) {
        apart = SKIP;
        boolean answer = loop.skip(input);
        apart = null;
        return answer;
    }

    /// The last safe point: the root has ended, and its output is part of the state.
    private void announceEnd(I input, O output, RunContext run) {
        var codec = loop.outputCodec();
        if (output != null && codec.isEmpty()) {
            return; // the state before the last onRunEnd stands
        }
        endedOutput =
                new Items(output == null ? List.of() : List.of(codec.orElseThrow().encode(output)));
        begin(input, run);
        apart = "a safe point";
        run.safePoint(loop);
    }

    @SuppressWarnings("NullAway") // an empty list stands for the null that announceEnd was given
    private O storedOutput() {
        var stored = endedOutput;
        endedOutput = null;
        if (!(stored instanceof Items(List<LoopState> values)) || values.isEmpty()) {
            return null;
        }
        return loop.outputCodec()
                .orElseThrow(() ->
                        new IllegalStateException(
                                loop.where()
                                        + ": the saved output cannot be read; the loop has no outputCodec()"))
                .decode(values.getFirst());
    }

    // ---- calls of the open phase

    /// Runs a child, unless its output is in the log.
    @SuppressWarnings({"unchecked", "NullAway"}) // stored under this name by this very call
    <J, P extends @Nullable Object> P callChild(Slot<J, P> slot, J childInput, RunContext run) {
        var child = slot.get();
        if (inOnce) {
            run.enterAtomic();
            try {
                return child.machine().runBelow(childInput, run);
            } finally {
                run.leaveAtomic();
            }
        }
        if (isStored(slot.name(), "running '" + slot.name() + "'")) {
            return (P) log.replay(child.outputCodec());
        }
        if (!run.atomic()) {
            requireRepeatable(slot.name());
        }
        return logged(
                slot.name(), child.outputCodec(), () -> child.machine().runBelow(childInput, run));
    }

    /// A run that is cut inside the child calls the open phase again: can what came before be repeated?
    private void requireRepeatable(String child) {
        if (unsafeChange != null) {
            throw new IllegalStateException(
                    "%s: %s before child '%s' in %s, so a resumed run could not repeat it; do it in once(...), in onAdvanceStart, or after the last child"
                            .formatted(loop.where(), unsafeChange, child, phase.method));
        }
        var failed = log.firstFailed();
        if (failed != null) {
            throw new IllegalStateException(
                    "%s: child '%s' in %s after '%s', which ended with an exception, so a resumed run could not repeat it; go on in the next step, or run both in once(...)"
                            .formatted(loop.where(), child, phase.method, failed));
        }
        var unsaveable = log.firstUnsaveable();
        if (unsaveable != null) {
            throw new IllegalStateException(
                    "%s: child '%s' in %s after '%s', whose output cannot be saved; give that loop an outputCodec()"
                            .formatted(loop.where(), child, phase.method, unsaveable));
        }
    }

    /// Does something once, unless its value is in the log.
    @SuppressWarnings({"unchecked", "NullAway"}) // stored under this name by this very call
    <T extends @Nullable Object> T once(String name, Optional<Codec<T>> codec, Supplier<T> body) {
        if (inOnce) {
            throw new IllegalStateException(
                    "%s: once(\"%s\") inside another once; move it out"
                            .formatted(loop.where(), name));
        }
        if (isStored(name, "once(\"" + name + "\")")) {
            return (T) log.replay(codec);
        }
        inOnce = true;
        try {
            return logged(name, codec, body);
        } finally {
            inOnce = false;
        }
    }

    private <T extends @Nullable Object> T logged(
            String name, Optional<Codec<T>> codec, Supplier<T> body) {
        log.open(name);
        boolean ended = false;
        try {
            T value = body.get();
            log.close(value, codec);
            ended = true;
            return value;
        } finally {
            if (!ended) {
                log.fail();
            }
        }
    }

    /// {@return whether the call `name`, about to be made, is one whose output is stored}
    private boolean isStored(String name, String what) {
        if (!inOpenPhase()) {
            throw new IllegalStateException(
                    "%s: %s in %s; only onRunStart, onAdvanceStart, advance, onAdvanceEnd and onRunEnd may"
                            .formatted(loop.where(), what, method()));
        }
        if (log.replaying()) {
            if (!log.expectedName().equals(name)) {
                throw new IllegalStateException(
                        "%s: the saved run had called '%s' here in %s, this one calls '%s'; what is decided before a child must not change with it"
                                .formatted(loop.where(), log.expectedName(), phase.method, name));
            }
            return !log.atOpenCall();
        }
        return false;
    }

    private String method() {
        if (apart != null) {
            return apart;
        }
        return context == null ? "no run" : phase.method;
    }

    // ---- what the parts ask

    boolean running() {
        return context != null;
    }

    @Nullable RunContext context() {
        return context;
    }

    Phase phase() {
        return phase;
    }

    boolean restarting() {
        return restarting;
    }

    boolean interrupted() {
        return loaded;
    }

    private boolean inOpenPhase() {
        return context != null && apart == null && phase.opensCalls();
    }

    /// {@return the number of the open phase, or -1 where reads and changes are free}
    long watchedPhase() {
        return inOpenPhase() ? phaseSerial : -1;
    }

    boolean inOnce() {
        return inOnce;
    }

    void refuseChangeIfPure(String part) {
        if (DONE.equals(apart) || SKIP.equals(apart)) {
            throw new IllegalStateException(
                    "%s: '%s' changed in %s, which is only a question; change it in a hook"
                            .formatted(loop.where(), part, apart));
        }
    }

    void noteUnsafeChange(String change) {
        if (unsafeChange == null) {
            unsafeChange = change;
        }
    }

    // ---- the frame as a state

    void requireSaveable() {
        if (context != null && !context.atSafePoint()) {
            throw new IllegalStateException(
                    "stateDict: '%s' is in the middle of %s; take the state at a safe point, see run(input, safePoints)"
                            .formatted(loop.where(), phase.method));
        }
        if (broken) {
            throw new IllegalStateException(
                    "stateDict: the last run of '%s' ended with an exception; use the state of the last safe point"
                            .formatted(loop.where()));
        }
    }

    void save(StateTree tree) {
        if (phase == Phase.IDLE) {
            return;
        }
        var key = input == null ? loadedKey : loop.inputKey(input);
        var frame =
                Fields.of("phase", new LoopState.Text(phase.method))
                        .with("input", key == null ? Fields.empty() : key);
        tree.put(
                Parts.RUN,
                endedOutput != null
                        ? frame.with("output", endedOutput)
                        : frame.with("log", log.state()));
    }

    void stage(@Nullable Fields frame, Staging staging) {
        var at = frame == null ? Phase.IDLE : Phase.of(frame.text("phase"));
        var key = frame == null ? null : frame.fields("input");
        var output = at == Phase.ENDED && frame != null ? frame.get("output") : null;
        var calls =
                frame == null || at == Phase.ENDED
                        ? new CallLog()
                        : CallLog.of(frame.fields("log"));
        staging.onCommit(() -> {
            phase = at;
            log = calls;
            loadedKey = key;
            endedOutput = output;
            loaded = at != Phase.IDLE;
            restarting = loaded;
            broken = false;
        });
    }

    /// Goes on where the machine of a replaced loop was interrupted.
    void takeOver(PhaseMachine<?, ?> old) {
        phase = old.phase;
        log = old.log;
        loadedKey = old.loadedKey;
        endedOutput = old.endedOutput;
        loaded = old.loaded;
        restarting = old.restarting;
        old.abandon();
    }

    /// Forgets a loaded frame.
    void abandon() {
        if (loaded) {
            phase = Phase.IDLE;
            log = new CallLog();
            loadedKey = null;
            endedOutput = null;
            loaded = false;
            restarting = false;
        }
    }
}
