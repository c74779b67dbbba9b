package loops.core.training;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import loops.api.LoopState.Fields;
import loops.api.Stateful;

/// What has been logged during one epoch of training, or one evaluation.
final class MetricStore implements Stateful {
    /// No data loader in particular.
    static final int NO_LOADER = -1;

    private static final String LOADER_SUFFIX = "/dataloader_idx_";

    /// Values logged in different places are kept apart, even under one name.
    private record Key(HookPoint hook, String name, int loader) {}

    private final boolean training;
    private final SequencedMap<Key, Metric> metrics = new LinkedHashMap<>();

    /// Whether the epoch has come to its end, so that its values are wanted and not those of the latest step.
    private boolean ended;

    MetricStore(boolean training) {
        this.training = training;
    }

    void add(HookPoint hook, String name, int loader, double value, int samples, LogOption[] how) {
        var key = new Key(hook, name, loader);
        var metric = metrics.get(key);
        if (metric == null) {
            metric = new Metric(hook, name, how);
            metrics.put(key, metric);
        } else if (!metric.loggedBy(how)) {
            throw new IllegalArgumentException(
                    "log: '%s' in %s with %s, before with %s; log it in one way, or under two names"
                            .formatted(
                                    name,
                                    hook.method(),
                                    java.util.Arrays.toString(how),
                                    metric.said()));
        }
        metric.add(value, samples);
    }

    void stepping() {
        ended = false;
    }

    void end() {
        ended = true;
    }

    void clear() {
        metrics.clear();
        ended = false;
    }

    boolean isEmpty() {
        return metrics.isEmpty();
    }

    /// Puts the values of the latest step, or of the epoch if that has ended, where they go.
    ///
    /// @param loader the data loader whose values are wanted
    /// @param to the maps that take them; each may be one that nobody reads
    void report(int loader, Report to) {
        for (Map.Entry<Key, Metric> entry : metrics.entrySet()) {
            var metric = entry.getValue();
            if (entry.getKey().loader() != loader
                    || !(ended ? metric.onEpoch() : metric.onStep())) {
                continue;
            }
            double value = ended ? metric.ofEpoch() : metric.last();
            String suffix =
                    loader != NO_LOADER && metric.ofItsLoader() ? LOADER_SUFFIX + loader : "";
            String plain = entry.getKey().name() + suffix;
            String full =
                    metric.forked()
                            ? entry.getKey().name() + (ended ? "_epoch" : "_step") + suffix
                            : plain;
            if (metric.toLoggers()) {
                to.logged().put(full, value);
            }
            if (training || ended) {
                to.monitored().put(plain, value);
                to.monitored().put(full, value);
            }
            if (metric.toProgressBar()) {
                to.shown().put(full, value);
            }
        }
    }

    /// Where values go.
    record Report(
            SequencedMap<String, Double> monitored,
            SequencedMap<String, Double> logged,
            SequencedMap<String, Double> shown) {
        Report() {
            this(new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
        }

        void putAll(Report other) {
            monitored.putAll(other.monitored);
            logged.putAll(other.logged);
            shown.putAll(other.shown);
        }

        void clear() {
            monitored.clear();
            logged.clear();
            shown.clear();
        }
    }

    @Override
    public Fields stateDict() {
        var state = Fields.empty().with("ended", ended);
        int number = 0;
        for (Map.Entry<Key, Metric> entry : metrics.entrySet()) {
            var key = entry.getKey();
            state =
                    state.with(
                            Integer.toString(number++),
                            Fields.empty()
                                    .with("hook", key.hook().name())
                                    .with("name", key.name())
                                    .with("loader", key.loader())
                                    .with("value", entry.getValue().stateDict()));
        }
        return state;
    }

    @Override
    public void loadStateDict(Fields state) {
        metrics.clear();
        ended = state.flag("ended");
        for (int i = 0; state.has(Integer.toString(i)); i++) {
            var saved = state.fields(Integer.toString(i));
            var hook = HookPoint.valueOf(saved.text("hook"));
            var key = new Key(hook, saved.text("name"), Math.toIntExact(saved.num("loader")));
            metrics.put(key, Metric.of(hook, key.name(), saved.fields("value")));
        }
    }
}
