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
        return everySlot(PassThrough::new, fresh);
    }

    /// As [#everySlot(Supplier)], with a loop of the author's own that is to add nothing visible.
    ///
    /// @param <I> what the loop works on
    /// @param <O> what the loop returns
    /// @param around makes the loop to put around each other one
    /// @param fresh makes new objects, equal each time
    /// @return the number of slots that were tried
    /// @throws AssertionError at the first difference, naming the slot, the place and both values
    public static <I, O extends @Nullable Object> int everySlot(
            Around around, Supplier<Scenario<I, O>> fresh) {
        var scenario = fresh.get();
        int slots = slotsOf(scenario.loop()).size();
        var untouched = Recorded.run(scenario);
        Recorded.run(fresh.get()).requireSameRun(untouched);
        for (int i = 0; i < slots; i++) {
            wrapAndRun(fresh.get(), i, around, untouched);
        }
        return slots;
    }

    /// Makes a loop around any other: `PassThrough::new`.
    @FunctionalInterface
    public interface Around {
        /// {@return a loop that has `inner` as its child}
        ///
        /// @param inner the loop to put inside
        /// @param <I> what it works on
        /// @param <O> what it returns
        <I, O extends @Nullable Object> Loop<I, O> around(Loop<I, O> inner);
    }

    private static <I, O extends @Nullable Object> void wrapAndRun(
            Scenario<I, O> scenario, int at, Around around, Recorded untouched) {
        var slot = slotsOf(scenario.loop()).get(at);
        var keys = keysTo(scenario.loop(), slot);
        var inner = slot.get();
        wrap(slot, around);
        String where =
                "ReplaceCheck: with %s around the loop in slot '%s'"
                        .formatted(slot.get().getClass().getSimpleName(), slot.path());
        try {
            Object output = scenario.loop().run(scenario.input());
            untouched.requireSameEnd(
                    where,
                    output,
                    unwrapped(scenario.loop().stateDict(), keys, nameOf(inner, slot.get(), where)),
                    scenario.world().stateDict());
        } catch (RuntimeException e) {
            throw Recorded.threw(where, e);
        }
    }

    private static <J, P extends @Nullable Object> void wrap(Slot<J, P> slot, Around around) {
        slot.replace(around::around);
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
            keys.addAll(List.of(slot.name().split("\\.")));
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

    @SuppressWarnings("ReferenceEquality") // loops are told apart by identity
    private static String nameOf(Loop<?, ?> inner, Loop<?, ?> outer, String where) {
        return outer.slots().stream()
                .filter(slot -> slot.get() == inner)
                .findFirst()
                .orElseThrow(() ->
                        new AssertionError(where + ": it has no slot that holds the loop inside"))
                .name();
    }

    /// {@return the state without the level that was added at `keys`, above the loop called `inner`}
    private static Fields unwrapped(Fields state, List<String> keys, String inner) {
        var entries = new LinkedHashMap<>(state.entries());
        var below = state.fields(keys.getFirst());
        entries.put(
                keys.getFirst(),
                keys.size() == 1
                        ? below.fields(inner)
                        : unwrapped(below, keys.subList(1, keys.size()), inner));
        return new Fields(entries);
    }
}
