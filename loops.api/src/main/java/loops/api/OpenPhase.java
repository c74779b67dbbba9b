package loops.api;

import java.util.function.Supplier;
import loops.api.LoopState.Fields;
import org.jspecify.annotations.Nullable;

/// The phase that a loop is in, with what its method has called and changed so far: the part of a run that is called
/// again after a resume, and so is watched.
///
/// A child run or a `once` body whose output is in the [CallLog] is answered from there. Before each child that can be
/// cut it is checked that what came before in the phase could be repeated.
final class OpenPhase {
    private final Loop<?, ?> loop;

    // The frame.
    private Phase phase = Phase.IDLE;
    private CallLog log = new CallLog();

    // What lasts as long as a phase.
    private long serial;
    private boolean inOnce;
    private @Nullable String unsafe;

    /// What is being called that belongs to no phase: no child may run in it.
    private @Nullable Apart apart;

    /// What a machine calls beside the methods of the phases.
    enum Apart {
        SKIP("skip"),
        ON_SKIP("onSkip"),
        RESET("reset"),
        ON_RESUME("onResume"),
        DONE("done"),
        SAFE_POINT("a safe point");

        private final String method;

        Apart(String method) {
            this.method = method;
        }
    }

    OpenPhase(Loop<?, ?> loop) {
        this.loop = loop;
    }

    // ---- moving

    Phase phase() {
        return phase;
    }

    /// Opens the next phase.
    void moveTo(Phase next) {
        if (log.replaying()) {
            throw new IllegalStateException(
                    "%s: the saved run had called %s in %s, this one only %s; what is decided before a child must not change with it"
                            .formatted(loop.where(), log.calls(), phase.method, log.callsSoFar()));
        }
        log.clear();
        unsafe = null;
        apart = null;
        serial++;
        phase = next;
    }

    /// Stands at a phase of which no method is called.
    void put(Phase next) {
        phase = next;
    }

    /// Forgets all that was called.
    void clear() {
        phase = Phase.IDLE;
        log.clear();
    }

    /// A run begins, from its start or from a loaded frame.
    void begin() {
        inOnce = false;
        unsafe = null;
        serial++;
    }

    /// Something is called that belongs to no phase.
    void apart(@Nullable Apart what) {
        apart = what;
    }

    /// {@return the method that is being called, for messages}
    String method() {
        if (apart != null) {
            return apart.method;
        }
        return loop.machine().running() ? phase.method : "no run";
    }

    // ---- calls

    /// Runs a child, unless its output is in the log.
    @SuppressWarnings({"unchecked", "NullAway"}) // stored under this name by this very call
    <J, P extends @Nullable Object> P callChild(Slot<J, P> slot, J input, RunContext run) {
        var child = slot.get();
        if (inOnce) {
            run.enterAtomic();
            try {
                return child.machine().runBelow(input, run);
            } finally {
                run.leaveAtomic();
            }
        }
        if (isStored(slot.name(), true)) {
            return (P) log.replay(child);
        }
        if (!run.atomic()) {
            requireRepeatable(slot.name());
        }
        log.open(slot.name());
        boolean ended = false;
        try {
            P output = child.machine().runBelow(input, run);
            log.close(output, child);
            ended = true;
            return output;
        } finally {
            if (!ended) {
                log.fail();
            }
        }
    }

    /// Computes something once, unless its value is in the log.
    @SuppressWarnings({"unchecked", "NullAway"}) // stored under this name by this very call
    <T> T once(String name, Codec<T> codec, Supplier<T> body) {
        requireNotInOnce(name);
        if (isStored(name, false)) {
            return (T) log.replay(codec);
        }
        beginOnce(name);
        boolean ended = false;
        try {
            T value = body.get();
            log.close(value, codec);
            ended = true;
            return value;
        } finally {
            endOnce(ended);
        }
    }

    /// Does something once, unless it is in the log.
    void once(String name, Runnable body) {
        requireNotInOnce(name);
        if (isStored(name, false)) {
            log.replay(null);
            return;
        }
        beginOnce(name);
        boolean ended = false;
        try {
            body.run();
            log.close(null, null);
            ended = true;
        } finally {
            endOnce(ended);
        }
    }

    private void beginOnce(String name) {
        log.open(name);
        inOnce = true;
    }

    private void endOnce(boolean ended) {
        inOnce = false;
        if (!ended) {
            log.fail();
        }
    }

    private void requireNotInOnce(String name) {
        if (inOnce) {
            throw new IllegalStateException(
                    "%s: once(\"%s\") inside another once; move it out"
                            .formatted(loop.where(), name));
        }
    }

    /// {@return whether the call `name`, about to be made, is one whose output is stored}
    private boolean isStored(String name, boolean child) {
        if (!calling()) {
            throw new IllegalStateException(
                    "%s: %s in %s; only onRunStart, onAdvanceStart, advance, onAdvanceEnd and onRunEnd may"
                            .formatted(
                                    loop.where(),
                                    child ? "running '" + name + "'" : "once(\"" + name + "\")",
                                    method()));
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

    /// A run that is cut inside the child calls the open phase again: can what came before be repeated?
    private void requireRepeatable(String child) {
        if (unsafe != null) {
            throw new IllegalStateException(
                    "%s: %s before child '%s' in %s, so a resumed run could not repeat it; do it in once(...), in onAdvanceStart, or after the last child"
                            .formatted(loop.where(), unsafe, child, phase.method));
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

    // ---- what the parts ask

    /// {@return whether the method of a phase is being called, in which children may run}
    private boolean calling() {
        return apart == null && phase.opensCalls() && loop.machine().running();
    }

    /// {@return the number of the phase whose method is being called, or -1 where reads and changes are free}
    long watched() {
        return calling() ? serial : -1;
    }

    boolean inOnce() {
        return inOnce;
    }

    void refuseChangeIfPure(String part) {
        if (apart == Apart.DONE || apart == Apart.SKIP) {
            throw new IllegalStateException(
                    "%s: '%s' changed in %s, which is only a question; change it in a hook"
                            .formatted(loop.where(), part, apart.method));
        }
    }

    void requireMayFire(String hook) {
        if (apart == Apart.DONE || apart == Apart.SKIP) {
            throw new IllegalStateException(
                    "%s: hook '%s' fired in %s, which is only a question; fire it in a step"
                            .formatted(loop.where(), hook, apart.method));
        }
        if (!loop.machine().running()) {
            throw new IllegalStateException(
                    "%s: hook '%s' fired in no run; fire it in a method that the run calls"
                            .formatted(loop.where(), hook));
        }
    }

    /// Something was done that a resumed run would do again.
    void noteUnsafe(String what) {
        if (unsafe == null) {
            unsafe = what;
        }
    }

    // ---- the frame as a state

    Fields calls() {
        return log.state();
    }

    /// Stands where a saved run stood.
    void load(Phase at, CallLog calls) {
        phase = at;
        log = calls;
    }

    /// Stands where the phase of a replaced loop stood.
    void takeOver(OpenPhase old) {
        load(old.phase, old.log);
    }
}
