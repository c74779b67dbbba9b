package tensor.optim;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import tensor.api.Tensor;

/// Sets the learning rates of an optimizer as training goes on.
///
/// ```java
/// Optimizer optimizer = Sgd.of(model.parameters(), 0.1);
/// Scheduler scheduler = Scheduler.of(optimizer, Schedules.step(7, 0.5));
/// for (int epoch = 0; epoch < 20; epoch++) {
///     train(optimizer);
///     scheduler.step();
/// }
/// ```
///
/// One kind follows a [Schedule] and is moved on by [#step()]; the other, [ReduceOnPlateau], looks at a metric and is
/// moved on by [#step(double)]. A scheduler sets the rates of step 0 when it is made.
///
/// Its state is exact: loaded into a new scheduler on a new optimizer, which has loaded its own state, it goes on as the
/// old one would have, bit for bit. Make the scheduler before the optimizer's state is loaded. Functions given by the
/// user are no part of the state.
///
/// **Threads.** Used by one thread at a time.
public abstract sealed class Scheduler permits ScheduleRunner, ReduceOnPlateau {
    private static final String STEPS = "steps";

    private final Optimizer optimizer;
    private long steps;

    Scheduler(Optimizer optimizer) {
        this.optimizer = optimizer;
    }

    /// {@return a scheduler that follows `schedule`} It has set the rates of step 0.
    ///
    /// @param optimizer whose rates it sets
    /// @param schedule what they are to be
    /// @throws IllegalArgumentException if the schedule does not fit the optimizer
    public static Scheduler of(Optimizer optimizer, Schedule schedule) {
        ScheduleRunner scheduler = new ScheduleRunner(optimizer, schedule);
        scheduler.start();
        return scheduler;
    }

    /// {@return whose rates it sets}
    public final Optimizer optimizer() {
        return optimizer;
    }

    /// {@return how many steps it has made}
    public final long steps() {
        return steps;
    }

    /// {@return whether it is moved on by [#step(double)] with a metric, and not by [#step()]}
    public abstract boolean monitorsMetric();

    /// Sets the rates of the next step.
    ///
    /// @throws IllegalStateException if the scheduler [monitors a metric][#monitorsMetric]
    public void step() {
        throw new IllegalStateException(
                "Scheduler.step: this one monitors a metric; use step(metric)");
    }

    /// Sets the rates of the next step by what a metric has become.
    ///
    /// @param metric its new value; NaN is never better than another
    /// @throws IllegalStateException if the scheduler [monitors no metric][#monitorsMetric]
    public void step(double metric) {
        throw new IllegalStateException(
                "Scheduler.step: this one monitors no metric, but was given %s; use step()"
                        .formatted(metric));
    }

    /// {@return everything it remembers, as scalars and vectors} The rates themselves are part of the optimizer's state.
    public final SequencedMap<String, Tensor> stateDict() {
        SequencedMap<String, Tensor> dict = new LinkedHashMap<>();
        dict.put(STEPS, Tensor.scalar(steps));
        write(dict);
        return dict;
    }

    /// Takes over what [#stateDict] of an equal scheduler gave. Nothing is changed if anything does not fit. Rates are not
    /// set: they come with the optimizer's state.
    ///
    /// @param dict the saved state
    /// @throws IllegalArgumentException if entries are missing or unknown, or do not fit the optimizer
    public final void loadStateDict(Map<String, Tensor> dict) {
        SequencedMap<String, Tensor> own = stateDict();
        if (!dict.keySet().equals(own.keySet())) {
            throw new IllegalArgumentException(
                    "loadStateDict: a scheduler of this kind needs %s; found %s"
                            .formatted(own.keySet(), dict.keySet()));
        }
        own.forEach((key, mine) -> {
            Tensor found = dict.getOrDefault(key, mine);
            if (!found.shape().equals(mine.shape())) {
                throw new IllegalArgumentException(
                        "loadStateDict: '%s' has shape %s, but the optimizer has %d groups"
                                .formatted(key, found.shape(), optimizer.groups().size()));
            }
            if (found.dtype() != mine.dtype()) {
                throw new IllegalArgumentException(
                        "loadStateDict: '%s' is %s, but %s is needed"
                                .formatted(key, found.dtype(), mine.dtype()));
            }
            SavedState.checkCount(key, found);
            own.put(key, found);
        });
        read(own);
        steps = entry(own, STEPS).itemLong();
    }

    /// Adds what a kind of scheduler remembers.
    abstract void write(SequencedMap<String, Tensor> dict);

    /// Takes over what [#write] gave, all there and of the right shapes and types.
    abstract void read(Map<String, Tensor> dict);

    static Tensor entry(Map<String, Tensor> dict, String key) {
        return Objects.requireNonNull(dict.get(key), key);
    }

    final void count() {
        steps++;
    }
}
