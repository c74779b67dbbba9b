package loops.api;

import java.util.List;

/// One declared value of a loop: saved with it, restored with it.
///
/// The value is immutable; what changes is which value the cell holds. Declared by [Loop#cell].
///
/// @param <T> the type of value
public final class Cell<T> extends Part {
    private final Loop<?, ?> owner;
    private final Codec<T> codec;
    private final PhaseGuard guard;
    private T value;

    Cell(Loop<?, ?> owner, String name, Codec<T> codec, T initial) {
        super(name);
        this.owner = owner;
        this.codec = codec;
        this.guard = new PhaseGuard(owner, name);
        this.value = initial;
    }

    /// {@return the value now}
    public T get() {
        guard.read();
        return value;
    }

    /// Puts another value in.
    ///
    /// @param value what the cell is to hold
    /// @throws IllegalStateException in `done` or `skip`, which must not change anything
    public void set(T value) {
        guard.change();
        this.value = value;
    }

    @Override
    String kind() {
        return codec instanceof FunctionCodec<?> made ? "cell of " + made.wanted() : "cell";
    }

    @Override
    List<String> keys() {
        return List.of(name);
    }

    @Override
    LoopState save(String key) {
        return codec.encode(value);
    }

    @Override
    void stage(String path, LoopState saved, Staging staging) {
        T loaded = read(codec, path, saved);
        staging.onCommit(() -> value = loaded);
    }

    static <T> T read(Codec<T> codec, String path, LoopState saved) {
        try {
            return codec.decode(saved);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "loadStateDict: '%s' cannot be read: %s".formatted(path, e.getMessage()), e);
        }
    }

    @Override
    Runnable takeOver(Part old) {
        if (!(old instanceof Cell<?> || old instanceof LongCell || old instanceof ListCell<?>)) {
            throw otherKind(old);
        }
        T taken = codec.decode(old.save(name));
        return () -> value = taken;
    }

    @Override
    public String toString() {
        return owner.where() + "." + name + " = " + value;
    }
}
