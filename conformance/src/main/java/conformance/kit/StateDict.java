package conformance.kit;

import conformance.json.Json;
import conformance.json.Json.Fields;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import loops.api.Loop;
import loops.api.LoopState;
import loops.api.Slot;

/// The state of a tree in the form of the cases: the parts of all loops side by side, a dotted path before each.
public final class StateDict {
    private StateDict() {}

    /// {@return the state of a loop and all below it, flat}
    ///
    /// @param loop the top of the tree, which is not running
    public static Fields of(Loop<?, ?> loop) {
        return of(loop, loop.stateDict());
    }

    /// {@return a state of a tree, flat}
    ///
    /// @param loop says which of the keys are children
    /// @param state a state of that tree
    public static Fields of(Loop<?, ?> loop, LoopState.Fields state) {
        SequencedMap<String, Json> flat = new LinkedHashMap<>();
        flatten("", loop, state, flat);
        return new Fields(flat);
    }

    private static void flatten(
            String prefix,
            Loop<?, ?> loop,
            LoopState.Fields state,
            SequencedMap<String, Json> flat) {
        state.entries()
                .forEach((name, value) -> {
                    if (loop.slots().stream().noneMatch(slot -> slot.name().equals(name))) {
                        flat.put(prefix + name, json(value));
                    }
                });
        for (Slot<?, ?> slot : loop.slots()) {
            flatten(prefix + slot.name() + ".", slot.get(), state.fields(slot.name()), flat);
        }
    }

    /// {@return a state with one value set}
    ///
    /// @param state the state
    /// @param value the new value
    /// @param path where it stands, outermost name first
    public static LoopState.Fields with(LoopState.Fields state, LoopState value, String... path) {
        SequencedMap<String, LoopState> entries = new LinkedHashMap<>(state.entries());
        entries.put(
                path[0],
                path.length == 1
                        ? value
                        : with(
                                state.fields(path[0]),
                                value,
                                Arrays.copyOfRange(path, 1, path.length)));
        return new LoopState.Fields(entries);
    }

    /// {@return a saved value as JSON}
    ///
    /// @param state the value
    /// @throws IllegalArgumentException if it holds an array
    public static Json json(LoopState state) {
        return switch (state) {
            case LoopState.Num(long value) -> Json.of(value);
            case LoopState.Real(double value) -> Json.of(value);
            case LoopState.Text(String value) -> Json.of(value);
            case LoopState.Flag(boolean value) -> Json.of(value);
            case LoopState.Items(var values) ->
                    Json.of(values.stream().map(StateDict::json).toList());
            case LoopState.Fields(var entries) -> {
                var fields = new LinkedHashMap<String, Json>();
                entries.forEach((name, value) -> fields.put(name, json(value)));
                yield new Fields(fields);
            }
            case LoopState.Data _ ->
                    throw new IllegalArgumentException("StateDict: an array has no JSON form");
        };
    }
}
