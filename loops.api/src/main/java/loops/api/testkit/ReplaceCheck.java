package loops.api.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Supplier;
import loops.api.Loop;
import loops.api.LoopState.Fields;
import loops.api.Slot;
import org.jspecify.annotations.Nullable;

/// The law of replacing: putting an equal loop in the place of another changes nothing.
public final class ReplaceCheck {
    private ReplaceCheck() {}

    /// Puts a [PassThrough] around the loop in each slot of the tree, one at a time, and compares the output and all
    /// state at the end with the untouched run, bit for bit.
    ///
    /// @param fresh makes new objects, equal each time
    /// @param <I> what the loop works on
    /// @param <O> what the loop returns
    /// @return the number of slots that were tried
    /// @throws AssertionError at the first difference, naming the slot, the place and both values
    public static <I, O extends @Nullable Object> int everySlot(Supplier<Scenario<I, O>> fresh) {
        var scenario = fresh.get();
        int slots = slotsOf(scenario.loop()).size();
        var untouched = Recorded.run(scenario);
        for (int i = 0; i < slots; i++) {
            wrapAndRun(fresh.get(), i, untouched);
        }
        return slots;
    }

    private static <I, O extends @Nullable Object> void wrapAndRun(
            Scenario<I, O> scenario, int at, Recorded untouched) {
        var slot = slotsOf(scenario.loop()).get(at);
        var keys = keysTo(scenario.loop(), slot);
        String where = "ReplaceCheck: a pass-through in slot '" + slot.path() + "'";
        wrap(slot);
        try {
            Object output = scenario.loop().run(scenario.input());
            untouched.requireSameEnd(
                    where,
                    output,
                    unwrapped(scenario.loop().stateDict(), keys),
                    scenario.world().stateDict());
        } catch (RuntimeException e) {
            throw new AssertionError(where + ": threw " + e, e);
        }
    }

    private static <J, P extends @Nullable Object> void wrap(Slot<J, P> slot) {
        slot.replace(inner -> new PassThrough<>(inner));
    }

    private static List<Slot<?, ?>> slotsOf(Loop<?, ?> loop) {
        var all = new ArrayList<Slot<?, ?>>();
        for (Slot<?, ?> slot : loop.slots()) {
            all.add(slot);
            all.addAll(slotsOf(slot.get()));
        }
        return all;
    }

    /// {@return the keys in the state dict of `root` that lead to a slot below it}
    private static List<String> keysTo(Loop<?, ?> root, Slot<?, ?> wanted) {
        for (Slot<?, ?> slot : root.slots()) {
            var keys = new ArrayList<String>();
            keys.add(slot.name());
            if (slot == wanted) {
                return keys;
            }
            var below = keysTo(slot.get(), wanted);
            if (!below.isEmpty()) {
                keys.addAll(below);
                return keys;
            }
        }
        return List.of();
    }

    /// {@return the state without the level that a pass-through added at `keys`}
    private static Fields unwrapped(Fields state, List<String> keys) {
        var entries = new LinkedHashMap<>(state.entries());
        var inner = state.fields(keys.getFirst());
        entries.put(
                keys.getFirst(),
                keys.size() == 1
                        ? inner.fields(PassThrough.INNER)
                        : unwrapped(inner, keys.subList(1, keys.size())));
        return new Fields(entries);
    }
}
