package conformance.area;

import conformance.kit.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import loops.core.training.Activity;
import loops.core.training.LogFlag;

/// A metric that gets a value in each step of validations, or of training, and what these are on average.
final class LoggedValues {
    private static final String OF_TRAINING = "train";

    private final List<Double> means = new ArrayList<>();
    private long steps;
    private double sum;
    private int count;

    /// Nothing logged yet.
    LoggedValues() {}

    /// Has a scenario log a metric: in training if its name begins so, else in validations.
    ///
    /// @param scenario the scenario
    /// @param metric its name
    void in(Scenario scenario, String metric) {
        if (metric.startsWith(OF_TRAINING)) {
            scenario.script()
                    .loss((model, batch, step) -> {
                        step.log(metric, next(), LogFlag.ON_EPOCH);
                        return model.loss(batch);
                    })
                    .trainingEpochEnd((run, results) -> close());
        } else {
            scenario.script()
                    .validation((model, batch, step) -> {
                        if (step.activity() == Activity.VALIDATION) {
                            step.log(metric, next());
                        }
                    })
                    .validationEpochEnd((run, results) -> close());
        }
    }

    /// {@return a value unlike those before it}
    private double next() {
        steps++;
        double value = 1 + Math.sin((double) steps);
        sum += value;
        count++;
        return value;
    }

    private void close() {
        if (count > 0) {
            means.add(sum / count);
        }
        sum = 0;
        count = 0;
    }

    /// {@return whether these are the means, in order, as far as floats tell}
    ///
    /// @param scores what was seen
    boolean areMeans(List<Double> scores) {
        return scores.size() == means.size()
                && IntStream.range(0, scores.size())
                        .allMatch(i -> Math.abs(scores.get(i) - means.get(i)) < 1e-6);
    }
}
