package loops.core.callback;

import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import loops.api.LoopState.Fields;
import loops.api.Subscription;
import loops.core.callback.KeptCheckpoints.Kept;
import loops.core.callback.KeptCheckpoints.Wish;
import loops.core.training.Activity;
import loops.core.training.BatchResult;
import loops.core.training.Callback;
import loops.core.training.Milestone;
import loops.core.training.RunView;
import tensor.data.Batch;

/// Saves the run every so often, and keeps the best checkpoints, or the newest.
///
/// ```java
/// ModelCheckpoint.best(folder, "val_loss", MIN)
/// ModelCheckpoint.of(folder, c -> c.monitor("val_loss", MIN).keep(3).saveLast().fileName("{epoch}-{val_loss:.2f}"))
/// ModelCheckpoint.of(folder, c -> c.everySteps(100).newest(2))
/// ```
///
/// It decides in a hook, after a batch, a validation or an epoch, and changes its own state there. The checkpoint is
/// written at the next safe point, with all that the hook has left behind, and only then the one that gave way to it is
/// deleted. So what [#best] and [#last] name is on the disk from the next safe point on; if the run fails before, they
/// name what they named before.
///
/// **Names.** Each is given once: where `epoch=0-step=2.ckpt` is taken, `epoch=0-step=2-v1.ckpt` is next. In a folder that
/// holds checkpoints of an earlier run these stay. A resumed run gives the names that the undisturbed one would give, over
/// what the interrupted one has left behind after the checkpoint.
///
/// **Another folder.** A run that is resumed with another folder starts to keep anew there; it knows the best of the old
/// one until it has a better one, and deletes nothing there.
///
/// A callback that hears several fits, one after the other, keeps the best of all. Where a loop lets it hear none of them,
/// it saves at that loop's [milestones][Milestone].
public final class ModelCheckpoint implements Callback {
    private static final System.Logger LOG = System.getLogger(ModelCheckpoint.class.getName());

    private final Optional<String> label;
    private final SaveMoments moments;
    private final KeptCheckpoints kept;

    private ModelCheckpoint(Path folder, ModelCheckpointConfig config) {
        label = config.label();
        kept = new KeptCheckpoints(config.policy(folder));
        moments = config.moments();
        if (config.savesTheSameTwice()) {
            LOG.log(
                    Level.INFO,
                    "ModelCheckpoint: all checkpoints are kept and nothing is monitored, so saveLast() saves each of them twice; leave it out");
        }
    }

    /// {@return a callback with these choices; without any it saves after each epoch and keeps the newest} Only with
    /// [ModelCheckpointConfig#saveLast()] or [ModelCheckpointConfig#newest] are its checkpoints found by `Resume.last()`.
    ///
    /// @param folder where the checkpoints go
    /// @param choices sets what is not to be the default
    /// @throws IllegalArgumentException if a number is out of its range, or two choices exclude each other
    public static ModelCheckpoint of(Path folder, Consumer<ModelCheckpointConfig> choices) {
        var config = new ModelCheckpointConfig();
        choices.accept(config);
        return new ModelCheckpoint(folder, config);
    }

    /// {@return a callback that saves after each epoch and keeps the newest checkpoint}
    ///
    /// @param folder where the checkpoint goes
    public static ModelCheckpoint newest(Path folder) {
        return of(folder, config -> config.newest(1));
    }

    /// {@return a callback that saves after each epoch and keeps the best checkpoint}
    ///
    /// @param folder where the checkpoint goes
    /// @param metric says how good it is
    /// @param mode which of its values are the better ones
    public static ModelCheckpoint best(Path folder, String metric, Mode mode) {
        return of(folder, config -> config.monitor(metric, mode));
    }

    /// {@return a callback that saves after each epoch and keeps the newest two checkpoints: should one be damaged, there
    /// is another}
    ///
    /// @param folder where the checkpoints go
    public static ModelCheckpoint everyEpoch(Path folder) {
        return of(folder, config -> config.newest(2));
    }

    /// {@return a callback that saves after every so many optimizer steps and keeps the newest two checkpoints}
    ///
    /// @param folder where the checkpoints go
    /// @param steps a number of steps; 0 for never
    /// @throws IllegalArgumentException if `steps` is negative
    public static ModelCheckpoint everySteps(Path folder, long steps) {
        return of(folder, config -> config.newest(2).everySteps(steps));
    }

    // ---- what was saved

    /// {@return the folder of the checkpoints}
    public Path folder() {
        return kept.policy().folder();
    }

    /// {@return the best checkpoint that is kept: the newest if nothing is monitored}
    public Optional<Path> best() {
        return kept.bestPath();
    }

    /// {@return the score of the best, if a metric is monitored} A score that was NaN is the worst infinity.
    public OptionalDouble bestScore() {
        return score(kept.best());
    }

    /// {@return the checkpoint that gives way to the next one that is better, once as many are kept as may be}
    public Optional<Path> worst() {
        return weakest().map(found -> kept.path(found.name()));
    }

    /// {@return its score}
    public OptionalDouble worstScore() {
        return score(weakest());
    }

    private Optional<Kept> weakest() {
        boolean counts = kept.policy().keep() == -1 || kept.full();
        return counts && kept.policy().monitor().isPresent() ? kept.worst() : Optional.empty();
    }

    private static OptionalDouble score(Optional<Kept> one) {
        return one.map(Kept::score).orElse(OptionalDouble.empty());
    }

    /// {@return the scores of the checkpoints that are kept, in the order in which they were saved; none if nothing is
    /// monitored}
    public SequencedMap<Path, Double> scores() {
        var scores = new LinkedHashMap<Path, Double>();
        kept.all()
                .forEach(each ->
                        each.score().ifPresent(score -> scores.put(kept.path(each.name()), score)));
        return scores;
    }

    /// {@return the score of the checkpoint that was kept last, if a metric is monitored}
    public OptionalDouble currentScore() {
        return kept.current();
    }

    /// {@return the checkpoint of [ModelCheckpointConfig#saveLast()], once there is one}
    public Optional<Path> last() {
        return kept.last();
    }

    /// {@return the optimizer steps that had been made when the run was last saved; 0 before}
    public long lastSteps() {
        return kept.steps();
    }

    /// {@return whether a checkpoint may be one of those that this callback keeps, by its name}
    ///
    /// @param checkpoint a checkpoint in the folder
    public boolean names(Path checkpoint) {
        return fits(checkpoint, templates());
    }

    /// {@return whether a checkpoint may be one that is kept because it was the newest, by its name: of
    /// [ModelCheckpointConfig#saveLast()] or [ModelCheckpointConfig#newest]}
    ///
    /// @param checkpoint a checkpoint in the folder
    public boolean namesNewest(Path checkpoint) {
        var policy = kept.policy();
        return fits(checkpoint, policy.newest() ? templates() : policy.last().stream().toList());
    }

    private static boolean fits(Path checkpoint, List<CheckpointName> templates) {
        String name = checkpoint.getFileName().toString();
        return templates.stream().anyMatch(template -> template.fits(name));
    }

    /// {@return whether another callback might give its checkpoints the names that this one gives}
    ///
    /// @param other the other
    public boolean sharesNamesWith(ModelCheckpoint other) {
        return folder().toAbsolutePath()
                        .normalize()
                        .equals(other.folder().toAbsolutePath().normalize())
                && templates().stream().anyMatch(other.templates()::contains);
    }

    private List<CheckpointName> templates() {
        var policy = kept.policy();
        var last = policy.last().stream();
        return (policy.keep() == 0 ? last : Stream.concat(last, Stream.of(policy.name()))).toList();
    }

    // ---- hooks

    @Override
    public boolean saves() {
        return true;
    }

    @Override
    public boolean comesLast() {
        return true;
    }

    /// {@return a name made of what is monitored, and of [ModelCheckpointConfig#named] or, without that, of when it saves}
    /// A run with two callbacks that agree in that is refused. The folder is no part of it, so a run may be moved.
    @Override
    public String stateKey() {
        return "ModelCheckpoint{monitor=%s, mode=%s, %s}"
                .formatted(
                        kept.policy().monitor().orElse("none"),
                        kept.policy().mode(),
                        label.map("name=%s"::formatted).orElseGet(this::savingMoments));
    }

    private String savingMoments() {
        var trigger = moments.trigger();
        return "everySteps=%d, everyEpochs=%d, every=%s"
                .formatted(
                        trigger.steps(),
                        trigger.epochs(),
                        trigger.time().isZero() ? "none" : trigger.time());
    }

    @Override
    public void setup(RunView run) {
        if (run.activity() == Activity.TRAINING) {
            kept.open();
        }
    }

    @Override
    public void onFitStart(RunView run) {
        kept.started();
    }

    @Override
    public void onTrainStart(RunView run) {
        moments.begin();
    }

    @Override
    public void onTrainBatchEnd(RunView run, BatchResult result, Batch batch, int batchIndex) {
        if (moments.afterBatch(run)) {
            save(run, true);
        }
    }

    @Override
    public void onValidationEnd(RunView run) {
        if (run.validatesInFit() && moments.afterValidation(run)) {
            save(run, moments.keeps(run));
        }
    }

    @Override
    public void onTrainEpochMeasured(RunView run) {
        if (moments.afterEpoch(run)) {
            save(run, moments.keeps(run));
        }
    }

    @Override
    public List<Subscription<?>> subscriptions() {
        return List.of(Subscription.to(Milestone.class, milestone -> atMilestone(milestone.run())));
    }

    /// What is monitored may be measured in the fits alone, which are not heard here.
    private void atMilestone(RunView run) {
        var values = values(run);
        var missing = kept.policy().monitor().filter(metric -> !values.containsKey(metric));
        missing.ifPresent(metric -> warnOf(metric, values));
        save(run, missing.isEmpty());
    }

    private static Map<String, Double> values(RunView run) {
        var values = new LinkedHashMap<>(run.metrics().all());
        values.putIfAbsent("epoch", (double) run.epoch());
        values.putIfAbsent("step", (double) run.globalStep());
        return values;
    }

    private void save(RunView run, boolean keeps) {
        var values = values(run);
        kept.next(run.saves()::wants);
        if (keeps) {
            keep(run, values).ifPresent(wish -> save(run, wish));
        }
        kept.keepLast(run.globalStep(), values).ifPresent(wish -> save(run, wish));
    }

    private static void save(RunView run, Wish wish) {
        run.save(wish.checkpoint(), wish.obsolete());
    }

    /// What was asked for and is not written by now never will be.
    @Override
    public void onException(RunView run, Throwable thrown) {
        kept.takeBack(run.saves()::wants);
    }

    private Optional<Wish> keep(RunView run, Map<String, Double> values) {
        var monitor = kept.policy().monitor();
        if (monitor.isEmpty()) {
            return kept.keep(OptionalDouble.empty(), run.globalStep(), values);
        }
        var score = values.get(monitor.get());
        if (score == null) {
            missing(monitor.get(), values);
            return Optional.empty();
        }
        return kept.keep(OptionalDouble.of(score), run.globalStep(), values);
    }

    /// A metric of validations is not there before the first of them.
    private void missing(String monitor, Map<String, Double> values) {
        if (moments.validated()) {
            throw new IllegalStateException(notLogged(monitor, values));
        }
        warnOf(monitor, values);
    }

    private void warnOf(String monitor, Map<String, Double> values) {
        if (moments.toBeWarned()) {
            LOG.log(Level.WARNING, notLogged(monitor, values));
        }
    }

    private static String notLogged(String monitor, Map<String, Double> values) {
        return "ModelCheckpoint: '%s' is monitored and was not logged, only %s; log it, or monitor one of these"
                .formatted(monitor, values.keySet());
    }

    @Override
    public Fields stateDict() {
        return Fields.of("kept", kept.stateDict()).with("moments", moments.stateDict());
    }

    @Override
    public void loadStateDict(Fields state) {
        kept.loadStateDict(state.fields("kept"));
        moments.loadStateDict(state.fields("moments"));
    }
}
