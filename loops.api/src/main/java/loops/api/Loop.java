package loops.api;

import java.util.List;
import java.util.Optional;
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
/// values by [#cell] and [#longCell], live objects by [#held], and what a run can make again by [#derived]. Every other field is
/// final. The declared names are the keys of the
/// state dict.
///
/// **Hooks.** A loop calls the hooks of those who listen, and may have some of its own, declared by [#hook]. Who listens
/// comes with the input. What it calls where is said by [#hookOrder] and shown by [#explain].
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
public abstract non-sealed class Loop<I, O extends @Nullable Object> extends Declarations {
    @SuppressWarnings("this-escape") // the machine does nothing before the loop is run
    private final PhaseMachine<I, O> machine = new PhaseMachine<>(this);

    /// Where this loop stands; set by [Slot] alone.
    @Nullable Slot<?, ?> place;

    /// A loop without parts; subclasses declare theirs in field initialisers.
    protected Loop() {}

    // ---- what an author fills in

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
                "loadStateDict: '%s' was saved with version %d of its state and has version %d now; override migrate to read it"
                        .formatted(where(), version, stateVersion()));
    }

    /// {@return what the methods of this loop call, in order} For [#explain] and for whoever writes down or checks the
    /// hooks of a tree; a run does not look at it. Default: nothing is said.
    protected HookOrder hookOrder() {
        return HookOrder.NONE;
    }

    // ---- effects

    /// Does something once, even if the open method is called again after a resume.
    ///
    /// @param name tells this effect from the others of the same method
    /// @param body what to do
    /// @throws IllegalStateException outside the methods that may run children, or inside another `once`
    protected final void once(String name, Runnable body) {
        machine.open().once(name, body);
    }

    /// {@return a value that is computed once} After a resume it is the stored one.
    ///
    /// @param <T> the type of the value
    /// @param name tells this value from the others of the same method
    /// @param codec how the value is saved
    /// @param body computes the value
    /// @throws IllegalStateException outside the methods that may run children, or inside another `once`
    protected final <T> T once(String name, Codec<T> codec, Supplier<T> body) {
        return machine.open().once(name, codec, body);
    }

    // ---- running

    /// Runs this loop: from its start, or on from where a loaded state was taken.
    ///
    /// @param input what the loop works on
    /// @return the output of the run
    /// @throws IllegalStateException if it is running already, or if a loop further up is running: then only the
    ///     loop that owns the slot may run it
    @SuppressWarnings("unchecked") // this loop stands in the slot, so the slot is of its types
    public final O run(I input) {
        var at = place;
        return at != null && at.ownerRunning()
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
        for (var outer = outer(); outer != null; outer = outer.outer()) {
            if (outer.machine.running()) {
                throw new IllegalStateException(
                        "%s: run from outside while '%s' is running; only the owner of its slot may run it"
                                .formatted(where(), outer.where()));
            }
        }
        return machine.runAsRoot(input, watcher);
    }

    /// {@return whether a loaded run is being gone on with and no step of it has been completed since}
    public final boolean restarting() {
        return machine.restarting();
    }

    /// Closes what lasts only as long as a run. What closing throws joins `thrown`, or surfaces if nothing was thrown.
    final void endRun(@Nullable Throwable thrown) {
        parts.endRun(this, thrown);
    }

    /// Forgets where the loops below were interrupted.
    final void abandonBelow() {
        for (Slot<?, ?> slot : slots()) {
            var below = slot.present();
            if (below != null) {
                below.machine.abandon();
                below.abandonBelow();
            }
        }
    }

    final PhaseMachine<I, O> machine() {
        return machine;
    }

    private @Nullable Loop<?, ?> outer() {
        return place == null ? null : place.owner();
    }

    // ---- state

    /// {@return the state of this loop and all below it}
    ///
    /// @throws IllegalStateException in the middle of a step, where a state could not be gone on from, and after a
    ///     run that ended with an exception: use the state of the last safe point
    public final Fields stateDict() {
        machine.requireSaveable();
        return save();
    }

    /// Takes over a state. If it was taken in the middle of a run, the next [#run] goes on from there.
    ///
    /// @param state what [#stateDict] of an equal tree gave
    /// @throws IllegalArgumentException if keys are missing or unknown, with both lists, or a value is of another
    ///     kind; then nothing has changed
    /// @throws IllegalStateException while this loop is running
    public final void loadStateDict(Fields state) {
        if (machine.running()) {
            throw new IllegalStateException(
                    "loadStateDict: '%s' is running; load before the run".formatted(where()));
        }
        var staging = new Staging();
        stage(state, staging);
        staging.commit(where());
    }

    /// {@return what all declared parts hold now, of this loop and all below it} For people and tests: it may be asked
    /// for at any time, in the middle of a step and after an exception too. It does not say where a run stands, so no
    /// run can go on from it; that is what [#stateDict] is for. Loaded, it gives the parts their values back, in no run.
    public final Fields values() {
        var values = parts.values();
        return stateVersion() == 1 ? values : values.with(Parts.VERSION, stateVersion());
    }

    final Fields save() {
        var tree = new StateTree();
        if (stateVersion() != 1) {
            tree.put(Parts.VERSION, new LoopState.Num(stateVersion()));
        }
        machine.save(tree);
        parts.save(tree);
        return tree.fields();
    }

    final void stage(Fields saved, Staging staging) {
        int version = saved.has(Parts.VERSION) ? Math.toIntExact(saved.num(Parts.VERSION)) : 1;
        var state = version == stateVersion() ? saved : migrate(version, saved);
        parts.stage(state, path(), staging);
        machine.stage(state.has(Parts.RUN) ? state.fields(Parts.RUN) : null, staging);
    }

    /// Takes over the parts and the frame of a loop that this one replaces.
    final void takeOver(Loop<?, ?> old, String path) {
        var lacking = parts.lackingOf(old.parts);
        if (old.machine.interrupted() && !lacking.isEmpty()) {
            throw new IllegalArgumentException(
                    "replace: '%s' was interrupted, and %s does not declare %s; declare them, or replace before the state is loaded"
                            .formatted(path, kind(), lacking));
        }
        parts.takeOver(old.parts).forEach(Runnable::run);
        if (old.machine.interrupted()) {
            machine.takeOver(old.machine);
        }
    }

    // ---- the tree

    /// {@return the places of the children, in the order of their declaration}
    public final List<Slot<?, ?>> slots() {
        return parts.slots();
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

    /// {@return what this loop and all below it are and do: types, parts, hooks and the order of methods}
    ///
    /// @throws IllegalArgumentException if the [#hookOrder] of a loop names a child that it does not have
    public final Explanation explain() {
        return Explanation.of(this);
    }

    private void describe(String name, String indent, StringBuilder lines) {
        lines.append(indent).append(name).append(kind()).append('\n');
        for (Slot<?, ?> slot : slots()) {
            var below = slot.present();
            if (below == null) {
                lines.append(indent).append("  ").append(slot.name()).append(": empty\n");
            } else {
                below.describe(slot.name() + ": ", indent + "  ", lines);
            }
        }
    }

    @SuppressWarnings("ReferenceEquality") // loops are told apart by identity
    final boolean contains(Loop<?, ?> other) {
        if (this == other) {
            return true;
        }
        for (Slot<?, ?> slot : slots()) {
            var below = slot.present();
            if (below != null && below.contains(other)) {
                return true;
            }
        }
        return false;
    }

    /// {@return the name of the place; empty in none}
    final String name() {
        return place == null ? "" : place.name();
    }

    /// {@return the name of the class; of an anonymous one, what it extends}
    final String kind() {
        Class<?> named = getClass();
        while (named.isAnonymousClass()) {
            named = named.getSuperclass();
        }
        return named.getSimpleName();
    }

    /// {@return the path with the class of the loop at the top, where that stands in no slot: `FitLoop.epoch_loop`}
    final String address() {
        return place == null ? kind() : place.address();
    }

    /// {@return the path, or the class at the top: how messages name this loop}
    final String where() {
        return place == null ? kind() : place.path();
    }
}
