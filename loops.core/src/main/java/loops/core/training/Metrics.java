package loops.core.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SequencedMap;
import loops.api.Codec;
import loops.api.LoopState;
import loops.api.LoopState.Fields;
import loops.api.LoopState.Real;
import loops.api.Stateful;
import loops.core.logger.Loggers;
import loops.core.logger.MetricRow;

/// What is logged in a run: takes values from steps and hooks, reduces them over epochs, and keeps the latest of every
/// metric for those who monitor.
///
/// | logged | name for loggers | names to monitor |
/// |---|---|---|
/// | [LogFlag#ON_STEP] alone | `loss` | `loss`, in training |
/// | [LogFlag#ON_EPOCH] alone | `loss` | `loss` |
/// | both | `loss_step`, `loss_epoch` | `loss` and the same two; in an evaluation not `loss_step` |
///
/// In an evaluation of several data loaders every name ends in `/dataloader_idx_k`, unless it was logged with
/// [LogFlag#SAME_NAME].
public final class Metrics implements Stateful {
    /// How values by name are saved.
    public static final Codec<SequencedMap<String, Double>> CODEC =
            Codec.of("metrics by name", Metrics::write, state -> read((Fields) state));

    private final MetricStore training = new MetricStore(true);
    private final MetricStore evaluation = new MetricStore(false);
    private final MetricStore.Report latest = new MetricStore.Report();
    private final List<Long> evaluationSteps = new ArrayList<>();
    private final MetricRow row = new MetricRow(); // what is written next

    private boolean evaluating;
    private boolean silent;
    private int loader = MetricStore.NO_LOADER;

    // Where the run stands; said anew by whoever calls a hook or a step.
    private HookPoint hook = HookPoint.SETUP;
    private int samples = 1;

    /// No metric yet.
    public Metrics() {}

    // ---- for those who log

    /// Logs a value.
    ///
    /// @param name the name of the metric
    /// @param value the value
    /// @param options how, see [LogOption]
    /// @throws IllegalStateException where nothing can be logged
    /// @throws IllegalArgumentException if the name has a suffix that data loaders get, if the same name was logged in
    ///     another way at this place, or if a value of a step is logged where there is none
    public void log(String name, double value, LogOption... options) {
        if (hook.logging() == HookPoint.Logging.NONE) {
            throw new IllegalStateException(
                    "log: '%s' in %s, where nothing is logged; log it in a step, or in a hook of a batch or an epoch"
                            .formatted(name, hook.method()));
        }
        if (name.isBlank()) {
            throw new IllegalArgumentException(
                    "log: '%s' in %s is no name; give one".formatted(name, hook.method()));
        }
        if (name.contains(MetricStore.LOADER_SUFFIX)) {
            throw new IllegalArgumentException(
                    "log: '%s' has the suffix that data loaders get; log it without '%s'"
                            .formatted(name, MetricStore.LOADER_SUFFIX));
        }
        int count = samples;
        for (LogOption option : options) {
            if (option instanceof Samples(int own)) {
                count = own;
            }
        }
        store().add(hook, name, evaluating ? loader : MetricStore.NO_LOADER, value, count, options);
    }

    // ---- for those who monitor

    /// {@return the latest value of a metric, if it has been logged}
    ///
    /// @param name the name of the metric
    public OptionalDouble get(String name) {
        refresh();
        var value = latest.monitored().get(name);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /// {@return a number that has grown if a metric has been measured since it was last asked for; 0 if it never was} A value
    /// that stands since an earlier step, epoch or evaluation does not count again.
    ///
    /// @param name the name of the metric
    public long measurements(String name) {
        refresh();
        return latest.measurements().getOrDefault(name, 0L);
    }

    /// {@return whether an evaluation has been made, sanity checks apart}
    public boolean hasEvaluated() {
        return !evaluationSteps.isEmpty();
    }

    /// {@return the latest value of every metric, in the order in which the names first came}
    public SequencedMap<String, Double> all() {
        refresh();
        return copy(latest.monitored());
    }

    /// {@return the latest values that went to the loggers}
    public SequencedMap<String, Double> logged() {
        refresh();
        return copy(latest.logged());
    }

    /// {@return the latest values to show beside the progress bar}
    public SequencedMap<String, Double> progressBar() {
        refresh();
        return copy(latest.shown());
    }

    /// Puts values in from outside, over earlier ones of the same names.
    ///
    /// @param values values by name
    public void putAll(Map<String, Double> values) {
        latest.monitored().putAll(values);
        values.keySet().forEach(latest::measured);
    }

    private void refresh() {
        store().report(evaluating ? loader : MetricStore.NO_LOADER, latest);
    }

    private static SequencedMap<String, Double> copy(SequencedMap<String, Double> values) {
        return Collections.unmodifiableSequencedMap(new LinkedHashMap<>(values));
    }

    private MetricStore store() {
        return evaluating ? evaluation : training;
    }

    // ---- for the loops

    /// Says which hook or step is called next.
    ///
    /// @param next the place
    /// @return the place before
    public HookPoint enter(HookPoint next) {
        var before = hook;
        hook = next;
        return before;
    }

    /// Says that a batch is worked on.
    ///
    /// @param size its samples
    public void beginBatch(int size) {
        samples = size;
        store().stepping();
    }

    /// Says that the batches are over.
    public void endBatches() {
        refresh();
        samples = 1;
        store().end();
    }

    /// Writes the values of a training step.
    ///
    /// @param loggers take them
    /// @param x the place on their axis
    /// @param epoch the epoch, from 0
    public void writeStep(Loggers loggers, long x, int epoch) {
        row.clear();
        training.report(MetricStore.NO_LOADER, row);
        if (row.size() == 0) {
            return;
        }
        int own = row.indexOf("step");
        long step = own < 0 ? x : (long) row.value(own);
        if (own >= 0) {
            row.remove(own);
        } else if (row.indexOf("epoch") < 0) {
            row.put("epoch", epoch);
        }
        loggers.log(row, step);
    }

    /// Writes the values of a training epoch, and forgets what they were made of.
    ///
    /// @param loggers take them
    /// @param x the place on their axis
    /// @param epoch the epoch, from 0
    public void writeEpoch(Loggers loggers, long x, int epoch) {
        training.end();
        training.report(MetricStore.NO_LOADER, latest);
        writeStep(loggers, x, epoch);
        training.clear();
    }

    /// Begins an evaluation: what is logged from now on belongs to it.
    ///
    /// @param unseen whether nothing of it is kept, as of a sanity check
    public void beginEvaluation(boolean unseen) {
        refresh();
        samples = 1;
        evaluating = true;
        silent = unseen;
        loader = MetricStore.NO_LOADER;
        evaluation.clear();
    }

    /// Says which data loader is evaluated.
    ///
    /// @param index the data loader, from 0; empty if there is but one, or none in particular
    public void evaluate(OptionalInt index) {
        loader = index.orElse(MetricStore.NO_LOADER);
    }

    /// Writes the values of an evaluation step. Its axis counts the batches of each data loader over the whole run.
    ///
    /// @param loggers take them
    /// @param loaderIndex the data loader, from 0
    public void writeEvaluationStep(Loggers loggers, int loaderIndex) {
        if (silent) {
            return;
        }
        while (evaluationSteps.size() <= loaderIndex) {
            evaluationSteps.add(0L);
        }
        long x = evaluationSteps.get(loaderIndex);
        evaluationSteps.set(loaderIndex, x + 1);
        var report = new MetricStore.Report();
        evaluation.report(loader, report);
        latest.putAll(report);
        if (!report.logged().isEmpty()) {
            loggers.log(report.logged(), x);
        }
    }

    /// {@return the values of an evaluation's epoch for the present data loader, or of the hooks around all}
    public SequencedMap<String, Double> evaluated() {
        evaluation.end();
        var report = new MetricStore.Report();
        evaluation.report(loader, report);
        latest.putAll(report);
        return report.logged();
    }

    /// Writes what an evaluation came to.
    ///
    /// @param loggers take it
    /// @param values the values by name
    /// @param x the place on their axis
    /// @param epoch the epoch, from 0
    public void writeEvaluation(
            Loggers loggers, SequencedMap<String, Double> values, long x, int epoch) {
        if (!silent) {
            write(loggers, values, x, epoch);
        }
    }

    /// Ends an evaluation: what is logged from now on belongs to the training again.
    public void endEvaluation() {
        evaluation.clear();
        evaluating = false;
        silent = false;
        loader = MetricStore.NO_LOADER;
    }

    private static void write(
            Loggers loggers, SequencedMap<String, Double> values, long x, int epoch) {
        if (values.isEmpty()) {
            return;
        }
        var row = new LinkedHashMap<>(values);
        var own = row.remove("step");
        if (own == null) {
            row.putIfAbsent("epoch", (double) epoch);
        }
        loggers.log(row, own == null ? x : own.longValue());
    }

    // ---- state

    @Override
    public Fields stateDict() {
        var steps = evaluationSteps.stream().<LoopState>map(LoopState.Num::new).toList();
        return Fields.empty()
                .with("training", training.stateDict())
                .with("evaluation", evaluation.stateDict())
                .with("evaluating", evaluating)
                .with("silent", silent)
                .with("loader", loader)
                .with("evaluation_steps", new LoopState.Items(steps))
                .with("monitored", write(latest.monitored()))
                .with("measurements", counts(latest.measurements()))
                .with("logged", write(latest.logged()))
                .with("shown", write(latest.shown()));
    }

    @Override
    public void loadStateDict(Fields state) {
        training.loadStateDict(state.fields("training"));
        evaluation.loadStateDict(state.fields("evaluation"));
        evaluating = state.flag("evaluating");
        silent = state.flag("silent");
        loader = Math.toIntExact(state.num("loader"));
        evaluationSteps.clear();
        state.items("evaluation_steps")
                .forEach(saved -> evaluationSteps.add(((LoopState.Num) saved).value()));
        latest.clear();
        latest.monitored().putAll(read(state.fields("monitored")));
        var counts = state.fields("measurements");
        counts.entries()
                .keySet()
                .forEach(name -> latest.measurements().put(name, counts.num(name)));
        latest.logged().putAll(read(state.fields("logged")));
        latest.shown().putAll(read(state.fields("shown")));
    }

    private static Fields counts(SequencedMap<String, Long> counts) {
        var fields = new LinkedHashMap<String, LoopState>();
        counts.forEach((name, count) -> fields.put(name, new LoopState.Num(count)));
        return new Fields(fields);
    }

    private static Fields write(SequencedMap<String, Double> values) {
        var fields = new LinkedHashMap<String, LoopState>();
        values.forEach((name, value) -> fields.put(name, new Real(value)));
        return new Fields(fields);
    }

    private static SequencedMap<String, Double> read(Fields fields) {
        var values = new LinkedHashMap<String, Double>();
        fields.entries().keySet().forEach(name -> values.put(name, fields.real(name)));
        return values;
    }
}
