package examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import loops.api.LoopState;

/// What a run of [KFold] must reach. Something is claimed of the default choices alone.
///
/// @param otherChoices the choices of a run that are not the default ones, as on a command line
record KFoldTarget(List<String> otherChoices) {
    private static final double ACCURACY = 0.970;

    /// {@return the target of a run with these options}
    static KFoldTarget of(KFoldOptions options) {
        var byDefault = new KFoldOptions();
        var usual = byDefault.choices(byDefault.hidden);
        var others = new ArrayList<String>();
        options.choices(options.hidden)
                .entries()
                .forEach((option, value) -> {
                    LoopState claimed = usual.get(option);
                    if (!claimed.equals(value)) {
                        others.add(option + " " + value);
                    }
                });
        options.data().ifPresent(file -> others.add("--data " + file));
        return new KFoldTarget(List.copyOf(others));
    }

    /// {@return what says that a run has no target, if so}
    Optional<String> absence() {
        return otherChoices.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "no target for %s: the default choices must reach accuracy %.3f"
                                .formatted(String.join(" ", otherChoices), ACCURACY));
    }

    /// {@return whether a run came to what is claimed of it}
    ///
    /// @param accuracy the mean over its folds
    boolean reached(double accuracy) {
        return !otherChoices.isEmpty() || accuracy >= ACCURACY;
    }
}
