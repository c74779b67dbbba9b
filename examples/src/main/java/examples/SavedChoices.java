package examples;

import java.util.Optional;
import loops.api.LoopState;
import loops.api.LoopState.Fields;
import loops.core.training.Callback;

/// What the user chose for a run, saved with it, so that it only goes on with the same choices.
///
/// @param choices the values by their options: `--folds`
record SavedChoices(Fields choices) implements Callback {
    private static final String ANOTHER_EXAMPLE =
            "--resume: another example was saved there; name another folder";

    /// {@return in one line the first choice that differs from the saved one}
    ///
    /// @param callbacks the saved states of the callbacks
    Optional<String> difference(Fields callbacks) {
        if (!callbacks.has(stateKey())) {
            return Optional.of(ANOTHER_EXAMPLE);
        }
        var saved = callbacks.fields(stateKey());
        if (!saved.entries().keySet().equals(choices.entries().keySet())) {
            return Optional.of(ANOTHER_EXAMPLE);
        }
        for (var choice : choices.entries().entrySet()) {
            LoopState was = saved.get(choice.getKey());
            if (!was.equals(choice.getValue())) {
                return Optional.of(
                        "%s: is '%s', but the run was saved with '%s'; give the same, or name another folder"
                                .formatted(choice.getKey(), choice.getValue(), was));
            }
        }
        return Optional.empty();
    }

    @Override
    public Fields stateDict() {
        return choices;
    }
}
