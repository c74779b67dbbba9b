package loops.recipes;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import loops.core.training.Callback;
import loops.core.training.HookPoint;
import loops.core.training.TrainingHooks;

/// The callbacks of a run that listen to what happens in a fold, where they would hear several folds at once.
final class UnheardCallbacks {
    private static final Set<String> IN_A_FOLD =
            EnumSet.range(HookPoint.TRAIN_START, HookPoint.TRAIN_END).stream()
                    .map(HookPoint::method)
                    .collect(Collectors.toUnmodifiableSet());

    private UnheardCallbacks() {}

    /// {@return what says which they are, if there are any} One that saves the run does so between the folds.
    static Optional<String> warning(List<Callback> callbacks) {
        var unheard =
                callbacks.stream()
                        .filter(callback -> !callback.saves() && listens(callback))
                        .map(callback -> callback.getClass().getSimpleName())
                        .toList();
        return unheard.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "ParallelKFoldLoop: %s would hear several folds at once, and so hear none; give each fold callbacks of its own, by the factory"
                                .formatted(unheard));
    }

    private static boolean listens(Callback callback) {
        return Arrays.stream(callback.getClass().getMethods())
                .anyMatch(method ->
                        IN_A_FOLD.contains(method.getName())
                                && method.getDeclaringClass() != TrainingHooks.class);
    }
}
