package loops.core;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import loops.api.Loop;
import loops.api.LoopTrace;
import loops.api.SafePoints;
import loops.core.callback.ModelCheckpoint;
import loops.core.callback.Timer;
import loops.core.checkpoint.Checkpoint;
import loops.core.logger.Logger.Ending;
import loops.core.logger.Loggers;
import loops.core.loop.FitLoop;
import loops.core.loop.TrainingEpochLoop;
import loops.core.training.Activity;
import loops.core.training.Callback;
import loops.core.training.DataModule;
import loops.core.training.EvaluationResult;
import loops.core.training.EvaluationRun;
import loops.core.training.FitPlan;
import loops.core.training.FitResult;
import loops.core.training.FitRun;
import loops.core.training.HookPoint;
import loops.core.training.Hooks;
import loops.core.training.Interruption;
import loops.core.training.Limit;
import loops.core.training.RunView;
import loops.core.training.SaveRequest;
import loops.core.training.TrainingModule;
import loops.core.training.TrainingScope;
import tensor.api.Device;
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
    private Status status = Status.READY;
    private Optional<Activity> activity = Optional.empty();
    private Optional<Path> resumedFrom = Optional.empty();
    private volatile Optional<SaveRequest> running = Optional.empty();

    private Trainer(TrainerConfig config) {
        this.config = config;
        this.plan = config.plan();
        this.callbacks = callbacks(config);
        this.slots = new TrainerSlots(config.keepPredictions());
    }

    private static List<Callback> callbacks(TrainerConfig config) {
        var callbacks = new ArrayList<>(config.callbacks());
        var saves = callbacks.stream().filter(Callback::saves).findFirst();
        if (saves.isPresent() && !config.checkpointing()) {
            throw new IllegalArgumentException(
                    "Trainer: checkpointing(false) and %s, which saves; leave one of them out"
                            .formatted(saves.get().getClass().getSimpleName()));
        }
        if (saves.isEmpty() && config.checkpointing() && config.folder().isPresent()) {
            callbacks.add(ModelCheckpoint.newest(config.folder().get().resolve("checkpoints")));
        }
        return List.copyOf(callbacks);
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
        return status;
    }

    /// {@return what is being done, while a run is going on}
    public Optional<Activity> activity() {
        return activity;
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
        running.ifPresent(saves -> saves.interrupt(reason));
    }

    // ---- fit

    /// Trains a module. With an auto-save that a failed run has left, it goes on with that run.
    ///
    /// @param module the module
    /// @param data where its batches come from
    /// @return what it came to
    public FitResult fit(TrainingModule module, DataModule data) {
        var failed = config.autoSave().filter(Checkpoint::isAt);
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
            var checkpoint = read(resume, hooks);
            var scope = TrainingScope.unconfigured(module, RandomKey.of(config.seed()));
            var run = new FitRun(scope, data, hooks, plan, new SaveRequest());
            try {
                return listened(
                        run.hooks(),
                        run.data(),
                        run::view,
                        run.saves(),
                        () -> fit(run, checkpoint));
            } catch (Interruption interruption) {
                return interrupted(run, interruption);
            }
        });
    }

    private FitResult fit(FitRun run, Optional<Checkpoint> checkpoint) {
        run.hooks().requireStatesApart();
        run.scope().configureOptimizers();
        checkpoint.ifPresent(saved -> RunState.restore(saved.state(), run, slots));
        var hyperparameters = run.scope().module().hyperparameters();
        if (!hyperparameters.entries().isEmpty()) {
            run.hooks().loggers().hyperparameters(hyperparameters);
        }
        var start = run.view();
        run.hooks().call(HookPoint.FIT_START, start, hook -> hook.onFitStart(start));
        if (checkpoint.isEmpty()) {
            sanityCheck(run);
        }
        var saver = new SafePointSaver(run, config.autoSave(), atInterruption());
        var result = fitLoop(run, saver);
        deleteWhatWasLeft();
        var end = run.view();
        run.hooks().call(HookPoint.FIT_END, end, hook -> hook.onFitEnd(end));
        saver.over(slots.fit().get());
        return result;
    }

    private FitResult fitLoop(FitRun run, SafePointSaver saver) {
        try (var shutdown = new Shutdown(run.saves())) {
            try {
                return slots.fit().get().run(run, saver);
            } catch (Interruption interruption) {
                shutdown.interrupted(String.valueOf(interruption.getMessage()));
                throw interruption;
            } catch (RuntimeException | Error thrown) {
                saver.failed(thrown);
                throw thrown;
            }
        }
    }

    /// This run has come to its end, and with it those that it went on with.
    private void deleteWhatWasLeft() {
        config.autoSave().ifPresent(SafePointSaver::delete);
        resumedFrom
                .filter(from -> atInterruption().filter(place -> same(place, from)).isPresent())
                .ifPresent(SafePointSaver::delete);
    }

    private static boolean same(Path one, Path other) {
        return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
    }

    /// {@return where an interrupted fit is saved} Without a folder of the trainer, beside the checkpoints of the first
    /// callback that saves.
    private Optional<Path> atInterruption() {
        return config.atInterruption()
                .or(() ->
                        callbacks.stream()
                                .filter(ModelCheckpoint.class::isInstance)
                                .map(saver -> ((ModelCheckpoint) saver).folder())
                                .findFirst()
                                .map(folder -> folder.resolve(TrainerConfig.INTERRUPTED)));
    }

    private FitResult interrupted(FitRun run, Interruption interruption) {
        rethrow(
                Arrays.stream(interruption.getSuppressed())
                        .filter(thrown -> !(thrown instanceof LoopTrace))
                        .toList());
        var scope = run.scope();
        return new FitResult(
                fitLoop()
                        .map(loop -> loop.epochProgress().current().ready())
                        .map(Math::toIntExact)
                        .orElse(0),
                scope.globalStep(),
                Optional.of(String.valueOf(interruption.getMessage())),
                scope.metrics().all());
    }

    /// {@return the loop over epochs, whatever stands around it}
    private Optional<FitLoop> fitLoop() {
        return find(slots.fit().get(), FitLoop.class);
    }

    private static <L> Optional<L> find(Loop<?, ?> loop, Class<L> type) {
        return type.isInstance(loop)
                ? Optional.of(type.cast(loop))
                : loop.slots().stream()
                        .flatMap(slot -> find(slot.get(), type).stream())
                        .findFirst();
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
        if (config.trial()) {
            all.removeIf(Callback::sitsOutTrials);
        }
        var loggers = config.trial() ? Loggers.of(List.of()) : Loggers.of(config.loggers());
        var hooks = new Hooks(all, loggers, module).withThoseOfTheModule();
        requireApart(hooks.callbacks());
        return hooks;
    }

    private static void requireApart(List<Callback> callbacks) {
        var savers =
                callbacks.stream()
                        .filter(ModelCheckpoint.class::isInstance)
                        .map(ModelCheckpoint.class::cast)
                        .toList();
        for (int i = 0; i < savers.size(); i++) {
            for (ModelCheckpoint other : savers.subList(i + 1, savers.size())) {
                requireApart(savers.get(i), other);
            }
        }
    }

    /// Two that gave the same names would write over each other's checkpoints, and of two states under one key each
    /// would get that of the other.
    private static void requireApart(ModelCheckpoint one, ModelCheckpoint other) {
        if (one.sharesNamesWith(other)) {
            throw new IllegalArgumentException(
                    "Trainer: two ModelCheckpoints give the same names in '%s'; give one of them another folder, or a fileName(..) of its own"
                            .formatted(one.folder()));
        }
        if (one.stateKey().equals(other.stateKey())) {
            throw new IllegalArgumentException(
                    "Trainer: the ModelCheckpoints of '%s' and '%s' look at the same metric and save at the same moments, so a checkpoint could not tell their states apart; give one of them a name by named(..)"
                            .formatted(one.folder(), other.folder()));
        }
    }

    private Optional<Checkpoint> read(Resume resume, Hooks hooks) {
        var leftBehind =
                Stream.of(config.autoSave(), atInterruption())
                        .flatMap(Optional::stream)
                        .distinct()
                        .toList();
        resumedFrom = new ResumePlace(hooks.callbacks(), leftBehind).of(resume);
        try {
            return resumedFrom.isPresent()
                    ? Optional.of(Checkpoint.read(resumedFrom.get()))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Tries a few validation batches, to find errors before hours of training. Nothing of it stays: the state of the
    /// run and of the loop is put back, and what hooks of it ask to have saved is not.
    private void sanityCheck(FitRun run) {
        if (plan.sanityLimit().none() || run.sources().sanity().isEmpty()) {
            return;
        }
        find(slots.fit().get(), TrainingEpochLoop.class)
                .ifPresent(epoch -> sanityCheck(run, epoch.validationLoop().get()));
    }

    private void sanityCheck(FitRun run, Loop<EvaluationRun, EvaluationResult> loop) {
        var loopBefore = loop.values(); // also of one whose last run has failed
        var scopeBefore = run.scope().stateDict();
        var savesBefore = run.saves().take();
        var view = run.view();
        run.hooks()
                .callCallbacks(
                        HookPoint.SANITY_CHECK_START, view, hook -> hook.onSanityCheckStart(view));
        loop.run(
                new EvaluationRun(
                        Activity.SANITY_CHECK,
                        run.scope(),
                        run.sources().sanity(),
                        plan.sanityLimit().within(plan.validationLimit()),
                        0,
                        run.hooks(),
                        plan,
                        run.saves()));
        run.hooks()
                .callCallbacks(
                        HookPoint.SANITY_CHECK_END, view, hook -> hook.onSanityCheckEnd(view));
        run.scope().loadStateDict(scopeBefore);
        loop.loadStateDict(loopBefore);
        run.saves().take();
        savesBefore.forEach(run.saves()::request);
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
            var checkpoint = read(values, hooks);
            checkpoint.ifPresent(saved -> RunState.loadModule(saved.state(), module));
            int epoch = checkpoint.map(saved -> RunState.epoch(saved.state())).orElse(0);
            var scope = TrainingScope.forEvaluation(module, RandomKey.of(config.seed()));
            var saves = new SaveRequest();
            var view = new RunView(activity, scope, plan, epoch, OptionalInt.empty(), saves);
            return listened(
                    hooks,
                    data,
                    () -> view,
                    saves,
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

    // ---- around every run

    private <T> T onDevice(Supplier<T> body) {
        if (status == Status.RUNNING) {
            throw new IllegalStateException(
                    "Trainer: is running already; a trainer does one thing at a time");
        }
        // batches open scopes of their own; what outlives them, as what a source makes, belongs to
        // none
        return TensorScope.loose(() -> Device.of(config.device()).with(body));
    }

    /// Runs something between `setup` and `teardown`. What it throws leaves as it is, after `onException`.
    private <T> T listened(
            Hooks hooks,
            DataModule data,
            Supplier<RunView> views,
            SaveRequest saves,
            Supplier<T> body) {
        var view = views.get();
        status = Status.RUNNING;
        activity = Optional.of(view.activity());
        running = Optional.of(saves);
        var failed = Status.INTERRUPTED;
        T result;
        try {
            data.prepareData();
            view.module().prepareData();
            data.setup(view.activity());
            hooks.call(HookPoint.SETUP, view, hook -> hook.setup(view));
            result = body.get();
            failed = Status.FINISHED;
        } catch (Throwable thrown) {
            var at = views.get();
            hooks.callAll(HookPoint.EXCEPTION, at, hook -> hook.onException(at, thrown))
                    .forEach(thrown::addSuppressed);
            end(hooks, data, at, Ending.FAILED).forEach(thrown::addSuppressed);
            throw thrown;
        } finally {
            status = failed;
            activity = Optional.empty();
            running = Optional.empty();
        }
        rethrow(end(hooks, data, views.get(), Ending.SUCCESS));
        return result;
    }

    /// Throws the first as it is, with the others as suppressed ones; nothing happens if there is none.
    private static void rethrow(List<Throwable> thrown) {
        if (thrown.isEmpty()) {
            return;
        }
        var first = thrown.getFirst();
        thrown.stream().skip(1).forEach(first::addSuppressed);
        if (first instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) first;
    }

    private static List<Throwable> end(Hooks hooks, DataModule data, RunView view, Ending ending) {
        var thrown = new ArrayList<Throwable>();
        try {
            data.teardown(view.activity());
        } catch (RuntimeException | Error e) {
            thrown.add(e);
        }
        thrown.addAll(hooks.callAll(HookPoint.TEARDOWN, view, hook -> hook.teardown(view)));
        try {
            hooks.loggers().finish(ending);
        } catch (RuntimeException | Error e) {
            thrown.add(e);
        }
        return thrown;
    }
}
