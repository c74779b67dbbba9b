package loops.api;

import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A live object that a run needs and no state holds, because it can be made again: an iterator at a position that is
/// saved elsewhere, a table computed from the input.
///
/// It lasts until the run ends, in whatever way; if it is [AutoCloseable] it is closed then. After a resume it is made
/// anew when it is first wanted. Declared by [Loop#derived].
///
/// @param <T> the type of object
public final class Derived<T> extends Part {
    private @Nullable T object;

    Derived(String name) {
        super(name);
    }

    /// {@return the object, made if this run has none yet}
    ///
    /// @param make a pure function of the loop's input and parts
    public T get(Supplier<? extends T> make) {
        T made = object;
        if (made == null) {
            made = make.get();
            object = made;
        }
        return made;
    }

    /// {@return the object, made of `input` if this run has none yet} As [#get(Supplier)], for a `make` that is the same
    /// each time and so costs nothing: a reference to a method.
    ///
    /// @param input what the object is made of
    /// @param make a pure function of the loop's input and parts
    /// @param <A> the type of the input
    public <A> T get(A input, Function<? super A, ? extends T> make) {
        T made = object;
        if (made == null) {
            made = make.apply(input);
            object = made;
        }
        return made;
    }

    /// Lets the object go.
    void endRun() throws Exception {
        T old = object;
        object = null;
        if (old instanceof AutoCloseable resource) {
            resource.close();
        }
    }

    @Override
    String kind() {
        return "derived object";
    }

    @Override
    List<String> keys() {
        return List.of();
    }

    @Override
    LoopState save(String key) {
        throw new IllegalStateException("Derived '" + name + "' has no state");
    }

    @Override
    void stage(String path, LoopState saved, Staging staging) {
        throw new IllegalStateException("Derived '" + name + "' has no state");
    }

    @Override
    Runnable takeOver(Part old) {
        if (!(old instanceof Derived<?>)) {
            throw otherKind(old);
        }
        return () -> {};
    }
}
