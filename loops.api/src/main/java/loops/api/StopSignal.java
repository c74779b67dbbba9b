package loops.api;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A request to end a run early, with its reason.
///
/// It is only a request: loops look at it between two steps, in [Loop#done], and honour it once their minimum
/// is met. It belongs to one run and is part of that run's state, so that a resumed run stops where the
/// undisturbed one would have stopped.
public final class StopSignal implements Stateful {
    private @Nullable String reason;

    /// A signal without a request.
    public StopSignal() {}

    /// Asks for a stop. The first reason stays.
    ///
    /// @param reason why, for people: "val_loss did not improve for 3 epochs"
    public void request(String reason) {
        if (this.reason == null) {
            this.reason = reason;
        }
    }

    /// {@return whether a stop was asked for}
    public boolean requested() {
        return reason != null;
    }

    /// {@return why a stop was asked for, if it was}
    public Optional<String> reason() {
        return Optional.ofNullable(reason);
    }

    /// Takes the request back.
    public void clear() {
        reason = null;
    }

    @Override
    public LoopState.Fields stateDict() {
        return reason == null
                ? LoopState.Fields.empty()
                : LoopState.Fields.empty().with("reason", reason);
    }

    @Override
    public void loadStateDict(LoopState.Fields state) {
        var loaded = state.has("reason") ? state.text("reason") : null;
        if (state.entries().size() > (loaded == null ? 0 : 1)) {
            throw new IllegalArgumentException(
                    "loadStateDict: a stop signal has a 'reason' or nothing; found "
                            + state.entries().keySet());
        }
        reason = loaded;
    }
}
