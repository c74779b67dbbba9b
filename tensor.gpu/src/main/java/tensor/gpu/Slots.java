package tensor.gpu;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/// Which slot of a thread has the value of a step.
final class Slots {
    private final Map<Integer, Integer> slots = new HashMap<>();
    private final BitSet used = new BitSet();
    private int most;

    /// {@return a slot for the value of a step}
    int take(int step) {
        int slot = used.nextClearBit(0);
        used.set(slot);
        slots.put(step, slot);
        most = Math.max(most, used.length());
        return slot;
    }

    /// {@return the slot of the value of a step, as last taken}
    int of(int step) {
        Integer slot = slots.get(step);
        if (slot == null) {
            throw new AssertionError("step %d has no value yet".formatted(step));
        }
        return slot;
    }

    /// Lets others have the slot of a step.
    void free(int step) {
        used.clear(of(step));
    }

    /// {@return what is taken now}
    BitSet taken() {
        return (BitSet) used.clone();
    }

    /// Frees all but some.
    void freeBut(BitSet kept) {
        used.and(kept);
    }

    /// {@return how many there were at a time}
    int most() {
        return most;
    }
}
