package loops.core.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import loops.api.LoopState;
import loops.api.LoopState.Fields;
import loops.api.LoopState.Items;
import loops.api.Stateful;
import loops.core.logger.MetricRow;

/// What has been logged during one epoch of training, or one evaluation.
final class MetricStore implements Stateful {
    /// No data loader in particular.
    static final int NO_LOADER = -1;

    /// What tells the names of several data loaders apart.
    static final String LOADER_SUFFIX = "/dataloader_idx_";

    private final boolean training;

    /// Values logged in different places are kept apart, even under one name.
    private final List<Metric> metrics = new ArrayList<>();

    /// Where the next value is looked for first: steps log the same values in the same order.
    private int next;

    /// Whether the epoch has come to its end, so that its values are wanted and not those of the latest step.
    private boolean ended;

    MetricStore(boolean training) {
        this.training = training;
    }

    void add(
            HookPoint place,
            String name,
            int loader,
            double value,
            int samples,
            LogOption[] options) {
        metric(place, name, loader, options).add(value, samples);
    }

    private Metric metric(HookPoint place, String name, int loader, LogOption[] options) {
        for (int i = 0; i < metrics.size(); i++) {
            int index = (next + i) % metrics.size();
            var metric = metrics.get(index);
            if (metric.is(place, name, loader)) {
                metric.check(options);
                next = index + 1;
                return metric;
            }
        }
        var metric = Metric.of(place, name, loader, options);
        metrics.add(metric);
        next = metrics.size();
        return metric;
    }

    void stepping() {
        ended = false;
    }

    void end() {
        ended = true;
    }

    void clear() {
        metrics.clear();
        next = 0;
        ended = false;
    }

    /// Puts the values of the latest step, or of the epoch if that has ended, where they go.
    ///
    /// @param loader the data loader whose values are wanted
    /// @param to the maps that take them; each may be one that nobody reads
    void report(int loader, Report to) {
        for (Metric metric : metrics) {
            var as = metric.as();
            if (metric.loader() != loader || !(ended ? as.onEpoch() : as.onStep())) {
                continue;
            }
            double value = ended ? metric.ofEpoch() : metric.last();
            String plain = metric.plain();
            String full = metric.full(ended);
            if (as.toLoggers()) {
                to.logged().put(full, value);
            }
            if (training || ended) {
                to.monitored().put(plain, value);
                to.monitored().put(full, value);
                if (ended ? metric.newsOfEpoch() : metric.newsOfStep()) {
                    to.measured(plain);
                    to.measured(full);
                }
            }
            if (as.toProgressBar()) {
                to.shown().put(full, value);
            }
        }
    }

    /// Puts the values of the latest step, or of the epoch if that has ended, in a row for the loggers.
    ///
    /// @param loader the data loader whose values are wanted
    /// @param to the row
    void report(int loader, MetricRow to) {
        for (int i = 0; i < metrics.size(); i++) {
            var metric = metrics.get(i);
            var as = metric.as();
            if (metric.loader() == loader
                    && as.toLoggers()
                    && (ended ? as.onEpoch() : as.onStep())) {
                to.put(metric.full(ended), ended ? metric.ofEpoch() : metric.last());
            }
        }
    }

    /// Where values go.
    ///
    /// @param monitored for those who monitor
    /// @param measurements a number for each of these that grows with every new value, and not when it is told again
    /// @param logged for the loggers
    /// @param shown for the progress bar
    record Report(
            SequencedMap<String, Double> monitored,
            SequencedMap<String, Long> measurements,
            SequencedMap<String, Double> logged,
            SequencedMap<String, Double> shown) {
        Report() {
            this(
                    new LinkedHashMap<>(),
                    new LinkedHashMap<>(),
                    new LinkedHashMap<>(),
                    new LinkedHashMap<>());
        }

        void measured(String name) {
            measurements.merge(name, 1L, Long::sum);
        }

        void putAll(Report other) {
            monitored.putAll(other.monitored);
            other.measurements.forEach((name, news) -> measurements.merge(name, news, Long::sum));
            logged.putAll(other.logged);
            shown.putAll(other.shown);
        }

        void clear() {
            monitored.clear();
            measurements.clear();
            logged.clear();
            shown.clear();
        }
    }

    @Override
    public Fields stateDict() {
        var values = metrics.stream().<LoopState>map(Metric::stateDict).toList();
        return Fields.empty().with("ended", ended).with("values", new Items(values));
    }

    @Override
    public void loadStateDict(Fields state) {
        clear();
        ended = state.flag("ended");
        state.items("values").forEach(saved -> metrics.add(Metric.from((Fields) saved)));
    }
}
