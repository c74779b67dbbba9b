package loops.api;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import loops.api.LoopState.Fields;

/// How far a loop has come: counts of its items by [Stage], over everything and over the current run.
///
/// `total` grows for ever; `current` starts again at each run of the loop, when the loop says so in
/// [Loop#reset]. Declared by [Loop#progress].
public final class Progress extends Part {
    /// The two stages that short work has.
    public static final Set<Stage> READY_COMPLETED = Set.of(Stage.READY, Stage.COMPLETED);

    /// All stages but `processed`.
    public static final Set<Stage> READY_STARTED_COMPLETED =
            Set.of(Stage.READY, Stage.STARTED, Stage.COMPLETED);

    /// All four stages.
    public static final Set<Stage> ALL = Set.of(Stage.values());

    private static final int STAGES = Stage.values().length;

    private final Loop<?, ?> owner;
    private final PhaseGuard guard;
    private final Set<Stage> stages;
    private final long[] total = new long[STAGES];
    private final long[] current = new long[STAGES];

    Progress(Loop<?, ?> owner, String name, Set<Stage> stages) {
        super(name);
        if (stages.isEmpty()) {
            throw new IllegalArgumentException(
                    "Progress '%s': counts no stage; name at least one".formatted(name));
        }
        this.owner = owner;
        this.guard = new PhaseGuard(owner, name);
        this.stages = EnumSet.copyOf(stages);
    }

    /// {@return the counts of the current run}
    public Counts current() {
        guard.read();
        return counts(current);
    }

    /// {@return the counts since the loop was made}
    public Counts total() {
        guard.read();
        return counts(total);
    }

    private static Counts counts(long[] c) {
        return new Counts(c[0], c[1], c[2], c[3]);
    }

    /// Counts one more item that has reached `stage`, in total and in the current run.
    ///
    /// @param stage what the item has reached
    /// @throws IllegalArgumentException if this progress does not count that stage
    public void increment(Stage stage) {
        if (!stages.contains(stage)) {
            throw new IllegalArgumentException(
                    "Progress '%s.%s': does not count %s, only %s; count one of these, or declare the progress with that stage"
                            .formatted(
                                    owner.where(),
                                    name,
                                    stage.key(),
                                    stages.stream().map(Stage::key).toList()));
        }
        guard.change();
        total[stage.place]++;
        current[stage.place]++;
    }

    /// Starts the counts of the current run again at 0.
    public void resetCurrent() {
        guard.change();
        Arrays.fill(current, 0);
    }

    /// Starts all counts again at 0.
    public void reset() {
        resetCurrent();
        Arrays.fill(total, 0);
    }

    /// Sets the counts, for a loop that goes on from elsewhere. Stages that are not counted stay 0.
    ///
    /// @param total the counts since the loop was made
    /// @param current the counts of the current run
    public void set(Counts total, Counts current) {
        guard.change();
        fill(this.total, total);
        fill(this.current, current);
    }

    private void fill(long[] target, Counts counts) {
        for (Stage stage : stages) {
            target[stage.place] =
                    switch (stage) {
                        case READY -> counts.ready();
                        case STARTED -> counts.started();
                        case PROCESSED -> counts.processed();
                        case COMPLETED -> counts.completed();
                    };
        }
    }

    @Override
    String kind() {
        return "progress of " + String.join(", ", stages.stream().map(Stage::key).toList());
    }

    @Override
    List<String> keys() {
        return List.of(name + ".total", name + ".current");
    }

    @Override
    LoopState save(String key) {
        long[] counts = key.endsWith(".total") ? total : current;
        var saved = new LinkedHashMap<String, LoopState>();
        for (Stage stage : stages) {
            saved.put(stage.key(), new LoopState.Num(counts[stage.place]));
        }
        return new Fields(saved);
    }

    @Override
    void stage(String path, LoopState saved, Staging staging) {
        if (!(saved instanceof Fields fields)) {
            throw new IllegalArgumentException(
                    "loadStateDict: '" + path + "' is " + saved + ", needs to be counts");
        }
        long[] loaded = new long[STAGES];
        for (Stage stage : stages) {
            if (fields.has(stage.key())) {
                loaded[stage.place] = fields.num(stage.key());
            } else {
                staging.missing(path + "." + stage.key());
            }
        }
        fields.entries().keySet().stream()
                .filter(found -> stages.stream().noneMatch(stage -> stage.key().equals(found)))
                .forEach(found -> staging.unknown(path + "." + found));
        long[] target = path.endsWith(".total") ? total : current;
        staging.onCommit(() -> System.arraycopy(loaded, 0, target, 0, STAGES));
    }

    @Override
    Runnable takeOver(Part old) {
        if (!(old instanceof Progress progress)) {
            throw otherKind(old);
        }
        return () -> {
            fill(total, counts(progress.total));
            fill(current, counts(progress.current));
        };
    }

    @Override
    public String toString() {
        return name + " current " + counts(current) + ", total " + counts(total);
    }
}
