package loops.core;

import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import loops.api.SafePoints;
import loops.core.callback.ModelCheckpoint;
import loops.core.callback.Timer;
import loops.core.checkpoint.Checkpoint;
import loops.core.logger.Loggers;
import loops.core.training.Activity;
import loops.core.training.Callback;
import loops.core.training.DataModule;
import loops.core.training.EvaluationResult;
import loops.core.training.EvaluationRun;
import loops.core.training.FitPlan;
import loops.core.training.FitResult;
import loops.core.training.FitRun;
import loops.core.training.Hooks;
import loops.core.training.Interruption;
import loops.core.training.Limit;
import loops.core.training.RunView;
import loops.core.training.SaveRequest;
import loops.core.training.TrainingModule;
import loops.core.training.TrainingScope;
import tensor.api.AnomalyMode;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.api.TensorScope;
import tensor.data.BatchSource;

/// Trains, validates, tests and predicts: hands a module, data and hooks to a tree of loops.
///
/// ```java
/// var trainer = Trainer.of(config -> config.maxEpochs(10).callbacks(ModelCheckpoint.everyEpoch(folder)));
/// trainer.fit(new Classifier(), data);
/// trainer.fit(new Classifier(), data, Resume.latest(folder));   // exact, from any safe point
/// trainer.slots().optimizer().replace(old -> new MyOptimizerLoop());
/// ```
///
/// A fit is a new run: it begins at epoch 0 with fresh optimizers, with the values that the module has. Only
/// [Resume] goes on with an earlier one.
///
/// **Threads.** A trainer does one thing at a time, on the calling thread.
public final class Trainer {
    private static final System.Logger LOG = System.getLogger(Trainer.class.getName());

    private final TrainerConfig config;
    private final FitPlan plan;
    private final List<Callback> callbacks;
    private final TrainerSlots slots;
    private final RunFrame frame = new RunFrame();
    private Optional<Path> resumedFrom = Optional.empty();

    private Trainer(TrainerConfig config) {
        this.config = config;
        this.plan = config.plan();
        this.callbacks = callbacks(config);
        this.slots = new TrainerSlots(config.keepPredictions());
    }

    private static List<Callback> callbacks(TrainerConfig config) {
        var callbacks = new ArrayList<>(config.callbacks());
        requireCheckpointing(callbacks, config);
        boolean saves = callbacks.stream().anyMatch(Callback::saves);
        if (!saves && config.checkpointing() && config.folder().isPresent()) {
            callbacks.add(ModelCheckpoint.newest(config.folder().get().resolve("checkpoints")));
        }
        return List.copyOf(callbacks);
    }

    private static void requireCheckpointing(List<Callback> callbacks, TrainerConfig config) {
        var saves = callbacks.stream().filter(Callback::saves).findFirst();
        if (saves.isPresent() && !config.checkpointing()) {
            throw new IllegalArgumentException(
                    "Trainer: checkpointing(false) and %s, which saves; leave one of them out"
                            .formatted(saves.get().getClass().getSimpleName()));
        }
    }

    /// {@return a trainer with these choices, and the default loops}
    ///
    /// @param choices sets what is not to be the default
    /// @throws IllegalArgumentException if a number is out of its range, or two choices exclude each other
    public static Trainer of(Consumer<TrainerConfig> choices) {
        var config = new TrainerConfig();
        choices.accept(config);
        return new Trainer(config);
    }

    /// {@return the places of the loops}
    public TrainerSlots slots() {
        return slots;
    }

    /// {@return how the latest run stands}
    public Status status() {
        return frame.status();
    }

    /// {@return what is being done, while a run is going on}
    public Optional<Activity> activity() {
        return frame.activity();
    }

    /// {@return the callbacks that were chosen, and behind them the one that saves, where the trainer adds one}
    public List<Callback> callbacks() {
        return callbacks;
    }

    /// {@return the checkpoint that the latest run went on from, or took its values from, if there was one}
    public Optional<Path> resumedFrom() {
        return resumedFrom;
    }

    /// {@return how long to train, and what to do on the way}
    public FitPlan plan() {
        return plan;
    }

    /// Asks for an end of the run that is going on, at its next safe point. A fit is saved then, where the trainer has a
    /// folder, and returns; a validation, a test or a prediction throws an [Interruption]. May be called by any thread.
    ///
    /// @param reason why, for people
    public void interrupt(String reason) {
        frame.interrupt(reason);
    }

    // ---- fit

    /// Trains a module. With an auto-save that a failed run has left, it goes on with that run, unless it is a trial.
    ///
    /// @param module the module
    /// @param data where its batches come from
    /// @return what it came to
    public FitResult fit(TrainingModule module, DataModule data) {
        var failed = config.autoSave().filter(place -> !config.trial() && Checkpoint.isAt(place));
        failed.ifPresent(checkpoint ->
                LOG.log(
                        Level.WARNING,
                        "fit: goes on with the run that failed, from {0}; use Resume.never() to start anew",
                        checkpoint));
        return fit(module, data, failed.map(Resume::from).orElseGet(Resume::never));
    }

    /// Trains a module, or goes on with a training that was saved.
    ///
    /// A fit that is interrupted returns too: [FitResult#stopReason] says why, and how to go on.
    ///
    /// @param module the module
    /// @param data where its batches come from
    /// @param resume whether it goes on from a checkpoint
    /// @return what it came to
    /// @throws UncheckedIOException if a checkpoint cannot be read or written
    /// @throws IllegalArgumentException if the checkpoint is not there, is of another module, or of other loops
    /// @throws IllegalStateException if the best checkpoint is asked for and there is none
    public FitResult fit(TrainingModule module, DataModule data, Resume resume) {
        return onDevice(() -> {
            requireFittable(module);
            var hooks = hooks(module, true);
            var saved = read(resume, hooks);
            var scope = TrainingScope.unconfigured(module, RandomKey.of(config.seed()));
            var run = new FitRun(scope, data, hooks, plan, new SaveRequest());
            var fit = new Fit(run, slots, LeftBehind.of(config, Savers.of(hooks.callbacks())));
            try {
                return frame.around(hooks, data, run::view, () -> fit.make(saved));
            } catch (Interruption interruption) {
                return fit.interrupted(interruption);
            }
        });
    }

    private void requireFittable(TrainingModule module) {
        boolean manual = !module.automaticOptimization();
        if (manual && plan.clip().isPresent()) {
            throw new IllegalArgumentException(
                    "Trainer: %s optimizes manually and the plan clips gradients; clip in trainingStep, by step.optimization().clip(..)"
                            .formatted(module.getClass().getSimpleName()));
        }
        if (manual && !plan.accumulation().factors().values().stream().allMatch(n -> n == 1)) {
            throw new IllegalArgumentException(
                    "Trainer: %s optimizes manually and the plan accumulates %s batches; accumulate in trainingStep"
                            .formatted(
                                    module.getClass().getSimpleName(),
                                    plan.accumulation().factors()));
        }
    }

    /// {@return the callbacks of this trainer and of a module, with the timer that the trainer adds}
    private Hooks hooks(TrainingModule module, boolean fits) {
        var all = new ArrayList<>(callbacks);
        if (fits && config.maxTime().isPresent()) {
            all.add(Timer.of(config.maxTime().get()));
        }
        var loggers = config.trial() ? Loggers.of(List.of()) : Loggers.of(config.loggers());
        var hooks = new Hooks(all, loggers, module).withThoseOfTheModule();
        if (config.trial()) {
            hooks = hooks.without(Callback::sitsOutTrials);
        }
        requireCheckpointing(hooks.callbacks(), config);
        Savers.of(hooks.callbacks()).requireApart();
        return hooks;
    }

    private Optional<SavedRun> read(Resume resume, Hooks hooks) {
        var savers = Savers.of(hooks.callbacks());
        resumedFrom = new ResumePlace(savers, LeftBehind.of(config, savers)).of(resume);
        return resumedFrom.map(place -> SavedRun.read(place, resume.leftOut()));
    }

    // ---- evaluation

    /// {@return what the module measures on the validation batches}
    ///
    /// @param module the module
    /// @param data where its batches come from
    /// @throws IllegalStateException if the module has no values yet
    /// @throws Interruption if it is interrupted
    public EvaluationResult validate(TrainingModule module, DataModule data) {
        return validate(module, data, Resume.never());
    }

    /// {@return what the module measures on the validation batches, with the values of a checkpoint}
    ///
    /// @param module the module
    /// @param data where its batches come from
    /// @param values the checkpoint whose values the module gets; with [Resume#never] it keeps those it has
    /// @throws IllegalStateException if the module has no values yet
    /// @throws Interruption if it is interrupted
    public EvaluationResult validate(TrainingModule module, DataModule data, Resume values) {
        return evaluate(
                Activity.VALIDATION,
                module,
                data,
                values,
                data::validationBatches,
                plan.validationLimit(),
                (run, watcher) -> slots.validate().get().run(run, watcher));
    }

    /// {@return what the module measures on the test batches}
    ///
    /// @param module the module
    /// @param data where its batches come from
    /// @throws IllegalStateException if the module has no values yet
    /// @throws Interruption if it is interrupted
    public EvaluationResult test(TrainingModule module, DataModule data) {
        return test(module, data, Resume.never());
    }

    /// {@return what the module measures on the test batches, with the values of a checkpoint}
    ///
    /// @param module the module
    /// @param data where its batches come from
    /// @param values the checkpoint whose values the module gets; with [Resume#never] it keeps those it has
    /// @throws IllegalStateException if the module has no values yet
    /// @throws Interruption if it is interrupted
    public EvaluationResult test(TrainingModule module, DataModule data, Resume values) {
        return evaluate(
                Activity.TEST,
                module,
                data,
                values,
                data::testBatches,
                config.testLimit(),
                (run, watcher) -> slots.test().get().run(run, watcher));
    }

    /// {@return the module's predictions: for each data loader its batches, in order}
    ///
    /// @param module the module
    /// @param data where its batches come from
    /// @throws IllegalStateException if the module has no values yet
    /// @throws Interruption if it is interrupted
    public List<List<Tensor>> predict(TrainingModule module, DataModule data) {
        return predict(module, data, Resume.never());
    }

    /// {@return the module's predictions: for each data loader its batches, in order, with the values of a checkpoint}
    ///
    /// @param module the module
    /// @param data where its batches come from
    /// @param values the checkpoint whose values the module gets; with [Resume#never] it keeps those it has
    /// @throws IllegalStateException if the module has no values yet
    /// @throws Interruption if it is interrupted
    public List<List<Tensor>> predict(TrainingModule module, DataModule data, Resume values) {
        return evaluate(
                Activity.PREDICTION,
                module,
                data,
                values,
                data::predictionBatches,
                config.predictionLimit(),
                (run, watcher) -> slots.predict().get().run(run, watcher));
    }

    private <O> O evaluate(
            Activity activity,
            TrainingModule module,
            DataModule data,
            Resume values,
            Supplier<List<BatchSource>> sources,
            Limit limit,
            BiFunction<EvaluationRun, SafePoints, O> loop) {
        return onDevice(() -> {
            requireMeasurable(activity, module);
            var hooks = hooks(module, false);
            var saved = read(values, hooks).map(SavedRun::state);
            saved.ifPresent(state -> RunState.loadModule(state, module));
            int epoch = saved.map(RunState::epoch).orElse(0);
            var scope = TrainingScope.forEvaluation(module, RandomKey.of(config.seed()));
            var saves = new SaveRequest();
            var view = new RunView(activity, scope, plan, epoch, OptionalInt.empty(), saves);
            return frame.around(
                    hooks,
                    data,
                    () -> view,
                    () ->
                            loop.apply(
                                    new EvaluationRun(
                                            activity,
                                            scope,
                                            limit.none() ? List.of() : sources.get(),
                                            limit,
                                            epoch,
                                            hooks,
                                            plan,
                                            saves),
                                    interrupting(activity, saves)));
        });
    }

    private static SafePoints interrupting(Activity activity, SaveRequest saves) {
        return point -> {
            var reason = point.ended() ? Optional.<String>empty() : saves.interruption();
            if (reason.isPresent()) {
                throw new Interruption(reason.get(), activity);
            }
        };
    }

    private static void requireMeasurable(Activity activity, TrainingModule module) {
        String missing =
                switch (activity) {
                    case VALIDATION -> module.validates() ? "" : "validationStep";
                    case TEST -> module.tests() ? "" : "testStep";
                    case PREDICTION -> module.predicts() ? "" : "predictStep";
                    case TRAINING, SANITY_CHECK -> "";
                };
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s: %s is not overridden; say there what is done with a batch"
                            .formatted(module.getClass().getSimpleName(), missing));
        }
    }

    private <T> T onDevice(Supplier<T> body) {
        frame.requireIdle();
        // batches open scopes of their own; what outlives them, as what a source makes, belongs to
        // none
        Supplier<T> looked = config.anomalies() ? () -> AnomalyMode.in(body) : body;
        return TensorScope.loose(() -> config.device().with(looked));
    }
}
