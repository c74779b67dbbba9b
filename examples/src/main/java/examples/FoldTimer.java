package examples;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import loops.core.training.Callback;
import loops.core.training.RunView;
import loops.core.training.TrainingModule;

/// Measures how long each fold took in this process. It is no state: a resumed run measures what it does itself. May hear
/// several folds at once.
///
/// @param members the modules that the folds train
/// @param startNanos when each fold began, by its number from 0
/// @param seconds how long each took
record FoldTimer(
        List<? extends TrainingModule> members,
        Map<Integer, Long> startNanos,
        Map<Integer, Double> seconds)
        implements Callback {

    /// A timer for the folds that train these modules.
    FoldTimer(List<? extends TrainingModule> members) {
        this(members, new ConcurrentHashMap<>(), new ConcurrentHashMap<>());
    }

    @Override
    public void onTrainStart(RunView run) {
        startNanos.put(fold(run), System.nanoTime());
    }

    @Override
    public void onTrainEnd(RunView run) {
        var start = startNanos.get(fold(run));
        if (start != null) {
            seconds.put(fold(run), (System.nanoTime() - start) / 1e9);
        }
    }

    /// {@return the number of the fold that is trained, from 0}
    int fold(RunView run) {
        return members.indexOf(run.module());
    }

    /// {@return the seconds of a fold's training, or a dash if it began in an earlier process}
    ///
    /// @param fold its number, from 0
    String of(int fold) {
        var measured = seconds.get(fold);
        return measured == null ? "-" : String.format(Locale.ROOT, "%.1f", measured);
    }
}
