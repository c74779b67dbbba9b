package loops.core.training;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// What a hook may look at, and what it may ask for.
///
/// @param activity what is being done
/// @param scope what is alive in it
/// @param plan how long it goes on
/// @param epoch the epoch, from 0
/// @param batchCount the batches of the epoch or evaluation, if their number is known
/// @param validationBatchCount the batches of one validation within an epoch of training, if their number is known; 0 if
///     there is none
/// @param saves takes the wish to save
public record RunView(
        Activity activity,
        TrainingScope scope,
        FitPlan plan,
        int epoch,
        OptionalInt batchCount,
        OptionalInt validationBatchCount,
        SaveRequest saves) {

    /// A view of something within which nothing is validated.
    ///
    /// @param activity what is being done
    /// @param scope what is alive in it
    /// @param plan how long it goes on
    /// @param epoch the epoch, from 0
    /// @param batchCount the batches of the epoch or evaluation, if their number is known
    /// @param saves takes the wish to save
    public RunView(
            Activity activity,
            TrainingScope scope,
            FitPlan plan,
            int epoch,
            OptionalInt batchCount,
            SaveRequest saves) {
        this(activity, scope, plan, epoch, batchCount, OptionalInt.of(0), saves);
    }

    /// {@return the module}
    public TrainingModule module() {
        return scope.module();
    }

    /// {@return whether this is a validation within a fit} One by [Activity#VALIDATION] alone may stand outside.
    public boolean validatesInFit() {
        return activity == Activity.VALIDATION && scope.trains();
    }

    /// {@return the optimizers, in the order of the module's plan}
    public List<TrainingOptimizer> optimizers() {
        return scope.optimizers();
    }

    /// {@return the steps that all optimizers together have made}
    public long globalStep() {
        return scope.globalStep();
    }

    /// {@return the latest metrics}
    public Metrics metrics() {
        return scope.metrics();
    }

    /// Logs a value.
    ///
    /// @param name the name of the metric
    /// @param value the value
    /// @param options how; see [LogOption] for what is meant without any
    /// @throws IllegalStateException in a hook where nothing is logged
    /// @throws IllegalArgumentException see [Metrics#log]
    public void log(String name, double value, LogOption... options) {
        scope.metrics().log(name, value, options);
    }

    /// Asks for an early end of the present epoch. From `onTrainBatchStart` the batch is left out, from elsewhere the
    /// epoch ends after it; the training goes on with the next epoch.
    ///
    /// @param reason why, for people
    public void endEpoch(String reason) {
        scope.epochStop().request(reason);
    }

    /// Sets how many batches make one optimizer step, until the plan says otherwise at the start of an epoch.
    ///
    /// @param batches from 1
    public void accumulate(int batches) {
        scope.accumulate(batches);
    }

    /// {@return what [#globalStep] will be at the end of the fit, if that is known}
    ///
    /// The turns of each optimizer in an epoch by accumulation, rounded up, all together, times epochs; at most the plan's
    /// limit of steps, rounded up to whole batches. Batches that are split along time make more steps.
    ///
    /// @throws IllegalStateException if the plan accumulates other numbers of batches in other epochs
    public OptionalLong estimatedSteps() {
        if (!plan.accumulation().constant()) {
            throw new IllegalStateException(
                    "estimatedSteps: accumulation changes over the epochs: %s; count them by hand"
                            .formatted(plan.accumulation().factors()));
        }
        int atOnce = Math.max(1, scope.active(0).size());
        long limit = (plan.maxSteps() + atOnce - 1) / atOnce * atOnce;
        if (plan.maxEpochs() == -1 || batchCount.isEmpty()) {
            return plan.maxSteps() == -1 ? OptionalLong.empty() : OptionalLong.of(limit);
        }
        long steps = stepsOfEpoch(batchCount.getAsInt()) * Math.max(1, plan.maxEpochs());
        return OptionalLong.of(plan.maxSteps() == -1 ? steps : Math.min(steps, limit));
    }

    private long stepsOfEpoch(int batches) {
        int factor = plan.accumulation().factor(0);
        long steps = 0;
        for (int i = 0; i < Math.max(1, optimizers().size()); i++) {
            steps += (scope.turns().count(i, batches) + factor - 1) / factor;
        }
        return steps;
    }

    /// Asks for an early end of this training.
    ///
    /// @param reason why, for people
    public void stop(String reason) {
        scope.stop().request(reason);
    }

    /// Asks for an early end of this training, in a way that can be taken back.
    ///
    /// @param by who asks
    /// @param reason why, for people
    public void stop(Callback by, String reason) {
        scope.stop().request(by.stateKey(), reason);
    }

    /// Takes back the request of a callback to end this training, if there is one. The requests of others stand.
    ///
    /// @param by who asked
    public void withdrawStop(Callback by) {
        scope.stop().withdraw(by.stateKey());
    }

    /// Asks for an end of the run at the next safe point, wherever that is, without any further hook but `onException`
    /// and `teardown`: the run is to be gone on with later.
    ///
    /// @param reason why, for people
    public void interrupt(String reason) {
        saves.interrupt(reason);
    }

    /// Asks for a checkpoint below a folder, to be written at the next safe point.
    ///
    /// @param folder the folder of all checkpoints
    public void save(Path folder) {
        saves.request(folder);
    }

    /// Asks for a checkpoint at a place of its own, to be written at the next safe point.
    ///
    /// @param checkpoint the folder of that checkpoint
    /// @param obsolete folders of checkpoints that are deleted once the new one is there
    public void save(Path checkpoint, List<Path> obsolete) {
        saves.request(checkpoint, obsolete);
    }
}
