package loops.core.training;

import loops.api.LoopState.Fields;
import org.jspecify.annotations.Nullable;

/// One logged value of an epoch or a data loader: the latest, and what the epoch's is made of.
///
/// Sums are kept in float64, in the order of logging.
final class Metric {
    private final HookPoint place;
    private final String name;
    private final int loader;
    private final LoggedAs as;

    /// The options that came to `as` last: the same ones need not be worked out again. Not known after a load.
    private LogOption @Nullable [] options;

    // Its names in a report, made once.
    private final String plain;
    private final String ofStep;
    private final String ofEpoch;

    private double reduced;
    private double weight;
    private double last;

    // Whether a value has come that nobody who monitors has been told of, as that of a step or in
    // that of the epoch.
    private boolean newOfStep;
    private boolean newOfEpoch;

    private Metric(HookPoint place, String name, int loader, LoggedAs as) {
        this.place = place;
        this.name = name;
        this.loader = loader;
        this.as = as;
        String suffix =
                loader != MetricStore.NO_LOADER && as.ofItsLoader()
                        ? MetricStore.LOADER_SUFFIX + loader
                        : "";
        this.plain = name + suffix;
        this.ofStep = as.forked() ? name + "_step" + suffix : plain;
        this.ofEpoch = as.forked() ? name + "_epoch" + suffix : plain;
    }

    /// {@return a value that has not been logged yet}
    ///
    /// @param place where it is logged
    /// @param name its name
    /// @param loader the data loader, or [MetricStore#NO_LOADER]
    /// @param options how it is logged
    /// @throws IllegalArgumentException if the options contradict each other or the place
    static Metric of(HookPoint place, String name, int loader, LogOption[] options) {
        var metric = new Metric(place, name, loader, LoggedAs.of(place, name, options));
        metric.options = options.clone();
        return metric;
    }

    /// {@return whether it is this value that is logged there}
    boolean is(HookPoint otherPlace, String otherName, int otherLoader) {
        return place == otherPlace && loader == otherLoader && name.equals(otherName);
    }

    /// Checks that it is logged as before. The number of samples may change from call to call, all else may not.
    ///
    /// @throws IllegalArgumentException if it is not
    void check(LogOption[] others) {
        if (same(others)) {
            return;
        }
        var now = LoggedAs.of(place, name, others);
        if (!now.equals(as)) {
            throw new IllegalArgumentException(
                    "log: '%s' in %s with %s, before with %s; log it in one way, or under two names"
                            .formatted(name, place.method(), now, as));
        }
        options = others.clone();
    }

    private boolean same(LogOption[] others) {
        var known = options;
        if (known == null || known.length != others.length) {
            return false;
        }
        for (int i = 0; i < others.length; i++) {
            boolean samples = known[i] instanceof Samples && others[i] instanceof Samples;
            if (!known[i].equals(others[i]) && !samples) {
                return false;
            }
        }
        return true;
    }

    void add(double value, int samples) {
        boolean first = weight == 0;
        last = value;
        newOfStep = true;
        newOfEpoch = true;
        weight += samples;
        reduced =
                switch (as.reduce()) {
                    case MEAN -> reduced + value * samples;
                    case SUM -> reduced + value;
                    case MIN -> first ? value : Math.min(reduced, value);
                    case MAX -> first ? value : Math.max(reduced, value);
                };
    }

    /// {@return the name, with that of its data loader}
    String plain() {
        return plain;
    }

    /// {@return the name that tells whether the value is that of a step or of an epoch}
    ///
    /// @param epoch whether it is that of an epoch
    String full(boolean epoch) {
        return epoch ? ofEpoch : ofStep;
    }

    int loader() {
        return loader;
    }

    LoggedAs as() {
        return as;
    }

    double last() {
        return last;
    }

    double ofEpoch() {
        return as.reduce() == Reduce.MEAN ? reduced / weight : reduced;
    }

    /// {@return whether a value has come since this was last asked}
    boolean newsOfStep() {
        boolean news = newOfStep;
        newOfStep = false;
        return news;
    }

    /// {@return whether a value has gone into that of the epoch since this was last asked}
    boolean newsOfEpoch() {
        boolean news = newOfEpoch;
        newOfEpoch = false;
        return news;
    }

    Fields stateDict() {
        return Fields.empty()
                .with("place", place.name())
                .with("name", name)
                .with("loader", loader)
                .with("as", as.state())
                .with("reduced", reduced)
                .with("weight", weight)
                .with("last", last)
                .with("new_of_step", newOfStep)
                .with("new_of_epoch", newOfEpoch);
    }

    static Metric from(Fields state) {
        var metric =
                new Metric(
                        HookPoint.valueOf(state.text("place")),
                        state.text("name"),
                        Math.toIntExact(state.num("loader")),
                        LoggedAs.from(state.fields("as")));
        metric.reduced = state.real("reduced");
        metric.weight = state.real("weight");
        metric.last = state.real("last");
        metric.newOfStep = state.flag("new_of_step");
        metric.newOfEpoch = state.flag("new_of_epoch");
        return metric;
    }
}
