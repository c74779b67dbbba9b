package loops.core.training;

import java.util.Arrays;
import loops.api.LoopState.Fields;

/// One logged value of an epoch or a data loader: the latest, and what the epoch's is made of.
///
/// Sums are kept in float64, in the order of logging.
final class Metric {
    private final LogOption[] options;
    private final boolean onStep;
    private final boolean onEpoch;
    private final Reduce reduce;
    private double reduced;
    private double weight;
    private double last;

    Metric(HookPoint hook, String name, LogOption[] options) {
        this.options = options.clone();
        boolean step = has(LogFlag.ON_STEP);
        boolean epoch = has(LogFlag.ON_EPOCH);
        boolean said = step || epoch;
        onStep = said ? step : hook.logging() == HookPoint.Logging.STEP_FIRST;
        onEpoch = said ? epoch : !onStep;
        reduce = reduceOf(options);
        if (onStep && hook.logging() == HookPoint.Logging.EPOCH) {
            throw new IllegalArgumentException(
                    "log: '%s' ON_STEP in %s, which belongs to no step; use ON_EPOCH"
                            .formatted(name, hook.method()));
        }
    }

    private static Reduce reduceOf(LogOption[] options) {
        for (LogOption option : options) {
            if (option instanceof Reduce chosen) {
                return chosen;
            }
        }
        return Reduce.MEAN;
    }

    private boolean has(LogFlag flag) {
        for (LogOption option : options) {
            if (option.equals(flag)) {
                return true;
            }
        }
        return false;
    }

    /// The number of samples may change from call to call, all else may not.
    boolean loggedBy(LogOption[] others) {
        if (options.length != others.length) {
            return false;
        }
        for (int i = 0; i < others.length; i++) {
            boolean samples = options[i] instanceof Samples && others[i] instanceof Samples;
            if (!options[i].equals(others[i]) && !samples) {
                return false;
            }
        }
        return true;
    }

    String said() {
        return Arrays.toString(options);
    }

    void add(double value, int samples) {
        boolean first = weight == 0;
        last = value;
        weight += samples;
        reduced =
                switch (reduce) {
                    case MEAN -> reduced + value * samples;
                    case SUM -> reduced + value;
                    case MIN -> first ? value : Math.min(reduced, value);
                    case MAX -> first ? value : Math.max(reduced, value);
                };
    }

    boolean onStep() {
        return onStep;
    }

    boolean onEpoch() {
        return onEpoch;
    }

    /// Whether the values of steps and of the epoch are told apart by their names.
    boolean forked() {
        return onStep && onEpoch;
    }

    boolean toLoggers() {
        return !has(LogFlag.NO_LOGGER);
    }

    boolean toProgressBar() {
        return has(LogFlag.PROGRESS_BAR);
    }

    boolean ofItsLoader() {
        return !has(LogFlag.SAME_NAME);
    }

    double last() {
        return last;
    }

    double ofEpoch() {
        return reduce == Reduce.MEAN ? reduced / weight : reduced;
    }

    /// {@return what it has come to; the options come from the code that logs it}
    Fields stateDict() {
        var state =
                Fields.empty().with("reduced", reduced).with("weight", weight).with("last", last);
        for (LogOption option : options) {
            state =
                    switch (option) {
                        case LogFlag flag -> state.with(flag.name(), true);
                        case Reduce chosen -> state.with("reduce", chosen.name());
                        case Samples(int count) -> state.with("samples", count);
                    };
        }
        return state;
    }

    static Metric of(HookPoint hook, String name, Fields state) {
        var options =
                state.entries().keySet().stream()
                        .map(key -> option(key, state))
                        .filter(LogOption.class::isInstance)
                        .toArray(LogOption[]::new);
        var metric = new Metric(hook, name, options);
        metric.reduced = state.real("reduced");
        metric.weight = state.real("weight");
        metric.last = state.real("last");
        return metric;
    }

    private static Object option(String key, Fields state) {
        return switch (key) {
            case "reduced", "weight", "last" -> key;
            case "reduce" -> Reduce.valueOf(state.text(key));
            case "samples" -> new Samples(Math.toIntExact(state.num(key)));
            default -> LogFlag.valueOf(key);
        };
    }
}
