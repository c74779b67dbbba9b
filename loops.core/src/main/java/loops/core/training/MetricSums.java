package loops.core.training;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import loops.api.LoopState.Fields;
import loops.api.Stateful;

/// Running means of what is logged during one epoch or one data loader.
///
/// Each value counts as many times as its batch has samples, so a short last batch does not weigh too much.
/// Sums are kept in float64, in the order of logging.
public final class MetricSums implements Stateful {
    private final SequencedMap<String, Sum> sums = new LinkedHashMap<>();

    private record Sum(double weighted, double weight, double last) {
        static final Sum NONE = new Sum(0, 0, Double.NaN);

        Sum plus(double value, double samples) {
            return new Sum(weighted + value * samples, weight + samples, value);
        }

        double mean() {
            return weighted / weight;
        }
    }

    /// Sums without a value.
    public MetricSums() {}

    /// Adds a value.
    ///
    /// @param name the name of the metric
    /// @param value the value
    /// @param samples the samples that the value stands for
    public void add(String name, double value, int samples) {
        sums.put(name, sums.getOrDefault(name, Sum.NONE).plus(value, samples));
    }

    /// {@return the mean of each metric over all samples, in the order in which they were first logged}
    public SequencedMap<String, Double> means() {
        var means = new LinkedHashMap<String, Double>();
        sums.forEach((name, sum) -> means.put(name, sum.mean()));
        return means;
    }

    /// {@return the latest value of each metric}
    public SequencedMap<String, Double> latest() {
        var latest = new LinkedHashMap<String, Double>();
        sums.forEach((name, sum) -> latest.put(name, sum.last()));
        return latest;
    }

    @Override
    public Fields stateDict() {
        var state = Fields.empty();
        for (Map.Entry<String, Sum> entry : sums.entrySet()) {
            var sum = entry.getValue();
            state =
                    state.with(
                            entry.getKey(),
                            Fields.empty()
                                    .with("weighted", sum.weighted())
                                    .with("weight", sum.weight())
                                    .with("last", sum.last()));
        }
        return state;
    }

    @Override
    public void loadStateDict(Fields state) {
        sums.clear();
        for (String name : state.entries().keySet()) {
            var sum = state.fields(name);
            sums.put(name, new Sum(sum.real("weighted"), sum.real("weight"), sum.real("last")));
        }
    }
}
