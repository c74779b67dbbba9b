package loops.api;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import loops.api.LoopState.Fields;
import org.jspecify.annotations.Nullable;

/// A live object that belongs to one scope of a loop, such as the model and optimizers of one fold.
///
/// It is made by a factory when it is first wanted, saved with the loop while it is there, and after a load made
/// again by the same factory and then given its state. Declared by [Loop#held].
///
/// @param <T> the type of object
public final class Held<T extends Stateful> extends Part {
    private final PhaseGuard guard;
    private @Nullable T object;
    private @Nullable Fields loaded;

    Held(Loop<?, ?> owner, String name) {
        super(name);
        this.guard = new PhaseGuard(owner, name);
    }

    /// {@return the object, made by the factory if there is none}
    ///
    /// @param factory makes a fresh object; a pure function of the loop's input and parts, because it is called
    ///     again after a resume
    public T get(Supplier<? extends T> factory) {
        guard.read();
        T held = object;
        if (held == null) {
            held = factory.get();
            if (loaded != null) {
                held.loadStateDict(loaded);
                loaded = null;
            }
            object = held;
        }
        return held;
    }

    /// {@return the object, if it has been made}
    public Optional<T> current() {
        guard.read();
        return Optional.ofNullable(object);
    }

    /// Lets the object go, at the end of its scope.
    public void clear() {
        guard.change();
        object = null;
        loaded = null;
    }

    @Override
    String kind() {
        return "held object";
    }

    @Override
    List<String> keys() {
        return List.of(name);
    }

    @Override
    LoopState save(String key) {
        if (object != null) {
            return Fields.of("state", object.stateDict());
        }
        return loaded != null ? Fields.of("state", loaded) : Fields.empty();
    }

    @Override
    void stage(String path, LoopState saved, Staging staging) {
        var fields = saved instanceof Fields f ? f : Fields.of(path, saved).fields(path);
        var state = fields.has("state") ? fields.fields("state") : null;
        StateTree.unknownKeys(fields, Set.of("state"))
                .forEach(key -> staging.unknown(path + "." + key));
        staging.onCommit(() -> {
            object = null;
            loaded = state;
        });
    }

    @Override
    @SuppressWarnings("unchecked") // the same name in a loop made to stand for the old one
    Runnable takeOver(Part old) {
        if (!(old instanceof Held<?> held)) {
            throw otherKind(old);
        }
        return () -> {
            object = (T) held.object;
            loaded = held.loaded;
        };
    }
}
