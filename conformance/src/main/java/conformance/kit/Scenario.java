package conformance.kit;

import conformance.check.Answers;
import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.check.Phrases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import loops.api.LoopState;
import loops.core.Resume;
import loops.core.Trainer;
import loops.core.TrainerConfig;
import loops.core.checkpoint.Checkpoint;
import loops.core.logger.MemoryLogger;
import loops.core.loop.FitLoop;
import loops.core.loop.PredictionEpochLoop;
import loops.core.training.Activity;
import loops.core.training.Callback;
import loops.core.training.EvaluationResult;
import loops.core.training.FitResult;
import loops.core.training.Limit;
import loops.core.training.RunView;
import org.jspecify.annotations.Nullable;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.BatchSource;

/// A trainer, a model and data, all of which record what happens.
///
/// ```java
/// var scenario = Scenario.of(setup.fields("trainer"));
/// scenario.script().loss((model, batch, step) -> step.batchIndex() % 2 == 0 ? null : model.loss(batch));
/// scenario.fit();
/// return scenario.answers();
/// ```
///
/// The trainer is made at its first use, so that what makes it throw is seen there.
public final class Scenario {
    private final Events events = new Events();
    private final Loaders loaders = new Loaders(events);
    private final LogLines log = new LogLines();
    private final Script script = new Script();
    private final List<Callback> callbacks = new ArrayList<>();
    private LoopState.Fields callbackState = LoopState.Fields.empty();
    private Consumer<TrainerConfig> choices;
    private Stepper stepper = (optimizer, split, closure) -> optimizer.step(closure);
    private Optional<MemoryLogger> logger = Optional.empty();
    private @Nullable Trainer trainer;
    private @Nullable TrainedModel model;

    private Scenario(Consumer<TrainerConfig> choices) {
        this.choices = choices;
    }

    /// {@return a scenario with these flags, and the boring model and its data}
    ///
    /// @param flags the flags of the trainer; those that are choices of a trainer are read
    public static Scenario of(Keys flags) {
        return new Scenario(TrainerFlags.read(flags));
    }

    /// {@return a scenario without flags}
    public static Scenario plain() {
        return new Scenario(config -> {});
    }

    // ---- before a run

    /// {@return what the model does}
    public Script script() {
        return script;
    }

    /// {@return where batches come from}
    public Loaders loaders() {
        return loaders;
    }

    /// {@return what was said to people}
    public LogLines log() {
        return log;
    }

    /// Sets how many batches there are to learn from.
    ///
    /// @param count the number
    public void trainBatches(int count) {
        loaders.train(loaders.source("train", count));
    }

    /// {@return what happened}
    public Events events() {
        return events;
    }

    /// Makes further choices of the trainer.
    ///
    /// @param more the choices
    public void choose(Consumer<TrainerConfig> more) {
        choices = choices.andThen(more);
    }

    /// Adds a callback, before the one that records.
    ///
    /// @param callback the callback
    public void callback(Callback callback) {
        callbacks.add(callback);
    }

    /// Sets the state that the callback that records has saved with a run.
    ///
    /// @param state the state
    public void callbackState(LoopState.Fields state) {
        callbackState = state;
    }

    /// Adds a logger that keeps what is logged; see [#rows].
    public void logInMemory() {
        logger = Optional.of(MemoryLogger.of());
        choose(config -> logger.ifPresent(config::loggers));
    }

    /// {@return what was logged in memory}
    public List<MemoryLogger.Row> rows() {
        return logger.map(MemoryLogger::rows).orElse(List.of());
    }

    /// Sets what lets an optimizer make its step.
    ///
    /// @param other is asked instead of the optimizer
    public void stepper(Stepper other) {
        stepper = other;
    }

    /// {@return the trainer, whose loops record}
    public Trainer trainer() {
        var made = trainer;
        if (made == null) {
            made = newTrainer();
            trainer = made;
        }
        return made;
    }

    private Trainer newTrainer() {
        var all = new ArrayList<>(callbacks);
        all.add(new RecordingCallback(events, callbackState));
        var made =
                Trainer.of(config -> {
                    config.callbacks(all.toArray(Callback[]::new));
                    choices.accept(config);
                });
        var slots = made.slots();
        slots.fit().replace(old -> new RecordingFitLoop(events));
        slots.epoch().replace(old -> new RecordingEpochLoop(events));
        slots.optimizer().replace(old -> new RecordingOptimizerLoop(events, stepper));
        slots.validationEpoch().replace(old -> new RecordingEvaluationLoop(events));
        slots.validateEpoch().replace(old -> new RecordingEvaluationLoop(events));
        slots.testEpoch().replace(old -> new RecordingEvaluationLoop(events));
        boolean keeps = slots.predictEpoch().get(PredictionEpochLoop.class).keeps();
        slots.predictEpoch().replace(old -> new RecordingPredictionLoop(events, keeps));
        return made;
    }

    /// Has the next run make a new trainer and a new model.
    public void restart() {
        trainer = null;
        model = null;
    }

    /// {@return the model, whose parameters have values}
    public TrainedModel model() {
        var made = model;
        if (made == null) {
            var fresh = script.model(events);
            fresh.initialize(RandomKey.of(1));
            made = fresh;
            model = made;
        }
        return made;
    }

    // ---- runs

    /// {@return what a fit came to}
    public FitResult fit() {
        return log.during(() -> trainer().fit(model(), loaders));
    }

    /// {@return what a fit came to that went on}
    ///
    /// @param resume from where
    public FitResult fit(Resume resume) {
        return log.during(() -> trainer().fit(model(), loaders, resume));
    }

    /// {@return what a validation came to}
    public EvaluationResult validate() {
        return log.during(() -> trainer().validate(model(), loaders));
    }

    /// {@return what a validation with the values of a checkpoint came to}
    ///
    /// @param values the checkpoint
    public EvaluationResult validate(Resume values) {
        return log.during(() -> trainer().validate(model(), loaders, values));
    }

    /// {@return what a test with the values of a checkpoint came to}
    ///
    /// @param values the checkpoint
    public EvaluationResult test(Resume values) {
        return log.during(() -> trainer().test(model(), loaders, values));
    }

    /// {@return what a test came to}
    public EvaluationResult test() {
        return log.during(() -> trainer().test(model(), loaders));
    }

    /// {@return what was predicted}
    public List<List<Tensor>> predict() {
        return log.during(() -> trainer().predict(model(), loaders));
    }

    // ---- afterwards

    /// {@return what every area may be asked about a scenario that has been run}
    public Answers answers() {
        return new Answers()
                .to("global_step", this::globalStep)
                .to("current_epoch", this::currentEpoch)
                .to("finished", () -> trainer().status() == loops.core.Status.FINISHED)
                .to("training_steps", () -> events.count("training_step"))
                .to("validation_steps", () -> events.count("validation_step"))
                .to("test_steps", () -> events.count("test_step"))
                .to("training_epoch_ends", () -> events.count("training_epoch_end"))
                .to("validation_epoch_ends", () -> events.count("validation_epoch_end"))
                .to("test_epoch_ends", () -> events.count("test_epoch_end"))
                .to("train_epochs", () -> events.count("training_epoch_end"))
                .to("val_epochs", () -> events.count("validation_epoch_end"))
                .to("test_epochs", () -> events.count("test_epoch_end"))
                .to("backward_calls", () -> events.count("backward"))
                .to("num_training_batches", this::trainBatches)
                .to("num_val_batches", this::validationBatches)
                .to("num_test_batches", () -> loaderBatches(Activity.TEST))
                .to("max_epochs", () -> trainer().plan().maxEpochs())
                .to("max_steps", () -> trainer().plan().maxSteps())
                .to("num_sanity_val_steps", this::sanitySteps)
                .to("limit_train_batches", () -> TrainerFlags.number(trainer().plan().trainLimit()))
                .to(
                        "limit_val_batches",
                        () -> TrainerFlags.number(trainer().plan().validationLimit()))
                .to(
                        "val_check_interval",
                        () -> TrainerFlags.number(trainer().plan().validateEvery()))
                .to("check_val_every_n_epoch", () -> trainer().plan().validateEveryEpochs())
                .to("logged_metrics_keys", this::loggedKeys);
    }

    private List<String> loggedKeys() {
        return events.latestRun()
                .map(run -> run.metrics().logged().keySet().stream().sorted().toList())
                .orElse(List.of());
    }

    /// {@return the steps that all optimizers have made in the latest run}
    public long globalStep() {
        return events.latestRun().map(RunView::globalStep).orElse(0L);
    }

    /// {@return the epochs that the latest fit has completed}
    public long currentEpoch() {
        return trainer().slots().fit().get(FitLoop.class).epochProgress().current().completed();
    }

    /// {@return how many timers a fit has, as a checkpoint of one shows it that is stopped at its start}
    public int timers() {
        try (var workspace = Workspace.create()) {
            var place = workspace.folder().resolve("start.ckpt");
            events.on(
                    "on_fit_start",
                    event -> {
                        event.run().orElseThrow().save(place, List.of());
                        event.run().orElseThrow().stop("only the start is wanted");
                    });
            fit();
            var callbacks = Checkpoint.read(place).state().fields("callbacks");
            return (int)
                    callbacks.entries().keySet().stream()
                            .filter(key -> key.startsWith("Timer"))
                            .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Reads that a model is the boring one.
    ///
    /// @param said the name of the model
    public static void requireBoring(String said) {
        Phrases.<Boolean>of().say("boring", match -> true).read(said);
    }

    /// {@return how many batches an epoch of training has}
    ///
    /// @throws NotUnderstoodException if that is not known
    public int batchesOfAnEpoch() {
        return trainer()
                .plan()
                .trainLimit()
                .of(loaders.trainSource().batchCount())
                .orElseThrow(() -> new NotUnderstoodException("an epoch has no known length"));
    }

    private Object trainBatches() {
        return number(trainer().plan().trainLimit().of(loaders.trainSource().batchCount()));
    }

    /// {@return the batches of each validation source, none if the run asks for no source}
    public List<Object> validationBatches() {
        return events.count("val_dataloader") == 0 || !model().validates()
                ? List.of()
                : loaders.validationSources().stream()
                        .map(BatchSource::batchCount)
                        .map(count -> number(trainer().plan().validationLimit().of(count)))
                        .toList();
    }

    /// {@return the batches that were taken of each source}
    ///
    /// @param activity what for
    public List<Object> loaderBatches(Activity activity) {
        return events.loaders().stream()
                .filter(loader -> loader.activity() == activity)
                .map(loader -> number(loader.batches()))
                .toList();
    }

    /// {@return the number that stands for the limit of a test that was run}
    public Object testLimit() {
        return TrainerFlags.number(
                events.loaders().stream()
                        .filter(loader -> loader.activity() == Activity.TEST)
                        .findFirst()
                        .orElseThrow(() -> new NotUnderstoodException("there was no test"))
                        .limit());
    }

    private static Object number(OptionalInt count) {
        return count.isPresent() ? (Object) count.getAsInt() : Double.POSITIVE_INFINITY;
    }

    private Object sanitySteps() {
        return trainer().plan().sanityLimit() instanceof Limit.Batches(int batches)
                ? (Object) batches
                : Double.POSITIVE_INFINITY;
    }
}
