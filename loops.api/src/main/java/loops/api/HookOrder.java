package loops.api;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// What the methods of one loop call, in order: the hooks, and the children in between.
///
/// The one source of what is told about the hooks of a tree: [Loop#explain], tables in documents, and the check of a
/// recorded run. A loop says it by overriding [Loop#hookOrder]:
///
/// ```java
/// @Override
/// protected HookOrder hookOrder() {
///     return HookOrder.NONE
///             .onRunStart(calls("onTrainEpochStart"))
///             .advance(calls("onTrainBatchStart"), runs(batch), calls("onTrainBatchEnd"))
///             .onAdvanceEnd(when("validation is due", runs(validation)))
///             .onRunEnd(calls("onTrainEpochEnd"));
/// }
/// ```
public final class HookOrder {
    /// Nothing is called.
    public static final HookOrder NONE = new HookOrder(new LinkedHashMap<>());

    private final SequencedMap<String, List<Call>> calls;

    private HookOrder(SequencedMap<String, List<Call>> calls) {
        this.calls = Collections.unmodifiableSequencedMap(calls);
    }

    /// {@return this order with what [Loop#onSkip] calls}
    ///
    /// @param calls in order
    public HookOrder onSkip(Call... calls) {
        return with("onSkip", calls);
    }

    /// {@return this order with what [Loop#reset] calls}
    ///
    /// @param calls in order
    public HookOrder reset(Call... calls) {
        return with("reset", calls);
    }

    /// {@return this order with what [Loop#onResume] calls}
    ///
    /// @param calls in order
    public HookOrder onResume(Call... calls) {
        return with("onResume", calls);
    }

    /// {@return this order with what [Loop#onRunStart] calls}
    ///
    /// @param calls in order
    public HookOrder onRunStart(Call... calls) {
        return with("onRunStart", calls);
    }

    /// {@return this order with what [Loop#onAdvanceStart] calls}
    ///
    /// @param calls in order
    public HookOrder onAdvanceStart(Call... calls) {
        return with("onAdvanceStart", calls);
    }

    /// {@return this order with what [Loop#advance] calls}
    ///
    /// @param calls in order
    public HookOrder advance(Call... calls) {
        return with("advance", calls);
    }

    /// {@return this order with what [Loop#onAdvanceEnd] calls}
    ///
    /// @param calls in order
    public HookOrder onAdvanceEnd(Call... calls) {
        return with("onAdvanceEnd", calls);
    }

    /// {@return this order with what [Loop#onRunEnd] calls}
    ///
    /// @param calls in order
    public HookOrder onRunEnd(Call... calls) {
        return with("onRunEnd", calls);
    }

    /// {@return what a method calls, in order}
    ///
    /// @param method the name of the method: `"advance"`
    public List<Call> of(String method) {
        return calls.getOrDefault(method, List.of());
    }

    /// A method that is named again has the later calls: so a subclass says what it changes.
    private HookOrder with(String method, Call... more) {
        var all = new LinkedHashMap<>(calls);
        all.put(method, List.of(more));
        return new HookOrder(all);
    }

    @Override
    public String toString() {
        return calls.toString();
    }
}
