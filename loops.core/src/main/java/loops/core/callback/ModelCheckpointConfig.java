package loops.core.callback;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/// The choices of a [ModelCheckpoint]. Each has a default.
public final class ModelCheckpointConfig {
    private Optional<String> label = Optional.empty();
    private Optional<String> monitor = Optional.empty();
    private Mode mode = Mode.MIN;
    private int keep = 1;
    private boolean newest;
    private Optional<CheckpointName> last = Optional.empty();
    private CheckpointName name = CheckpointName.of("{epoch}-{step}");
    private UnaryOperator<CheckpointName> ending = given -> given;
    private OptionalLong everySteps = OptionalLong.empty();
    private OptionalInt everyEpochs = OptionalInt.empty();
    private Optional<Duration> every = Optional.empty();
    private Optional<Boolean> atEpochEnd = Optional.empty();
    private int firstVersion = 1;
    private InstantSource clock = InstantSource.system();

    ModelCheckpointConfig() {}

    /// Sets a name that tells the state of this callback from that of another which looks at the same metric. A run goes on
    /// with the same names; with a name it may then save at other moments, without one it may not.
    ///
    /// @param name the name
    /// @return this
    public ModelCheckpointConfig named(String name) {
        label = Optional.of(name);
        return this;
    }

    /// Sets which metric says how good a checkpoint is. `epoch` and `step` are always there. If not set, the newest
    /// are the best.
    ///
    /// @param metric its name
    /// @param better which of its values are the better ones
    /// @return this
    public ModelCheckpointConfig monitor(String metric, Mode better) {
        monitor = Optional.of(metric);
        mode = better;
        return this;
    }

    /// Sets how many of the best checkpoints are kept; 1 if not set.
    ///
    /// @param best a number from 1 where a metric is monitored; -1 keeps all, 0 none, whether or not one is
    /// @return this
    public ModelCheckpointConfig keep(int best) {
        keep = best;
        newest = false;
        return this;
    }

    /// Sets how many of the newest checkpoints are kept. No metric is monitored.
    ///
    /// @param count a number from 1
    /// @return this
    public ModelCheckpointConfig newest(int count) {
        monitor = Optional.empty();
        keep = count;
        newest = true;
        return this;
    }

    /// Keeps a further checkpoint, `last.ckpt`: the newest of all, also of those that are not among the best, and of
    /// each epoch.
    ///
    /// @return this
    public ModelCheckpointConfig saveLast() {
        return saveLast("last");
    }

    /// As [#saveLast()], with a name of its own.
    ///
    /// @param template see [CheckpointName]
    /// @return this
    public ModelCheckpointConfig saveLast(String template) {
        last = Optional.of(CheckpointName.of(template));
        return this;
    }

    /// Sets the names of checkpoints; `{epoch}-{step}` if not set.
    ///
    /// @param template see [CheckpointName]
    /// @return this
    public ModelCheckpointConfig fileName(String template) {
        return fileName(CheckpointName.of(template));
    }

    /// Sets the names of checkpoints, with all that can be chosen of them.
    ///
    /// @param names the names
    /// @return this
    public ModelCheckpointConfig fileName(CheckpointName names) {
        name = names;
        return this;
    }

    /// Sets how all names end; `.ckpt` if not set.
    ///
    /// @param text the ending
    /// @return this
    public ModelCheckpointConfig ending(String text) {
        ending = given -> given.ending(text);
        return this;
    }

    /// Sets the number that the second checkpoint of the same name gets; 1 if not set, as in `name-v1.ckpt`.
    ///
    /// @param version a number from 0
    /// @return this
    public ModelCheckpointConfig firstVersion(int version) {
        firstVersion = version;
        return this;
    }

    /// Saves whenever so many further optimizer steps have been made. A batch may make several, or none.
    ///
    /// @param steps a number of steps; 0 for never
    /// @return this
    public ModelCheckpointConfig everySteps(long steps) {
        everySteps = OptionalLong.of(steps);
        return this;
    }

    /// Saves after every so many epochs; after each if neither this nor steps nor a time is set.
    ///
    /// @param epochs a number of epochs; 0 for never
    /// @return this
    public ModelCheckpointConfig everyEpochs(int epochs) {
        everyEpochs = OptionalInt.of(epochs);
        return this;
    }

    /// Saves after the first batch that ends when so much time has passed since the last save.
    ///
    /// @param time the time; 0 for never
    /// @return this
    public ModelCheckpointConfig every(Duration time) {
        every = Optional.of(time);
        return this;
    }

    /// Sets where epochs are saved: at their end, or else after each validation. If not set, at their end where each
    /// is validated once, at its end, or where nothing is validated.
    ///
    /// @param end whether at their end
    /// @return this
    public ModelCheckpointConfig atEpochEnd(boolean end) {
        atEpochEnd = Optional.of(end);
        return this;
    }

    /// Sets what tells the time.
    ///
    /// @param source the clock
    /// @return this
    public ModelCheckpointConfig clock(InstantSource source) {
        clock = source;
        return this;
    }

    private SaveTrigger trigger() {
        boolean chosen = everySteps.isPresent() || everyEpochs.isPresent() || every.isPresent();
        return new SaveTrigger(
                everySteps.orElse(0),
                everyEpochs.orElse(chosen ? 0 : 1),
                every.orElse(Duration.ZERO));
    }

    private void check() {
        if (keep < -1) {
            throw new IllegalArgumentException(
                    "ModelCheckpoint: keep is %d; use -1 for all or a number from 0"
                            .formatted(keep));
        }
        if (newest && keep < 1) {
            throw new IllegalArgumentException(
                    "ModelCheckpoint: newest is %d; use a number from 1".formatted(keep));
        }
        if (keep > 1 && !newest && monitor.isEmpty()) {
            throw new IllegalArgumentException(
                    "ModelCheckpoint: keep is %d and nothing is monitored; say by monitor(..) which are the best, or use newest(%d)"
                            .formatted(keep, keep));
        }
        if (firstVersion < 0) {
            throw new IllegalArgumentException(
                    "ModelCheckpoint: firstVersion is %d; use a number from 0"
                            .formatted(firstVersion));
        }
    }

    boolean savesTheSameTwice() {
        return keep == -1 && monitor.isEmpty() && last.isPresent();
    }

    KeptCheckpoints.Policy policy(Path folder) {
        check();
        return new KeptCheckpoints.Policy(
                folder,
                monitor,
                mode,
                keep,
                newest,
                ending.apply(name),
                last.map(ending),
                firstVersion);
    }

    Optional<String> label() {
        return label;
    }

    SaveMoments moments() {
        return new SaveMoments(trigger(), atEpochEnd, clock);
    }
}
