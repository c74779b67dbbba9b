package loops.api;

import java.util.List;

/// One declared whole number of a loop, as a [Cell] that is never boxed: a step that changes it leaves no garbage.
///
/// Declared by [Loop#longCell]. A loop that replaces another may declare a cell of whole numbers where the old one had
/// one of these, and the other way round.
public final class LongCell extends Part {
    private final Loop<?, ?> owner;
    private final PhaseGuard guard;
    private long value;

    LongCell(Loop<?, ?> owner, String name, long initial) {
        super(name);
        this.owner = owner;
        this.guard = new PhaseGuard(owner, name);
        this.value = initial;
    }

    /// {@return the value now}
    public long get() {
        guard.read();
        return value;
    }

    /// Puts another value in.
    ///
    /// @param value what the cell is to hold
    /// @throws IllegalStateException in `done` or `skip`, which must not change anything
    public void set(long value) {
        guard.change();
        this.value = value;
    }

    /// Adds one.
    ///
    /// @throws IllegalStateException in `done` or `skip`, which must not change anything
    public void increment() {
        guard.change();
        value++;
    }

    @Override
    String kind() {
        return "cell of a whole number";
    }

    @Override
    List<String> keys() {
        return List.of(name);
    }

    @Override
    LoopState save(String key) {
        return new LoopState.Num(value);
    }

    @Override
    void stage(String path, LoopState saved, Staging staging) {
        long loaded = Cell.read(Codec.LONG, path, saved);
        staging.onCommit(() -> value = loaded);
    }

    @Override
    Runnable takeOver(Part old) {
        if (!(old instanceof LongCell || old instanceof Cell<?>)) {
            throw otherKind(old);
        }
        long taken = Codec.LONG.decode(old.save(name));
        return () -> value = taken;
    }

    @Override
    public String toString() {
        return owner.where() + "." + name + " = " + value;
    }
}
