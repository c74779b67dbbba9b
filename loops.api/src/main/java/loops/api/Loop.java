package loops.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import loops.api.LoopState.Fields;
import org.jspecify.annotations.Nullable;

/// One level of a training procedure: repeats [#advance] until [#done], with hooks around it.
///
/// A loop is to the procedure what a module is to the model: the unit that you swap, nest and save.
/// The order of calls is fixed; a subclass fills in the steps.
///
/// ```text
/// reset
/// onRunStart
/// while not done:  onAdvanceStart, advance, onAdvanceEnd
/// onRunEnd
/// ```
///
/// If [#skip] holds at the start, [#onSkip] gives the output and no other method is called. If a step
/// throws, the exception leaves `run` unchanged but for a [LoopTrace], `onRunEnd` is not called, and the progress
/// counters tell how far the loop came.
///
/// **Input.** A loop gets all it works with from its input `I` and holds no reference upwards.
///
/// **State.** What a loop must remember between two steps is declared: children by [#slot], counters by [#progress],
/// values by [#cell], live objects by [#held]. Every other field is final. The declared names are the keys of the
/// state dict.
///
/// **Resume.** A state is taken only at a *safe point*: before `done` of some loop of the tree. A tree that was
/// loaded from it and run on does what the undisturbed run would have done. To get there, each outer loop calls the
/// method again that was open when the state was taken; children that had ended then give their stored output, and
/// the open child resumes itself. So what happens before the last child of one method must either be a pure function
/// of the input, the parts and earlier outputs, or stand in [#once].
///
/// **Threads.** A loop belongs to the thread that runs it. It may be run again, but not while it runs:
/// that throws [IllegalStateException].
///
/// @param <I> what the loop works on, the same for every step of one run
/// @param <O> what one run returns; `Void` for nothing
public abstract class Loop<I, O extends @Nullable Object> {
    private final Map<String, Part> parts = new LinkedHashMap<>();

    /// Where this loop stands; set by [Slot] alone.
    @Nullable Slot<?, ?> place;

    // The frame: where the run stands. Saved under "run" while there is one.
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
    private long phaseSerial;
    private boolean inOnce;
    private boolean pure;
    private @Nullable String unsafeChange;

    /// A loop without parts; subclasses declare theirs in field initialisers.
    protected Loop() {}

    // ---- what an author fills in
    // ------------------------------------------------------------------------------

    /// {@return whether no further step is to be made} Asked before every step, so at least once a run.
    /// Pure: it changes nothing and runs no child.
    ///
    /// @param input what the loop works on
    protected abstract boolean done(I input);

    /// Makes one step of this level.
    ///
    /// @param input what the loop works on
    protected abstract void advance(I input);

    /// {@return whether this run is to be left out altogether} Pure, as [#done]. Default: no.
    ///
    /// @param input what the loop works on
    protected boolean skip(I input) {
        return false;
    }

    /// {@return the output of a run that is left out} The default `null` suits a `Loop<I, Void>` only.
    ///
    /// @param input what the loop works on
    @SuppressWarnings("NullAway") // as in onRunEnd
    protected O onSkip(I input) {
        return null;
    }

    /// Prepares the parts for a new run, for instance the current counts of a progress. No child may run here.
    /// Not called when a run is resumed.
    ///
    /// @param input what the loop works on
    protected void reset(I input) {}

    /// Called once before the first step.
    ///
    /// @param input what the loop works on
    protected void onRunStart(I input) {}

    /// Called before each step.
    ///
    /// @param input what the loop works on
    protected void onAdvanceStart(I input) {}

    /// Called after each step.
    ///
    /// @param input what the loop works on
    protected void onAdvanceEnd(I input) {}

    /// Called after the last step.
    ///
    /// @param input what the loop works on
    /// @return the output of the run; the default `null` suits a `Loop<I, Void>` only
    @SuppressWarnings(
            "NullAway") // null is the one value of Void; a loop with another output overrides this
    protected O onRunEnd(I input) {
        return null;
    }

    /// Called instead of `reset` and `onRunStart` when a loaded run goes on, outermost loop first.
    /// Build again here what the run needs and the state does not hold; draw no random numbers.
    ///
    /// @param input what the loop works on
    protected void onResume(I input) {}

    /// {@return whether a run of this loop cannot be cut} Safe points inside it wait until it has ended. Default: no.
    protected boolean atomic() {
        return false;
    }

    /// {@return how an output is saved} Needed where another child follows this one in the same method of the outer
    /// loop, and to save a root that has ended. Default: not at all; an output of `null` needs none.
    protected Optional<Codec<O>> outputCodec() {
        return Optional.empty();
    }

    /// {@return what of the input must be the same when a saved run goes on} For instance the index of the batch:
    /// saved with the run and compared on resume. Default: nothing.
    ///
    /// @param input what the loop works on
    protected Fields inputKey(I input) {
        return Fields.empty();
    }

    /// {@return the version of this loop's own state} Raise it when the meaning of a part changes, and override
    /// [#migrate]. Default: 1.
    protected int stateVersion() {
        return 1;
    }

    /// {@return a state of an earlier version as this version would have written it}
    ///
    /// @param version the version that wrote the state
    /// @param state what that version wrote
    /// @throws IllegalArgumentException by default: the version cannot be read
    protected Fields migrate(int version, Fields state) {
        throw new IllegalArgumentException(
                "loadStateDict: '"
                        + path()
                        + "' was saved with version "
                        + version
                        + " of its state and has version "
                        + stateVersion()
                        + " now; override migrate to read it");
    }

    // ---- declarations
    // -----------------------------------------------------------------------------------------

    /// {@return a place for a child, with the loop that stands there at first}
    ///
    /// @param name the child's key in the state dict
    /// @param <J> what the child works on
    /// @param <P> what the child returns
    /// @param loop the loop that stands there at first
    protected final <J, P extends @Nullable Object> Slot<J, P> slot(String name, Loop<J, P> loop) {
        return declare(new Slot<>(this, name, loop));
    }

    /// {@return a progress that counts all four stages}
    ///
    /// @param name the key in the state dict; a dot makes a nested key
    protected final Progress progress(String name) {
        return progress(name, Progress.ALL);
    }

    /// {@return a progress that counts some of the stages}
    ///
    /// @param name its key in the state dict; a dot makes a nested key
    /// @param stages those that are counted
    protected final Progress progress(String name, Set<Stage> stages) {
        return declare(new Progress(this, name, stages));
    }

    /// {@return a value that is saved with this loop}
    ///
    /// @param name its key in the state dict; a dot makes a nested key
    /// @param <T> the type of the value
    /// @param codec how the value is saved
    /// @param initial the value at first
    protected final <T> Cell<T> cell(String name, Codec<T> codec, T initial) {
        return declare(new Cell<>(this, name, codec, initial));
    }

    /// {@return a whole number that is saved with this loop}
    ///
    /// @param name the key in the state dict; a dot makes a nested key
    /// @param initial the value at first
    protected final Cell<Integer> cell(String name, int initial) {
        return cell(name, Codec.INTEGER, initial);
    }

    /// {@return a long whole number that is saved with this loop}
    ///
    /// @param name the key in the state dict; a dot makes a nested key
    /// @param initial the value at first
    protected final Cell<Long> cell(String name, long initial) {
        return cell(name, Codec.LONG, initial);
    }

    /// {@return a real number that is saved with this loop}
    ///
    /// @param name the key in the state dict; a dot makes a nested key
    /// @param initial the value at first
    protected final Cell<Double> cell(String name, double initial) {
        return cell(name, Codec.DOUBLE, initial);
    }

    /// {@return a truth value that is saved with this loop}
    ///
    /// @param name the key in the state dict; a dot makes a nested key
    /// @param initial the value at first
    protected final Cell<Boolean> cell(String name, boolean initial) {
        return cell(name, Codec.FLAG, initial);
    }

    /// {@return a text that is saved with this loop}
    ///
    /// @param name the key in the state dict; a dot makes a nested key
    /// @param initial the value at first
    protected final Cell<String> cell(String name, String initial) {
        return cell(name, Codec.TEXT, initial);
    }

    /// {@return a place for a live object that is saved with this loop}
    ///
    /// @param <T> the type of the value
    /// @param name the key in the state dict; a dot makes a nested key
    protected final <T extends Stateful> Held<T> held(String name) {
        return declare(new Held<>(this, name));
    }

    private <P extends Part> P declare(P part) {
        for (String key : part.keys()) {
            if (key.equals("run") || key.equals("version") || key.isBlank()) {
                throw new IllegalArgumentException(
                        getClass().getSimpleName()
                                + ": a part cannot be called '"
                                + key
                                + "'; take another name");
            }
            for (Part other : parts.values()) {
                for (String taken : other.keys()) {
                    if (key.equals(taken)
                            || key.startsWith(taken + ".")
                            || taken.startsWith(key + ".")) {
                        throw new IllegalArgumentException(
                                getClass().getSimpleName()
                                        + ": '"
                                        + key
                                        + "' is declared beside '"
                                        + taken
                                        + "'; each key needs a name of its own");
                    }
                }
            }
        }
        parts.put(part.name, part);
        return part;
    }

    // ---- one-time effects
    // -------------------------------------------------------------------------------------

    /// Does something once, even if the open method is called again after a resume.
    ///
    /// @param name tells this effect from the others of the same method
    /// @param body what to do, or how to compute the value
    /// @throws IllegalStateException outside the methods that may run children, or inside another `once`
    protected final void once(String name, Runnable body) {
        this.<@Nullable Object>logged(
                name,
                Optional.empty(),
                () -> {
                    body.run();
                    return null;
                });
    }

    /// {@return a value that is computed once} After a resume it is the stored one.
    ///
    /// @param name tells this value from the others of the same method
    /// @param codec how the value is saved
    /// @param <T> the type of the value
    /// @param body what to do, or how to compute the value
    /// @throws IllegalStateException outside the methods that may run children, or inside another `once`
    protected final <T> T once(String name, Codec<T> codec, Supplier<T> body) {
        return this.<T>logged(name, Optional.of(codec), body);
    }

    @SuppressWarnings({
        "unchecked",
        "NullAway"
    }) // the log gives back what was stored under the same name
    private <T extends @Nullable Object> T logged(
            String name, Optional<Codec<T>> codec, Supplier<T> body) {
        if (inOnce) {
            throw new IllegalStateException(
                    where() + ": once(\"" + name + "\") inside another once; move it out");
        }
        if (storedCall(name, "once(\"" + name + "\")")) {
            return (T) log.replay(codec);
        }
        log.open(name);
        inOnce = true;
        boolean ended = false;
        try {
            T value = body.get();
            log.close(value, codec);
            ended = true;
            return value;
        } finally {
            inOnce = false;
            if (!ended) {
                log.fail();
            }
        }
    }

    // ---- running
    // ----------------------------------------------------------------------------------------------

    /// Runs this loop: from its start, or on from where a loaded state was taken.
    ///
    /// @param input what the loop works on
    /// @return the output of the run
    /// @throws IllegalStateException if it is running already, or if a loop further up is running: then only the
    ///     loop that owns the slot may run it
    @SuppressWarnings("unchecked") // this loop stands in the slot, so the slot is of its types
    public final O run(I input) {
        var at = place;
        var owner = at == null ? null : at.owner();
        return at != null && owner != null && owner.running()
                ? ((Slot<I, O>) at).run(input)
                : run(input, SafePoints.NONE);
    }

    /// Runs this loop as the root of its tree, telling `watcher` of every safe point.
    ///
    /// @param input what the loop works on
    /// @param watcher told of every safe point
    /// @return the output of the run
    /// @throws IllegalStateException if it is running already, or if a loop further up is running
    public final O run(I input, SafePoints watcher) {
        requireNoRunningOuterLoop();
        var run = new RunContext(this, watcher);
        O output = enter(input, run);
        if (phase == Phase.ENDED) {
            announceEnd(input, output, run);
            phase = Phase.IDLE;
        }
        return output;
    }

    /// Runs a child for this loop, unless the call was made before the state was taken that this run goes on from.
    @SuppressWarnings({
        "unchecked",
        "NullAway"
    }) // the log gives back what was stored under the same name
    final <J, P extends @Nullable Object> P callChild(Slot<J, P> slot, J childInput) {
        var child = slot.get();
        var run = context;
        if (inOnce && run != null) {
            run.enterAtomic();
            try {
                return child.runBelow(childInput, run);
            } finally {
                run.leaveAtomic();
            }
        }
        if (storedCall(slot.name(), "running '" + slot.name() + "'")) {
            return (P) log.replay(child.outputCodec());
        }
        if (unsafeChange != null) {
            throw new IllegalStateException(
                    where()
                            + ": "
                            + unsafeChange
                            + " before child '"
                            + slot.name()
                            + "' in "
                            + phase.method
                            + ", so a resumed run could not repeat it; do it in once(...), in onAdvanceStart, "
                            + "or after the last child");
        }
        log.open(slot.name());
        boolean ended = false;
        try {
            P output = child.runBelow(childInput, run);
            log.close(output, child.outputCodec());
            ended = true;
            return output;
        } finally {
            if (!ended) {
                log.fail();
            }
        }
    }

    private O runBelow(I input, RunContext run) {
        O output = enter(input, run);
        phase = Phase.IDLE;
        return output;
    }

    /// Goes through the phases. Leaves `phase` at ENDED, or at IDLE if the run was skipped or had ended before.
    private O enter(I input, RunContext run) {
        if (context != null) {
            throw new IllegalStateException(
                    where() + ": is running already; a loop runs once at a time");
        }
        boolean resumed = loaded;
        begin(input, run);
        try {
            if (atomic()) {
                run.enterAtomic();
            }
            if (!resumed) {
                phase = Phase.IDLE;
                log.clear();
                if (isSkipped(input)) {
                    return onSkip(input);
                }
                reset(input);
                moveTo(Phase.RUN_START);
            } else {
                requireSameInput(input);
                log.rewind();
                if (phase == Phase.ENDED) {
                    if (isDone(input)) {
                        phase = Phase.IDLE;
                        return storedOutput();
                    }
                    phase = Phase.NEXT;
                }
                onResume(input);
            }
            return steps(input, run, resumed && phase == Phase.NEXT);
        } catch (Throwable thrown) {
            LoopTrace.mark(thrown, where(), phase);
            broken = true;
            phase = Phase.IDLE;
            throw thrown;
        } finally {
            if (atomic()) {
                run.leaveAtomic();
            }
            end();
        }
    }

    private O steps(I input, RunContext run, boolean atLoadedSafePoint) {
        boolean announced = atLoadedSafePoint;
        while (true) {
            switch (phase) {
                case RUN_START -> {
                    onRunStart(input);
                    moveTo(Phase.NEXT);
                }
                case NEXT -> {
                    if (!announced) {
                        run.safePoint(this);
                    }
                    announced = false;
                    moveTo(isDone(input) ? Phase.RUN_END : Phase.ADVANCE_START);
                }
                case ADVANCE_START -> {
                    onAdvanceStart(input);
                    moveTo(Phase.ADVANCE);
                }
                case ADVANCE -> {
                    advance(input);
                    moveTo(Phase.ADVANCE_END);
                }
                case ADVANCE_END -> {
                    onAdvanceEnd(input);
                    moveTo(Phase.NEXT);
                    restarting = false;
                }
                case RUN_END -> {
                    O output = onRunEnd(input);
                    moveTo(Phase.ENDED);
                    return output;
                }
                case IDLE, ENDED ->
                        throw new IllegalStateException(where() + ": no step in phase " + phase);
            }
        }
    }

    private void begin(I input, RunContext run) {
        context = run;
        this.input = input;
        restarting = loaded;
        loaded = false;
        broken = false;
        pure = false;
        inOnce = false;
        unsafeChange = null;
        phaseSerial++;
    }

    private void end() {
        context = null;
        input = null;
        loadedKey = null;
        restarting = false;
    }

    private void moveTo(Phase next) {
        if (log.replaying()) {
            throw new IllegalStateException(
                    where()
                            + ": the saved run had called "
                            + log.calls()
                            + " in "
                            + phase.method
                            + ", this one only "
                            + log.callsSoFar()
                            + "; what is decided before a child must not change with it");
        }
        log.clear();
        phaseSerial++;
        unsafeChange = null;
        phase = next;
    }

    private boolean isDone(I input) {
        pure = true;
        boolean answer = done(input);
        pure = false;
        return answer;
    }

    private boolean isSkipped(I input) {
        pure = true;
        boolean answer = skip(input);
        pure = false;
        return answer;
    }

    /// {@return whether the call `name`, about to be made, is one whose output is stored}
    private boolean storedCall(String name, String what) {
        if (!inOpenPhase() || pure) {
            throw new IllegalStateException(
                    where()
                            + ": "
                            + what
                            + " in "
                            + (pure ? "done or skip" : "reset or onResume")
                            + "; only onRunStart, onAdvanceStart, advance, onAdvanceEnd and onRunEnd may");
        }
        if (!log.replaying()) {
            var unsaveable = log.firstUnsaveable();
            if (unsaveable != null) {
                throw new IllegalStateException(
                        where()
                                + ": "
                                + what
                                + " after '"
                                + unsaveable
                                + "' in "
                                + phase.method
                                + ", but the output of '"
                                + unsaveable
                                + "' cannot be saved; give its loop an outputCodec(), or "
                                + "its once(...) a codec");
            }
            return false;
        }
        if (!log.expectedName().equals(name)) {
            throw new IllegalStateException(
                    where()
                            + ": the saved run had called '"
                            + log.expectedName()
                            + "' here in "
                            + phase.method
                            + ", this one calls '"
                            + name
                            + "'; what is decided before a child must not change "
                            + "with it");
        }
        return !log.atOpenCall();
    }

    private void requireNoRunningOuterLoop() {
        for (var at = place; at != null; ) {
            var owner = at.owner();
            if (owner != null && owner.running()) {
                throw new IllegalStateException(
                        where()
                                + ": run from outside while '"
                                + owner.path()
                                + "' is running; only the owner of its slot may run it");
            }
            at = owner == null ? null : owner.place;
        }
    }

    private void requireSameInput(I input) {
        var now = inputKey(input);
        if (loadedKey != null && !loadedKey.equals(now)) {
            throw new IllegalStateException(
                    where()
                            + ": goes on with the input "
                            + now
                            + ", was saved with "
                            + loadedKey
                            + "; give the resumed run the same input");
        }
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // written by announceEnd
    private O storedOutput() {
        var stored = endedOutput;
        endedOutput = null;
        if (!(stored instanceof LoopState.Items(List<LoopState> values)) || values.isEmpty()) {
            return null;
        }
        return outputCodec()
                .orElseThrow(() ->
                        new IllegalStateException(
                                where()
                                        + ": the saved output cannot be read; the loop has no outputCodec()"))
                .decode(values.getFirst());
    }

    /// The last safe point: the root has ended, and its output is part of the state.
    private void announceEnd(I input, O output, RunContext run) {
        if (output != null && outputCodec().isEmpty()) {
            return;
        }
        endedOutput =
                output == null
                        ? new LoopState.Items(List.of())
                        : new LoopState.Items(List.of(outputCodec().orElseThrow().encode(output)));
        begin(input, run);
        try {
            run.safePoint(this);
        } finally {
            endedOutput = null;
            end();
        }
    }

    // ---- what the parts ask
    // -----------------------------------------------------------------------------------

    final boolean running() {
        return context != null;
    }

    final Phase phase() {
        return phase;
    }

    final boolean inOpenPhase() {
        return context != null && phase.opensCalls();
    }

    final boolean inOnce() {
        return inOnce;
    }

    final long phaseSerial() {
        return phaseSerial;
    }

    final void refuseChangeInPureMethod(String part) {
        if (pure) {
            throw new IllegalStateException(
                    where() + ": '" + part + "' changed in done or skip; these must be pure");
        }
    }

    final void noteChange(String part, String what) {
        if (unsafeChange == null) {
            unsafeChange = "'" + part + "' " + what;
        }
    }

    // ---- state
    // ------------------------------------------------------------------------------------------------

    /// {@return the state of this loop and all below it}
    ///
    /// @throws IllegalStateException in the middle of a step, where a state could not be gone on from, and after a
    ///     run that ended with an exception: use the state of the last safe point
    public final Fields stateDict() {
        if (context != null && !context.atSafePoint()) {
            throw new IllegalStateException(
                    "stateDict: "
                            + where()
                            + " is in the middle of "
                            + phase.method
                            + "; take the state at a safe point, see run(input, safePoints)");
        }
        if (broken) {
            throw new IllegalStateException(
                    "stateDict: the last run of "
                            + where()
                            + " ended with an exception; use the state of the last safe point");
        }
        return save();
    }

    /// Takes over a state. If it was taken in the middle of a run, the next [#run] goes on from there.
    ///
    /// @param state what [#stateDict] of an equal object gave
    /// @throws IllegalArgumentException if keys are missing or unknown, with both lists, or a value is of another
    ///     kind; then nothing has changed
    /// @throws IllegalStateException while this loop is running
    public final void loadStateDict(Fields state) {
        if (context != null) {
            throw new IllegalStateException(
                    "loadStateDict: " + where() + " is running; load before the run");
        }
        var staging = new Staging();
        stage(state, staging);
        staging.commit(where());
    }

    final Fields save() {
        var tree = new StateTree();
        if (stateVersion() != 1) {
            tree.put("version", new LoopState.Num(stateVersion()));
        }
        if (phase != Phase.IDLE) {
            tree.put("run", frame());
        }
        for (Part part : parts.values()) {
            for (String key : part.keys()) {
                tree.put(key, part.save(key));
            }
        }
        return tree.fields();
    }

    private Fields frame() {
        var key = input == null ? loadedKey : inputKey(input);
        var frame =
                Fields.of("phase", new LoopState.Text(phase.method))
                        .with("input", key == null ? Fields.empty() : key);
        return phase == Phase.ENDED && endedOutput != null
                ? frame.with("output", endedOutput)
                : frame.with("log", log.state());
    }

    final void stage(Fields saved, Staging staging) {
        int version = saved.has("version") ? Math.toIntExact(saved.num("version")) : 1;
        var state = version == stateVersion() ? saved : migrate(version, saved);
        var known = new LinkedHashSet<String>(List.of("version", "run"));
        for (Part part : parts.values()) {
            for (String key : part.keys()) {
                known.add(key);
                var value = StateTree.find(state, key);
                if (value == null) {
                    staging.missing(pathOf(key));
                } else {
                    part.stage(key, value, staging);
                }
            }
        }
        StateTree.unknownKeys(state, known).forEach(key -> staging.unknown(pathOf(key)));
        stageFrame(state.has("run") ? state.fields("run") : null, staging);
    }

    private void stageFrame(@Nullable Fields frame, Staging staging) {
        var at = frame == null ? Phase.IDLE : Phase.of(frame.text("phase"));
        var calls =
                frame == null || !frame.has("log")
                        ? new CallLog()
                        : CallLog.of(frame.fields("log"));
        var key = frame == null ? null : frame.fields("input");
        var output = frame == null || !frame.has("output") ? null : frame.get("output");
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

    /// Takes over the parts and the frame of a loop that this one replaces.
    final void takeOver(Loop<?, ?> old, String path) {
        var lacking = new ArrayList<String>();
        var changes = new ArrayList<Runnable>();
        old.parts.forEach((name, part) -> {
            var mine = parts.get(name);
            if (mine != null) {
                changes.add(mine.takeOver(part));
            } else {
                lacking.add(name);
            }
        });
        if (old.loaded && !lacking.isEmpty()) {
            throw new IllegalArgumentException(
                    "replace: '"
                            + path
                            + "' was interrupted, and "
                            + getClass().getSimpleName()
                            + " does not declare "
                            + lacking
                            + "; declare them, or replace before the state is loaded");
        }
        changes.forEach(Runnable::run);
        if (old.loaded) {
            phase = old.phase;
            log = old.log;
            loadedKey = old.loadedKey;
            endedOutput = old.endedOutput;
            loaded = true;
            restarting = true;
            old.log = new CallLog();
            old.phase = Phase.IDLE;
            old.loaded = false;
        }
    }

    // ---- the tree
    // ---------------------------------------------------------------------------------------------

    /// {@return whether a loaded run is being gone on with and no step of it has been completed since}
    public final boolean restarting() {
        return restarting;
    }

    /// {@return the places of the children, in the order of their declaration}
    public final List<Slot<?, ?>> slots() {
        var slots = new ArrayList<Slot<?, ?>>();
        for (Part part : parts.values()) {
            if (part instanceof Slot<?, ?> slot) {
                slots.add(slot);
            }
        }
        return List.copyOf(slots);
    }

    /// {@return the dotted path from the top of the tree: `fit_loop.epoch_loop`; empty at the top}
    public final String path() {
        return place == null ? "" : place.path();
    }

    /// {@return this loop and all below it, a line each, indented by depth}
    public final String tree() {
        var lines = new StringBuilder();
        describe(place == null ? "" : place.name() + ": ", "", lines);
        return lines.toString();
    }

    private void describe(String name, String indent, StringBuilder lines) {
        lines.append(indent).append(name).append(getClass().getSimpleName()).append('\n');
        for (Slot<?, ?> slot : slots()) {
            slot.get().describe(slot.name() + ": ", indent + "  ", lines);
        }
    }

    final boolean contains(Loop<?, ?> other) {
        return this == other || slots().stream().anyMatch(slot -> slot.get().contains(other));
    }

    private String where() {
        return place == null ? getClass().getSimpleName() : place.path();
    }

    private String pathOf(String key) {
        return path().isEmpty() ? key : path() + "." + key;
    }
}
