package loops.recipes;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import loops.core.training.Callback;
import loops.core.training.TrainingModule;
import loops.core.training.TrainingScope;
import tensor.api.RandomKey;

/// What was chosen for active learning.
///
/// @param first how many samples are drawn to be labelled first
/// @param perRound how many labels each further round asks for
/// @param labels after how many the run ends
/// @param passes how many predictions are made of a sample
/// @param heuristic tells from these how much its label is wanted
/// @param start makes the scope of a round
/// @param callbacks makes the callbacks of a round
record ActiveLearningPlan(
        int first,
        int perRound,
        int labels,
        int passes,
        Heuristic heuristic,
        BiFunction<TrainingModule, RandomKey, TrainingScope> start,
        IntFunction<? extends List<? extends Callback>> callbacks) {

    /// {@return how many labels there are at the end of a round}
    int labelsAfter(int round, int poolSize) {
        long wanted = first + (long) round * perRound;
        return (int) Math.min(wanted, Math.min(labels, poolSize));
    }
}
