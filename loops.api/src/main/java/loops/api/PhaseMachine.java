package loops.api;

import java.util.List;
import loops.api.LoopState.Fields;
import loops.api.LoopState.Items;
import loops.api.OpenPhase.Apart;
import org.jspecify.annotations.Nullable;

/// Takes one loop through the phases of a run, and keeps what is needed to go on from the middle of one.
///
/// ```text
/// IDLE → skip? → reset → RUN_START → NEXT ─ done? no → ADVANCE_START → ADVANCE → ADVANCE_END → NEXT …
///                                      └─── done? yes → RUN_END → ENDED → IDLE
/// ```
///
/// The [OpenPhase], with the calls of its method, is the *frame*. A safe point is the entry of NEXT. A run that goes on
/// from a loaded frame calls the open phase's method again, and the log answers for the calls made before.
final class PhaseMachine<I, O extends @Nullable Object> {
    private final Loop<I, O> loop;

    // The frame.
    private final OpenPhase open;
    private @Nullable Fields loadedKey;
    private @Nullable LoopState endedOutput;

    /// A frame was loaded, and the next run is to go on from it.
    private boolean loaded;

    private boolean restarting;
    private boolean broken;

    // What lasts as long as a run.
    private @Nullable RunContext context;
    private @Nullable I input;

    PhaseMachine(Loop<I, O> loop) {
        this.loop = loop;
        this.open = new OpenPhase(loop);
    }

    // ---- running

    O runAsRoot(I input, SafePoints watcher) {
        var run = new RunContext(loop, watcher);
        O output = enter(input, run);
        if (open.phase() == Phase.ENDED) {
            try {
                announceEnd(input, output, run);
            } catch (Throwable thrown) {
                fail(thrown);
                throw thrown;
            } finally {
                open.put(Phase.IDLE);
                endedOutput = null;
                end();
            }
        }
        return output;
    }

    O runBelow(I input, RunContext run) {
        O output = enter(input, run);
        open.put(Phase.IDLE);
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
        open.clear();
        if (isSkipped(input)) {
            open.apart(Apart.ON_SKIP);
            return loop.onSkip(input);
        }
        open.apart(Apart.RESET);
        loop.reset(input);
        open.moveTo(Phase.RUN_START);
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
        if (open.phase() == Phase.ENDED) {
            if (isDone(input)) {
                open.put(Phase.IDLE);
                return storedOutput();
            }
            open.put(Phase.NEXT); // a limit was raised since
            endedOutput = null;
        }
        open.apart(Apart.ON_RESUME);
        loop.onResume(input);
        open.apart(null);
        return steps(input, run, open.phase() == Phase.NEXT);
    }

    private O steps(I input, RunContext run, boolean atLoadedSafePoint) {
        boolean announced = atLoadedSafePoint;
        while (true) {
            switch (open.phase()) {
                case RUN_START -> {
                    loop.onRunStart(input);
                    open.moveTo(Phase.NEXT);
                }
                case NEXT -> {
                    if (!announced) {
                        open.apart(Apart.SAFE_POINT);
                        run.safePoint(loop);
                    }
                    announced = false;
                    open.moveTo(isDone(input) ? Phase.RUN_END : Phase.ADVANCE_START);
                }
                case ADVANCE_START -> {
                    loop.onAdvanceStart(input);
                    open.moveTo(Phase.ADVANCE);
                }
                case ADVANCE -> {
                    loop.advance(input);
                    open.moveTo(Phase.ADVANCE_END);
                }
                case ADVANCE_END -> {
                    loop.onAdvanceEnd(input);
                    open.moveTo(Phase.NEXT);
                    restarting = false;
                }
                case RUN_END -> {
                    O output = loop.onRunEnd(input);
                    open.moveTo(Phase.ENDED);
                    return output;
                }
                case IDLE, ENDED ->
                        throw new IllegalStateException(
                                loop.where() + ": no step in " + open.phase());
            }
        }
    }

    private void begin(I input, RunContext run) {
        context = run;
        this.input = input;
        restarting = loaded;
        loaded = false;
        broken = false;
        open.begin();
    }

    private void end() {
        context = null;
        input = null;
        open.apart(null);
        loadedKey = null;
        restarting = false;
    }

    /// The run has thrown. What the loops below were to go on with has lost its outer run.
    private void fail(Throwable thrown) {
        LoopTrace.mark(thrown, loop.where(), open.method());
        broken = true;
        open.put(Phase.IDLE);
        loop.abandonBelow();
    }

    private boolean isDone(I input) {
        open.apart(Apart.DONE);
        boolean answer = loop.done(input);
        open.apart(null);
        return answer;
    }

    private boolean isSkipped(I input) {
        open.apart(Apart.SKIP);
        boolean answer = loop.skip(input);
        open.apart(null);
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
        open.apart(Apart.SAFE_POINT);
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

    // ---- what others ask

    boolean running() {
        return context != null;
    }

    @Nullable RunContext context() {
        return context;
    }

    OpenPhase open() {
        return open;
    }

    boolean restarting() {
        return restarting;
    }

    boolean interrupted() {
        return loaded;
    }

    // ---- the frame as a state

    void requireSaveable() {
        if (context != null && !context.atSafePoint()) {
            throw new IllegalStateException(
                    "stateDict: '%s' is in the middle of %s; take the state at a safe point, see run(input, safePoints)"
                            .formatted(loop.where(), open.phase().method));
        }
        if (broken) {
            throw new IllegalStateException(
                    "stateDict: the last run of '%s' ended with an exception; use the state of the last safe point"
                            .formatted(loop.where()));
        }
    }

    void save(StateTree tree) {
        if (open.phase() == Phase.IDLE) {
            return;
        }
        var key = input == null ? loadedKey : loop.inputKey(input);
        var frame =
                Fields.of("phase", new LoopState.Text(open.phase().method))
                        .with("input", key == null ? Fields.empty() : key);
        tree.put(
                Parts.RUN,
                endedOutput != null
                        ? frame.with("output", endedOutput)
                        : frame.with("log", open.calls()));
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
            open.load(at, calls);
            loadedKey = key;
            endedOutput = output;
            loaded = at != Phase.IDLE;
            restarting = loaded;
            broken = false;
        });
    }

    /// Goes on where the machine of a replaced loop was interrupted.
    void takeOver(PhaseMachine<?, ?> old) {
        open.takeOver(old.open);
        loadedKey = old.loadedKey;
        endedOutput = old.endedOutput;
        loaded = old.loaded;
        restarting = old.restarting;
        old.abandon();
    }

    /// Forgets a loaded frame.
    void abandon() {
        if (loaded) {
            open.load(Phase.IDLE, new CallLog());
            loadedKey = null;
            endedOutput = null;
            loaded = false;
            restarting = false;
        }
    }
}
