package loops.core;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import loops.core.logger.Logger;
import loops.core.training.Callback;
import loops.core.training.FitPlan;
import loops.core.training.FitPlan.Config;
import loops.core.training.Limit;
import org.jspecify.annotations.Nullable;
import tensor.api.Device;

/// The choices of a trainer. Each has a default; see [FitPlan] for those of the plan.
public final class TrainerConfig {
    private Consumer<Config> plan = config -> {};
    private @Nullable String device;
    private long seed;
    private List<Callback> callbacks = List.of();
    private Limit testLimit = Limit.all();
    private Limit predictionLimit = Limit.all();
    private List<Logger> loggers = List.of();
    private Optional<Path> folder = Optional.empty();
    private Optional<Path> autoSave = Optional.empty();
    private Function<Optional<Path>, String> interruptionHint = TrainerConfig::hint;
    private boolean checkpointing = true;
    private boolean keepPredictions = true;
    private Optional<Duration> maxTime = Optional.empty();
    private boolean anomalies;
    private int trialBatches;

    TrainerConfig() {}

    /// Chooses how long to train and what to do on the way. Further choices add to earlier ones.
    ///
    /// @param choices sets what is not to be the default
    /// @return this
    public TrainerConfig plan(Consumer<Config> choices) {
        plan = plan.andThen(choices);
        return this;
    }

    /// Sets how many epochs to train; -1 for no limit. If not set, there is no limit where `maxSteps` or `maxTime` is
    /// set, and else it is 1000.
    ///
    /// @param epochs a number of epochs
    /// @return this
    public TrainerConfig maxEpochs(int epochs) {
        return plan(config -> config.maxEpochs(epochs));
    }

    /// Sets how many optimizer steps to make; -1, the default, for no limit.
    ///
    /// @param steps a number of steps
    /// @return this
    public TrainerConfig maxSteps(long steps) {
        return plan(config -> config.maxSteps(steps));
    }

    /// Sets how many batches make one optimizer step; 1 if not set.
    ///
    /// @param batches a number of batches
    /// @return this
    public TrainerConfig accumulate(int batches) {
        return plan(config -> config.accumulate(batches));
    }

    /// Sets where tensors live, by the name of a backend; the current device if not set: that of `Device.with`, else
    /// `-Dtensor.device`, else `cpu`.
    ///
    /// @param name the name
    /// @return this
    public TrainerConfig device(String name) {
        device = name;
        return this;
    }

    /// Sets where everything random comes from; 0 if not set.
    ///
    /// @param seed the seed
    /// @return this
    public TrainerConfig seed(long seed) {
        this.seed = seed;
        return this;
    }

    /// Sets what listens to every run, in this order.
    ///
    /// @param callbacks the callbacks, in the order in which they are called
    /// @return this
    public TrainerConfig callbacks(Callback... callbacks) {
        this.callbacks = List.of(callbacks);
        return this;
    }

    /// Sets how many batches of each source are tested on.
    ///
    /// @param limit the limit
    /// @return this
    public TrainerConfig testLimit(Limit limit) {
        testLimit = limit;
        return this;
    }

    /// Sets how many batches of each source are predicted for.
    ///
    /// @param limit the limit
    /// @return this
    public TrainerConfig predictionLimit(Limit limit) {
        predictionLimit = limit;
        return this;
    }

    /// Sets what takes the logged values.
    ///
    /// @param loggers the loggers, in the order in which they are called
    /// @return this
    public TrainerConfig loggers(Logger... loggers) {
        this.loggers = List.of(loggers);
        return this;
    }

    /// Sets where this trainer writes. With a folder, a fit without a callback that saves gets one that keeps the
    /// newest checkpoint in `checkpoints` below it, and an interrupted fit is saved there.
    ///
    /// @param folder the folder
    /// @return this
    public TrainerConfig folder(Path folder) {
        this.folder = Optional.of(folder);
        return this;
    }

    /// Sets how people are told to go on with a fit that was interrupted. A program whose users do not see its Java names
    /// its own options here:
    ///
    /// ```java
    /// config.interruptionHint(saved -> saved.isPresent() ? "go on with --resume" : "it was not saved")
    /// ```
    ///
    /// @param hint makes the end of the message from the checkpoint to go on from, if the run could be saved
    /// @return this
    public TrainerConfig interruptionHint(Function<Optional<Path>, String> hint) {
        interruptionHint = hint;
        return this;
    }

    private static String hint(Optional<Path> saved) {
        return saved.map("go on with Resume.from(\"%s\")"::formatted)
                .orElse("the run was not saved, give the trainer a folder(..)");
    }

    /// Sets whether fits are saved; they are if not set.
    ///
    /// @param on whether; if not, a callback that saves is an error
    /// @return this
    public TrainerConfig checkpointing(boolean on) {
        checkpointing = on;
        return this;
    }

    /// Keeps the state of each safe point, and writes it if the run fails or is interrupted. The next fit that is not told
    /// how to start goes on from there. It costs a copy of the state each time: for small models, or hunting a fault.
    ///
    /// @param checkpoint the folder of that checkpoint; deleted again by a run that comes to its end
    /// @return this
    public TrainerConfig autoSave(Path checkpoint) {
        autoSave = Optional.of(checkpoint);
        return this;
    }

    /// Sets whether predictions are kept and returned; they are if not set.
    ///
    /// @param keep whether; if not, only hooks see them
    /// @return this
    public TrainerConfig keepPredictions(boolean keep) {
        keepPredictions = keep;
        return this;
    }

    /// Sets a longest time for a fit. It ends at the next batch after it.
    ///
    /// @param time the time
    /// @return this
    public TrainerConfig maxTime(Duration time) {
        maxTime = Optional.of(time);
        return this;
    }

    /// Looks for the first NaN: every operation and every derivative is looked at, and the first that gives NaN ends the
    /// run with an error which names it and the line that called it. It is slow, and for hunting a fault; see
    /// [tensor.api.AnomalyMode].
    ///
    /// @return this
    public TrainerConfig detectAnomalies() {
        anomalies = true;
        return this;
    }

    /// Tries everything once, before hours of training: one epoch of so many batches of everything, no sanity check, no
    /// loggers, none of the callbacks that save or stop, and no search for a batch size or a learning rate. It goes before all other choices, whichever is made first.
    ///
    /// @param batches from 1; 0, as if not set, for no trial
    /// @return this
    /// @throws IllegalArgumentException if `batches` is less
    public TrainerConfig fastDevRun(int batches) {
        if (batches < 0) {
            throw new IllegalArgumentException(
                    "TrainerConfig: fastDevRun is %d; use a number of batches from 1, or 0 for no trial"
                            .formatted(batches));
        }
        trialBatches = batches;
        return this;
    }

    FitPlan plan() {
        return FitPlan.of(config -> {
            if (maxTime.isPresent()) {
                config.maxEpochs(-1); // unless it is set below
            }
            plan.accept(config);
            if (trial()) {
                config.fastDevRun(trialBatches);
            }
        });
    }

    Device device() {
        return device == null ? Device.current() : Device.of(device);
    }

    long seed() {
        return seed;
    }

    List<Callback> callbacks() {
        return callbacks;
    }

    List<Logger> loggers() {
        return loggers;
    }

    Optional<Path> folder() {
        return folder;
    }

    Optional<Path> autoSave() {
        return autoSave;
    }

    Function<Optional<Path>, String> interruptionHint() {
        return interruptionHint;
    }

    boolean checkpointing() {
        return checkpointing;
    }

    boolean keepPredictions() {
        return keepPredictions;
    }

    Optional<Duration> maxTime() {
        return maxTime;
    }

    boolean anomalies() {
        return anomalies;
    }

    boolean trial() {
        return trialBatches > 0;
    }

    Limit testLimit() {
        return trial() ? Limit.batches(trialBatches) : testLimit;
    }

    Limit predictionLimit() {
        return trial() ? Limit.batches(trialBatches) : predictionLimit;
    }
}
