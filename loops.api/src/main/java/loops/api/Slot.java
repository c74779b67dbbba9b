package loops.api;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import loops.api.LoopState.Fields;
import org.jspecify.annotations.Nullable;

/// The typed place of a child loop.
///
/// The slot's name is the child's key in the state dict, and its type says what may stand there: any loop that works
/// on `I` and returns `O`. What the compiler accepts fits. Declared by [Loop#slot]; a place at the top of a tree is
/// made by [#root].
///
/// | call | the new loop's children and progress |
/// |---|---|
/// | [#connect] | its own: it is installed as it is |
/// | [#replace] | those of the loop it replaces, wherever it declares parts of the same names |
/// | [#replace] by a loop around the old one | its own: the old loop goes on inside it |
///
/// Either takes effect at once. A loop stands in one slot: [#take] it out before it is connected to another.
///
/// @param <I> what the loops that fit here work on
/// @param <O> what they return
@SuppressWarnings("ReferenceEquality") // loops are told apart by identity
public final class Slot<I, O extends @Nullable Object> extends Part {
    private final @Nullable Loop<?, ?> owner;
    private @Nullable Loop<I, O> loop;

    Slot(@Nullable Loop<?, ?> owner, String name, Loop<I, O> loop) {
        super(name);
        this.owner = owner;
        Objects.requireNonNull(loop, () -> "Slot '" + address() + "': was given no loop");
        requireFree(loop);
        requireNoCycle(loop);
        this.loop = loop;
        loop.place = this;
    }

    /// {@return a place that belongs to no loop, for the top of a tree}
    ///
    /// @param name the first part of the path of everything below
    /// @param <I> what the loop works on
    /// @param <O> what the loop returns
    /// @param loop the loop that stands there at first
    /// @throws IllegalArgumentException if the loop stands in another slot
    public static <I, O extends @Nullable Object> Slot<I, O> root(String name, Loop<I, O> loop) {
        return new Slot<>(null, name, loop);
    }

    /// {@return the name, unique within the loop that declared this slot}
    public String name() {
        return name;
    }

    /// {@return the dotted path from the top of the tree: `fit_loop.epoch_loop`}
    public String path() {
        return owner == null || owner.path().isEmpty() ? name : owner.path() + "." + name;
    }

    /// {@return the path with the class of the loop at the top, where that stands in no slot: `FitLoop.epoch_loop`}
    String address() {
        return owner == null ? name : owner.address() + "." + name;
    }

    /// {@return the loop that stands here}
    ///
    /// @throws IllegalStateException if it was taken out and no other has been connected
    public Loop<I, O> get() {
        if (loop == null) {
            throw new IllegalStateException(
                    "Slot '%s': is empty, its loop was taken out; connect another one"
                            .formatted(address()));
        }
        return loop;
    }

    /// {@return the loop that stands here, or null}
    @Nullable Loop<I, O> present() {
        return loop;
    }

    /// {@return the loop that stands here, as the type that it must have}
    ///
    /// @param <L> the type of the loop that stands here
    /// @param type the type that the loop must have
    /// @throws IllegalStateException if it is of another type, for instance a custom one
    public <L extends Loop<I, O>> L get(Class<L> type) {
        var present = get();
        if (!type.isInstance(present)) {
            throw new IllegalStateException(
                    "Slot '%s': holds a %s, asked for a %s; use get(), or the type that you put there"
                            .formatted(path(), present.getClass().getName(), type.getName()));
        }
        return type.cast(present);
    }

    /// {@return how the output of the loop that stands here is saved, if it can be}
    public Optional<Codec<O>> outputCodec() {
        return get().outputCodec();
    }

    /// Runs the loop that stands here, as a child of the loop that owns this slot.
    ///
    /// @param input what the loop works on
    /// @return the child's output; while a resumed phase is replayed, the stored output of a child that had ended
    /// @throws IllegalStateException in `done`, `skip` or `reset`, where no child may run, and where the phase
    ///     changed a part before, so that it could not be replayed
    public O run(I input) {
        var machine = owner == null ? null : owner.machine();
        var run = machine == null ? null : machine.context();
        return machine == null || run == null
                ? get().run(input, SafePoints.NONE)
                : machine.open().callChild(this, input, run);
    }

    /// Installs a loop as it is, with its own children, progress and state.
    ///
    /// @param next the loop to install
    /// @throws IllegalArgumentException if it stands in another slot: loops form a tree
    /// @throws IllegalStateException if the loop that stands here, or the one that owns this slot, is running
    public void connect(Loop<I, O> next) {
        requireIdle("connect");
        Objects.requireNonNull(next, () -> "Slot '" + path() + "': connect was given no loop");
        if (next == loop) {
            return;
        }
        requireFree(next);
        requireNoCycle(next);
        if (loop != null) {
            loop.place = null;
        }
        loop = next;
        next.place = this;
    }

    /// Takes the loop out, with its children, its parts and, if a state was loaded, the point where it was interrupted,
    /// so that it can be connected elsewhere: `mine.batch().connect(old.batch().take())`.
    ///
    /// The slot is empty then. A tree with an empty slot cannot be run or saved before a loop is connected there.
    ///
    /// @return the loop that stood here
    /// @throws IllegalStateException if the slot is empty, or if that loop, or the one that owns this slot, is running
    public Loop<I, O> take() {
        requireIdle("take");
        var taken = get();
        taken.place = null;
        loop = null;
        return taken;
    }

    /// Installs the loop that `make` builds from the one that stands here, and hands over to it the old one's
    /// children, progress, cells and, if a state was loaded, the point where it was interrupted. Parts are matched by
    /// name. A loop that has the old one as its child takes nothing over: the old one goes on inside.
    ///
    /// Either all of it happens or, if something is thrown, nothing.
    ///
    /// @param make builds the new loop from the one that stands here
    /// @throws IllegalArgumentException if parts of the same name are of different kinds, if the old loop was
    ///     interrupted and the new one lacks one of its parts, or if the new loop stands in another slot
    /// @throws IllegalStateException if the loop that stands here, or the one that owns this slot, is running
    public void replace(Function<? super Loop<I, O>, ? extends Loop<I, O>> make) {
        requireIdle("replace");
        var old = get();
        old.place = null;
        try {
            Loop<I, O> made = make.apply(old);
            Objects.requireNonNull(made, () -> "Slot '" + path() + "': replace made no loop");
            if (made == old) {
                return;
            }
            boolean around = made.contains(old);
            if (!around) {
                requireFree(made);
            }
            requireNoCycle(made);
            if (!around) {
                made.takeOver(old, path());
            }
            loop = made;
            made.place = this;
        } finally {
            if (loop == old) {
                old.place = this;
            }
        }
    }

    /// As [#replace(Function)], for a loop that is built from the configuration of a certain type:
    /// `slot.replace(TrainingEpochLoop.class, MyEpochLoop::from)`.
    ///
    /// @param <L> the type of the loop that stands here
    /// @param type the type that the loop must have
    /// @param make builds the new loop from the one that stands here
    /// @throws IllegalStateException if the loop that stands here is of another type
    public <L extends Loop<I, O>> void replace(
            Class<L> type, Function<? super L, ? extends Loop<I, O>> make) {
        L old = get(type);
        replace(present -> make.apply(old));
    }

    private void requireIdle(String verb) {
        if ((loop != null && loop.machine().running()) || ownerRunning()) {
            throw new IllegalStateException(
                    "Slot '%s': %s while the tree is running; do it between two runs"
                            .formatted(path(), verb));
        }
    }

    private void requireFree(Loop<?, ?> next) {
        if (next.place != null) {
            throw new IllegalArgumentException(
                    "Slot '%s': the loop is already connected to slot '%s'; loops form a tree, so take() it there first"
                            .formatted(address(), next.place.address()));
        }
    }

    private void requireNoCycle(Loop<?, ?> next) {
        if (owner != null && (owner == next || next.contains(owner))) {
            throw new IllegalArgumentException(
                    "Slot '" + address() + "': the loop contains this slot; loops form a tree");
        }
    }

    boolean ownerRunning() {
        return owner != null && owner.machine().running();
    }

    @Nullable Loop<?, ?> owner() {
        return owner;
    }

    @Override
    String kind() {
        return "loop";
    }

    @Override
    List<String> keys() {
        return List.of(name);
    }

    @Override
    LoopState save(String key) {
        return get().save();
    }

    @Override
    void stage(String path, LoopState saved, Staging staging) {
        if (!(saved instanceof Fields fields)) {
            throw new IllegalArgumentException(
                    "loadStateDict: '%s' is %s, needs to be the state of a loop"
                            .formatted(path, saved));
        }
        get().stage(fields, staging);
    }

    /// Swaps the children, so that both trees stay whole.
    @Override
    @SuppressWarnings("unchecked") // the same name in a loop made to stand for the old one
    Runnable takeOver(Part old) {
        if (!(old instanceof Slot<?, ?> slot)) {
            throw otherKind(old);
        }
        var from = (Slot<I, O>) slot;
        return () -> {
            var theirs = from.loop;
            if (theirs == null) {
                return; // it was taken out while the new loop was made
            }
            var mine = loop;
            loop = theirs;
            theirs.place = this;
            from.loop = mine;
            if (mine != null) {
                mine.place = from;
            }
        };
    }

    @Override
    public String toString() {
        return path() + ": " + (loop == null ? "empty" : loop.kind());
    }
}
