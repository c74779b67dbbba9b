package loops.api;

import java.util.List;

/// Something a loop has declared and so saves: a [Slot], a [Progress], a [Cell], a [LongCell], a [ListCell] or a
/// [Held]; or, without a state of its own, a [Derived], a [Scratch] or a [Hook].
abstract sealed class Part
        permits Slot, Progress, Cell, LongCell, ListCell, Held, Derived, Scratch, Hook {
    final String name;

    Part(String name) {
        this.name = name;
    }

    /// {@return what this is, for people: `cell of a whole number`}
    abstract String kind();

    /// {@return the keys under which this part is saved, dotted for nested ones}
    abstract List<String> keys();

    /// {@return what is saved under one of the keys}
    abstract LoopState save(String key);

    /// Reads what was saved under one of the keys; nothing changes until the staging is committed.
    ///
    /// @param path the key, with the path of the loop before it
    abstract void stage(String path, LoopState saved, Staging staging);

    /// {@return the change that takes over what the part of the same name in a replaced loop holds}
    abstract Runnable takeOver(Part old);

    final IllegalArgumentException otherKind(Part old) {
        return new IllegalArgumentException(
                "replace: '%s' is a %s in the old loop and a %s in the new one"
                        .formatted(
                                name, old.getClass().getSimpleName(), getClass().getSimpleName()));
    }
}
