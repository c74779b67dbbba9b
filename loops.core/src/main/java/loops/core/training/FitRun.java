package loops.core.training;

import java.util.List;
import java.util.OptionalInt;

/// What a fit works on.
///
/// @param scope the module and what is alive with it
/// @param data where batches come from
/// @param hooks all that listens
/// @param plan how long to train
/// @param saves takes the wish to save
/// @param sources the sources of the data that are in use
/// @param notices what people have been told
public record FitRun(
        TrainingScope scope,
        DataModule data,
        Hooks hooks,
        FitPlan plan,
        SaveRequest saves,
        Sources sources,
        Notices notices) {

    /// A fit that has not asked for any source yet.
    ///
    /// @param scope the module and what is alive with it
    /// @param data where batches come from
    /// @param hooks all that listens
    /// @param plan how long to train
    /// @param saves takes the wish to save
    public FitRun(
            TrainingScope scope, DataModule data, Hooks hooks, FitPlan plan, SaveRequest saves) {
        this(
                scope,
                data,
                hooks,
                plan,
                saves,
                new Sources(data, plan, scope.module().validates()),
                new Notices());
    }

    /// {@return a fit that nobody listens to but the module, and that is not saved}
    ///
    /// @param scope what is alive
    /// @param data where its batches come from
    /// @param plan how long to train
    public static FitRun of(TrainingScope scope, DataModule data, FitPlan plan) {
        return new FitRun(
                scope, data, new Hooks(List.of(), scope.module()), plan, new SaveRequest());
    }

    /// {@return the batches to train on in an epoch, if their number is known}
    public OptionalInt trainBatchCount() {
        return plan.trainLimit().of(sources.train().batchCount());
    }

    /// {@return what hooks see during an epoch}
    ///
    /// @param epoch the epoch, from 0
    public RunView view(int epoch) {
        return new RunView(
                Activity.TRAINING,
                scope,
                plan,
                epoch,
                trainBatchCount(),
                sources.validationBatchCount(),
                saves);
    }

    /// {@return what hooks see before the first epoch, and after the last: no source is asked for}
    public RunView view() {
        int epoch = Math.toIntExact(scope.epochs());
        return new RunView(Activity.TRAINING, scope, plan, epoch, OptionalInt.empty(), saves);
    }
}
