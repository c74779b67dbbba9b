package loops.core.training;

import java.util.List;
import java.util.OptionalInt;
import tensor.data.BatchSource;

/// What a validation, a test or a prediction works on.
///
/// @param activity which of them
/// @param scope the module and what is alive with it
/// @param sources where the batches come from, one data loader after the other
/// @param limit how many batches of each
/// @param epoch the epoch of training in which it takes place; 0 outside a fit
/// @param place where it stands in a fit
/// @param hooks all that listens
/// @param plan the plan of the fit that it is part of
/// @param saves takes the wish to save
public record EvaluationRun(
        Activity activity,
        TrainingScope scope,
        List<BatchSource> sources,
        Limit limit,
        int epoch,
        Place place,
        Hooks hooks,
        FitPlan plan,
        SaveRequest saves) {
    /// Where an evaluation stands.
    ///
    /// @param first whether it is the first in its epoch of training, so that totals count from here
    /// @param x the place of its metrics on the axis of the loggers
    public record Place(boolean first, long x) {
        /// A place outside a fit.
        public static final Place ALONE = new Place(true, 0);
    }

    /// An evaluation that stands alone.
    ///
    /// @param activity what it is: a validation, a test or a prediction
    /// @param scope the module and what is alive with it
    /// @param sources where the batches come from, one data loader after the other
    /// @param limit how many batches of each
    /// @param epoch the epoch of training in which it takes place; 0 outside a fit
    /// @param hooks all that listens
    /// @param plan the plan of the fit that it is part of
    /// @param saves takes the wish to save
    public EvaluationRun(
            Activity activity,
            TrainingScope scope,
            List<BatchSource> sources,
            Limit limit,
            int epoch,
            Hooks hooks,
            FitPlan plan,
            SaveRequest saves) {
        this(activity, scope, sources, limit, epoch, Place.ALONE, hooks, plan, saves);
    }

    /// Copies the list.
    public EvaluationRun {
        sources = List.copyOf(sources);
    }

    /// {@return how many batches of a source are taken, if that is known}
    ///
    /// @param source the data loader, from 0
    public OptionalInt batchCount(int source) {
        return limit.of(sources.get(source).batchCount());
    }

    /// {@return whether there is not a single batch}
    public boolean empty() {
        for (int i = 0; i < sources.size(); i++) {
            if (batchCount(i).orElse(1) > 0) {
                return false;
            }
        }
        return true;
    }

    /// {@return what hooks see}
    public RunView view() {
        return new RunView(activity, scope, plan, epoch, totalBatches(), saves);
    }

    private OptionalInt totalBatches() {
        int total = 0;
        for (int i = 0; i < sources.size(); i++) {
            var some = batchCount(i);
            if (some.isEmpty()) {
                return some;
            }
            total += some.getAsInt();
        }
        return OptionalInt.of(total);
    }
}
