package loops.api;

import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import loops.api.LoopState.Fields;
import loops.api.LoopState.Items;

/// A request to end a run early, with its reason.
///
/// It is only a request: loops look at it between two steps, in [Loop#done], and honour it once their minimum
/// is met. It belongs to one run and is part of that run's state, so that a resumed run stops where the
/// undisturbed one would have stopped.
///
/// Several may ask for a stop. Who does so under a name can take that request back: a resumed run may have a larger
/// budget than the one that was saved.
public final class StopSignal implements Stateful {
    private static final String NOBODY = "";

    private final SequencedMap<String, String> reasons = new LinkedHashMap<>();

    /// A signal without a request.
    public StopSignal() {}

    /// Asks for a stop. The first reason stays.
    ///
    /// @param reason why, for people: "val_loss did not improve for 3 epochs"
    public void request(String reason) {
        request(NOBODY, reason);
    }

    /// Asks for a stop under a name. Of those under one name the first reason stays.
    ///
    /// @param by who asks
    /// @param reason why, for people
    public void request(String by, String reason) {
        reasons.putIfAbsent(by, reason);
    }

    /// Takes back what was asked for under a name, if it was. The requests of others stand.
    ///
    /// @param by who asked
    public void withdraw(String by) {
        reasons.remove(by);
    }

    /// {@return whether a stop was asked for}
    public boolean requested() {
        return !reasons.isEmpty();
    }

    /// {@return why a stop was asked for, if it was: the first reason}
    public Optional<String> reason() {
        return reasons.isEmpty() ? Optional.empty() : Optional.of(reasons.firstEntry().getValue());
    }

    /// Takes all requests back.
    public void clear() {
        reasons.clear();
    }

    @Override
    public Fields stateDict() {
        return reasons.isEmpty()
                ? Fields.empty()
                : Fields.of(
                        "requests",
                        new Items(
                                reasons.entrySet().stream()
                                        .<LoopState>map(each ->
                                                Fields.empty()
                                                        .with("by", each.getKey())
                                                        .with("reason", each.getValue()))
                                        .toList()));
    }

    @Override
    public void loadStateDict(Fields state) {
        var loaded = new LinkedHashMap<String, String>();
        if (state.has("requests")) {
            for (LoopState each : state.items("requests")) {
                var request = (Fields) each;
                loaded.put(request.text("by"), request.text("reason"));
            }
        }
        if (state.entries().size() > (loaded.isEmpty() ? 0 : 1)) {
            throw new IllegalArgumentException(
                    "loadStateDict: a stop signal has 'requests' or nothing; found "
                            + state.entries().keySet());
        }
        reasons.clear();
        reasons.putAll(loaded);
    }
}
