package loops.api;

import java.util.ArrayList;
import java.util.List;

/// A declared list of a loop that grows at its end: saved with it, restored with it.
///
/// Its elements are immutable; what changes is which there are. Unlike a [Cell] that holds a list, an element is added
/// without a copy of those before. A loop that replaces another may declare a cell of a list where the old one had one of
/// these, and the other way round. Declared by [Loop#listCell].
///
/// @param <T> the type of element
public final class ListCell<T> extends Part {
    private final Loop<?, ?> owner;
    private final Codec<List<T>> codec;
    private final PhaseGuard guard;
    private final ArrayList<T> elements = new ArrayList<>();

    ListCell(Loop<?, ?> owner, String name, Codec<T> codec) {
        super(name);
        this.owner = owner;
        this.codec = Codec.listOf(codec);
        this.guard = new PhaseGuard(owner, name);
    }

    /// {@return how many elements there are}
    public int size() {
        guard.read();
        return elements.size();
    }

    /// {@return one of the elements}
    ///
    /// @param index its place, from 0
    /// @throws IndexOutOfBoundsException if there is no such place
    public T get(int index) {
        guard.read();
        return elements.get(index);
    }

    /// {@return the elements there are now; later ones do not come into this list}
    public List<T> all() {
        guard.read();
        return List.copyOf(elements);
    }

    /// Puts an element behind the others.
    ///
    /// @param element the element
    /// @throws IllegalStateException in `done` or `skip`, which must not change anything
    public void add(T element) {
        guard.change();
        elements.add(element);
    }

    /// Takes all elements out.
    ///
    /// @throws IllegalStateException in `done` or `skip`, which must not change anything
    public void clear() {
        guard.change();
        elements.clear();
    }

    private void hold(List<T> values) {
        elements.clear();
        elements.addAll(values);
    }

    @Override
    String kind() {
        return "list";
    }

    @Override
    List<String> keys() {
        return List.of(name);
    }

    @Override
    LoopState save(String key) {
        return codec.encode(elements);
    }

    @Override
    void stage(String path, LoopState saved, Staging staging) {
        var loaded = Cell.read(codec, path, saved);
        staging.onCommit(() -> hold(loaded));
    }

    @Override
    Runnable takeOver(Part old) {
        if (!(old instanceof ListCell<?> || old instanceof Cell<?>)) {
            throw otherKind(old);
        }
        var taken = codec.decode(old.save(name));
        return () -> hold(taken);
    }

    @Override
    public String toString() {
        return owner.where() + "." + name + " = " + elements;
    }
}
