package loops.core;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import loops.api.Loop;
import loops.core.checkpoint.Checkpoint;
import loops.core.checkpoint.CheckpointFolder;
import loops.core.loop.TrainingEpochLoop;
import loops.core.training.Activity;
import loops.core.training.Limit;
import loops.core.training.DataModule;
import loops.core.training.EvaluationResult;
import loops.core.training.EvaluationRun;
import loops.core.training.FitPlan;
import loops.core.training.FitResult;
import loops.core.training.FitRun;
import loops.core.training.Hooks;
import loops.core.training.RunView;
import loops.core.training.SaveRequest;
import loops.core.training.TrainingModule;
import loops.core.training.TrainingScope;
import tensor.api.Device;
import tensor.api.RandomKey;
import tensor.api.Tensor;
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
    private final TrainerConfig config;
    private final FitPlan plan;
    private final TrainerSlots slots = new TrainerSlots();

    private Trainer(TrainerConfig config) {
        this.config = config;
        this.plan = config.plan();
    }

    /// {@return a trainer with these choices, and the default loops}
    ///
    /// @param choices sets what is not to be the default
    /// @throws IllegalArgumentException if a number is out of its range
    public static Trainer of(Consumer<TrainerConfig> choices) {
        var config = new TrainerConfig();
        choices.accept(config);
        return new Trainer(config);
    }

    /// {@return the places of the loops}
    public TrainerSlots slots() {
        return slots;
    }

    // ---- fit

    /// Trains a module.
    ///
    /// @param module the module
    /// @param data where its batches come from
    /// @return what it came to
    public FitResult fit(TrainingModule module, DataModule data) {
        return fit(module, data, Resume.never());
    }

    /// Trains a module, or goes on with a training that was saved.
    ///
    /// @param module the module
    /// @param data where its batches come from
    /// @param resume whether it goes on from a checkpoint
    /// @return what it came to
    /// @throws UncheckedIOException if a checkpoint cannot be read or written
    /// @throws IllegalArgumentException if the checkpoint is of another module, or of other loops
    public FitResult fit(TrainingModule module, DataModule data, Resume resume) {
        return onDevice(() -> {
            var scope = TrainingScope.of(module, RandomKey.of(config.seed()));
            var hooks = new Hooks(config.callbacks(), module);
            var run = new FitRun(scope, data, hooks, plan, new SaveRequest());
            return listened(hooks, run.view(0), () -> fit(run, resume));
        });
    }

    private FitResult fit(FitRun run, Resume resume) {
        var checkpoint = read(resume);
        checkpoint.ifPresent(saved -> RunState.restore(saved.state(), run, slots));
        var view = run.view(0);
        run.hooks().call(hook -> hook.onFitStart(view));
        if (checkpoint.isEmpty()) {
            sanityCheck(run);
        }
        var result =
                slots.fit()
                        .get()
                        .run(
                                run,
                                point ->
                                        save(
                                                run.saves().take(),
                                                () ->
                                                        new Checkpoint(
                                                                point.path(),
                                                                RunState.of(point.state(), run))));
        run.hooks().call(hook -> hook.onFitEnd(view));
        return result;
    }

    private static Optional<Checkpoint> read(Resume resume) {
        try {
            var folder =
                    switch (resume) {
                        case Resume.Never() -> Optional.<Path>empty();
                        case Resume.From(Path checkpoint) -> Optional.of(checkpoint);
                        case Resume.Latest(Path directory) ->
                                new CheckpointFolder(directory).latest();
                    };
            return folder.isPresent()
                    ? Optional.of(Checkpoint.read(folder.get()))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void save(List<Path> folders, Supplier<Checkpoint> checkpoint) {
        if (folders.isEmpty()) {
            return;
        }
        var taken = checkpoint.get();
        try {
            for (Path folder : folders) {
                new CheckpointFolder(folder).write(taken);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Tries a few validation batches, to find errors before hours of training. Nothing of it stays: the state of the
    /// run and of the loop is put back.
    private void sanityCheck(FitRun run) {
        if (plan.sanityBatches() == 0 || run.data().validationBatches().isEmpty()) {
            return;
        }
        validationLoop(slots.fit().get()).ifPresent(loop -> sanityCheck(run, loop));
    }

    /// {@return the loop that validates within a fit, whatever stands around its epochs}
    private static Optional<Loop<EvaluationRun, EvaluationResult>> validationLoop(Loop<?, ?> loop) {
        return loop instanceof TrainingEpochLoop epoch
                ? Optional.of(epoch.validationLoop().get())
                : loop.slots().stream()
                        .flatMap(slot -> validationLoop(slot.get()).stream())
                        .findFirst();
    }

    private void sanityCheck(FitRun run, Loop<EvaluationRun, EvaluationResult> loop) {
        var loopBefore = loop.stateDict();
        var scopeBefore = run.scope().stateDict();
        var view = run.view(0);
        run.hooks().callCallbacks(hook -> hook.onSanityCheckStart(view));
        loop.run(
                new EvaluationRun(
                        Activity.SANITY_CHECK,
                        run.scope(),
                        run.data().validationBatches(),
                        Limit.batches(plan.sanityBatches()),
                        0,
                        run.hooks(),
                        plan,
                        run.saves()));
        run.hooks().callCallbacks(hook -> hook.onSanityCheckEnd(view));
        run.scope().loadStateDict(scopeBefore);
        loop.loadStateDict(loopBefore);
        run.saves().take();
    }

    // ---- evaluation

    /// {@return what the module measures on the validation batches}
    ///
    /// @param module the module
    /// @param data where its batches come from
    /// @throws IllegalStateException if the module has no values yet
    public EvaluationResult validate(TrainingModule module, DataModule data) {
        return onDevice(() ->
                evaluate(
                        Activity.VALIDATION,
                        module,
                        data.validationBatches(),
                        plan.validationLimit(),
                        run -> slots.validate().get().run(run)));
    }

    /// {@return what the module measures on the test batches}
    ///
    /// @param module the module
    /// @param data where its batches come from
    /// @throws IllegalStateException if the module has no values yet
    public EvaluationResult test(TrainingModule module, DataModule data) {
        return onDevice(() ->
                evaluate(
                        Activity.TEST,
                        module,
                        data.testBatches(),
                        config.testLimit(),
                        run -> slots.test().get().run(run)));
    }

    /// {@return the module's predictions: for each data loader its batches, in order}
    ///
    /// @param module the module
    /// @param data where its batches come from
    /// @throws IllegalStateException if the module has no values yet
    public List<List<Tensor>> predict(TrainingModule module, DataModule data) {
        return onDevice(() ->
                evaluate(
                        Activity.PREDICTION,
                        module,
                        data.predictionBatches(),
                        config.predictionLimit(),
                        run -> slots.predict().get().run(run)));
    }

    private <O> O evaluate(
            Activity activity,
            TrainingModule module,
            List<BatchSource> sources,
            Limit limit,
            Function<EvaluationRun, O> loop) {
        var scope = TrainingScope.forEvaluation(module, RandomKey.of(config.seed()));
        var hooks = new Hooks(config.callbacks(), module);
        var run =
                new EvaluationRun(
                        activity, scope, sources, limit, 0, hooks, plan, new SaveRequest());
        return listened(hooks, run.view(), () -> loop.apply(run));
    }

    // ---- around every run

    private <T> T onDevice(Supplier<T> body) {
        return Device.of(config.device()).with(body);
    }

    /// Runs something between `setup` and `teardown`. What it throws leaves as it is, after `onException`.
    private static <T> T listened(Hooks hooks, RunView view, Supplier<T> body) {
        T result;
        try {
            hooks.call(hook -> hook.setup(view));
            result = body.get();
        } catch (Throwable thrown) {
            hooks.callAll(hook -> hook.onException(view, thrown)).forEach(thrown::addSuppressed);
            hooks.callAll(hook -> hook.teardown(view)).forEach(thrown::addSuppressed);
            throw thrown;
        }
        for (Throwable thrown : hooks.callAll(hook -> hook.teardown(view))) {
            throw new IllegalStateException("teardown: " + thrown, thrown);
        }
        return result;
    }
}
