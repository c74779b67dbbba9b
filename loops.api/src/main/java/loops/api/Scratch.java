package loops.api;

import java.util.List;

/// An object that a loop works with inside of one advance, made once and used again: what is in it between two advances
/// is of no meaning, so no state holds it. It spares the garbage of making it anew in every step.
///
/// Declared by [Loop#scratch].
///
/// @param <T> the type of object
public final class Scratch<T> extends Part {
    private final T object;

    Scratch(String name, T object) {
        super(name);
        this.object = object;
    }

    /// {@return the object} Whoever gets it in an advance fills it first.
    public T get() {
        return object;
    }

    @Override
    String kind() {
        return "scratch object";
    }

    @Override
    List<String> keys() {
        return List.of();
    }

    @Override
    LoopState save(String key) {
        throw new IllegalStateException("Scratch '" + name + "' has no state");
    }

    @Override
    void stage(String path, LoopState saved, Staging staging) {
        throw new IllegalStateException("Scratch '" + name + "' has no state");
    }

    @Override
    Runnable takeOver(Part old) {
        if (!(old instanceof Scratch<?>)) {
            throw otherKind(old);
        }
        return () -> {};
    }
}
