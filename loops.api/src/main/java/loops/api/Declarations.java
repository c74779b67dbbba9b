package loops.api;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a [Loop] declares in its field initialisers: places for children, progress, values, live objects. The names are
/// the keys of its state dict.
abstract sealed class Declarations permits Loop {
    final Parts parts = new Parts();

    /// {@return a place for a child, with the loop that stands there at first}
    ///
    /// @param name the child's key in the state dict
    /// @param <J> what the child works on
    /// @param <P> what the child returns
    /// @param loop the loop that stands there at first
    protected final <J, P extends @Nullable Object> Slot<J, P> slot(String name, Loop<J, P> loop) {
        return declare(new Slot<>(loop(), name, loop));
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
        return declare(new Progress(loop(), name, stages));
    }

    /// {@return a value that is saved with this loop}
    ///
    /// @param name its key in the state dict; a dot makes a nested key
    /// @param <T> the type of the value
    /// @param codec how the value is saved
    /// @param initial the value at first
    protected final <T> Cell<T> cell(String name, Codec<T> codec, T initial) {
        return declare(new Cell<>(loop(), name, codec, initial));
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

    /// {@return a whole number that is saved with this loop and kept unboxed} For what counts in every step.
    ///
    /// @param name the key in the state dict; a dot makes a nested key
    /// @param initial the value at first
    protected final LongCell longCell(String name, long initial) {
        return declare(new LongCell(loop(), name, initial));
    }

    /// {@return a list that is saved with this loop, empty at first} For what grows from step to step.
    ///
    /// @param name the key in the state dict; a dot makes a nested key
    /// @param <T> the type of element
    /// @param codec how an element is saved
    protected final <T> ListCell<T> listCell(String name, Codec<T> codec) {
        return declare(new ListCell<>(loop(), name, codec));
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
        return declare(new Held<>(loop(), name));
    }

    /// {@return a place for a live object that lasts as long as a run and is not saved}
    ///
    /// @param <T> the type of object
    /// @param name its name, unique within the loop
    protected final <T> Derived<T> derived(String name) {
        return declare(new Derived<>(name));
    }

    /// {@return a place for an object that is used again in every advance and holds nothing between two}
    ///
    /// @param <T> the type of object
    /// @param name its name, unique within the loop
    /// @param object the object
    protected final <T> Scratch<T> scratch(String name, T object) {
        return declare(new Scratch<>(name, object));
    }

    /// {@return a hook of this loop's own}
    ///
    /// @param <E> the type of its events
    /// @param name its name, unique within the loop
    /// @param type the type of its events
    protected final <E> Hook<E> hook(String name, Class<E> type) {
        return declare(new Hook<>(loop(), name, type));
    }

    private <P extends Part> P declare(P part) {
        if (loop().machine().running()) {
            throw new IllegalStateException(
                    "%s: '%s' is declared while the loop is running; declare parts in field initialisers"
                            .formatted(loop().where(), part.name));
        }
        return parts.declare(part, loop().kind());
    }

    private Loop<?, ?> loop() {
        return (Loop<?, ?>) this;
    }
}
