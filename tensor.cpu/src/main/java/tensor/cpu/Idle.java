package tensor.cpu;

import java.util.ArrayDeque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Things that threads work with, each with one at a time: taken, used and given back to be taken again; made where none
/// waits.
final class Idle<T> {
    private final Supplier<T> make;
    private @Nullable T first;

    /// Where more than one thread works.
    private @Nullable ArrayDeque<T> others;

    Idle(Supplier<T> make) {
        this.make = make;
    }

    /// {@return one that no other thread has}
    T take() {
        T waiting = poll();
        return waiting == null ? make.get() : waiting;
    }

    private synchronized @Nullable T poll() {
        T waiting = first;
        first = null;
        return waiting != null || others == null ? waiting : others.pollLast();
    }

    /// Lets others take it.
    synchronized void giveBack(T used) {
        if (first == null) {
            first = used;
        } else {
            others = others == null ? new ArrayDeque<>() : others;
            others.addLast(used);
        }
    }
}
