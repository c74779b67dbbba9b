package tensor.optim;

import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Consumer;
import tensor.api.Tensor;

/// Lowers learning rates when a metric has stopped getting better (PyTorch: `ReduceLROnPlateau`).
///
/// ```text
/// metric better than the best by more than the threshold:  best ← metric, bad ← 0;  otherwise bad ← bad + 1
/// in a cooldown:         bad ← 0, and the cooldown gets one step shorter
/// bad > patience:        rate ← max(rate·factor, minimum), bad ← 0, a new cooldown starts
/// ```
///
/// Better by more than a relative threshold `t` is `metric < best·(1 − t)`, or `metric > best·(1 + t)` if larger is
/// better; with an absolute one `metric < best − t` or `metric > best + t`. NaN is never better.
public final class ReduceOnPlateau extends Scheduler {
    private static final String BEST = "best";
    private static final String BAD = "bad_steps";
    private static final String COOLDOWN = "cooldown_left";

    private final Config config;
    private double best;
    private long bad;
    private long cooldownLeft;

    private ReduceOnPlateau(Optimizer optimizer, Config config) {
        Settings.onePerGroup(
                "ReduceOnPlateau", "minLearningRate", config.minimum, optimizer.groups().size());
        super(optimizer);
        this.config = config;
        this.best = config.maximize ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }

    /// {@return a scheduler with factor 0.1, patience 10 and a relative threshold of 1e-4, for a metric that is better the
    /// smaller it is}
    ///
    /// @param optimizer whose rates it sets
    public static ReduceOnPlateau of(Optimizer optimizer) {
        return of(optimizer, config -> {});
    }

    /// {@return a scheduler as `config` says}
    ///
    /// @param optimizer whose rates it sets
    /// @param config sets what differs from the usual
    /// @throws IllegalArgumentException if a setting is out of its range, or does not fit the number of groups
    public static ReduceOnPlateau of(Optimizer optimizer, Consumer<Config> config) {
        Config chosen = new Config();
        config.accept(chosen);
        return new ReduceOnPlateau(optimizer, chosen);
    }

    /// {@return the best metric so far; an infinity before the first}
    public double best() {
        return best;
    }

    /// {@return how many steps ago the metric got better, or the rates were lowered}
    public long badSteps() {
        return bad;
    }

    /// {@return how many further steps of the cooldown there are}
    public long cooldownLeft() {
        return cooldownLeft;
    }

    @Override
    public boolean monitorsMetric() {
        return true;
    }

    @Override
    public void step(double metric) {
        if (better(metric)) {
            best = metric;
            bad = 0;
        } else {
            bad++;
        }
        if (cooldownLeft > 0) {
            cooldownLeft--;
            bad = 0;
        }
        if (bad > config.patience) {
            lower();
            cooldownLeft = config.cooldown;
            bad = 0;
        }
        count();
    }

    private boolean better(double metric) {
        double sign = config.maximize ? 1 : -1;
        double bound =
                config.relative
                        ? best * (1 + sign * config.threshold)
                        : best + sign * config.threshold;
        return config.maximize ? metric > bound : metric < bound;
    }

    private void lower() {
        for (int i = 0; i < optimizer().groups().size(); i++) {
            ParameterGroup group = optimizer().groups().get(i);
            double old = group.learningRate();
            double minimum = config.minimum[config.minimum.length == 1 ? 0 : i];
            double lowered = Math.max(old * config.factor, minimum);
            if (old - lowered > config.epsilon) {
                group.learningRate(lowered);
            }
        }
    }

    @Override
    void write(SequencedMap<String, Tensor> dict) {
        dict.put(BEST, Tensor.scalar(best));
        dict.put(BAD, Tensor.scalar(bad));
        dict.put(COOLDOWN, Tensor.scalar(cooldownLeft));
    }

    @Override
    void read(Map<String, Tensor> dict) {
        best = entry(dict, BEST).item();
        bad = entry(dict, BAD).itemLong();
        cooldownLeft = entry(dict, COOLDOWN).itemLong();
    }

    /// What differs from the usual, set in a chain of calls.
    public static final class Config {
        private boolean maximize = false;
        private double factor = 0.1;
        private long patience = 10;
        private double threshold = 1e-4;
        private boolean relative = true;
        private long cooldown = 0;
        private double[] minimum = {0};
        private double epsilon = 1e-8;

        private Config() {}

        /// Takes a metric that is better the larger it is.
        ///
        /// @return this
        public Config maximize() {
            maximize = true;
            return this;
        }

        /// Sets by what rates are multiplied, from 0 to below 1; 0.1 unless said otherwise.
        ///
        /// @param value the new setting
        /// @return this
        public Config factor(double value) {
            factor = Settings.fraction("ReduceOnPlateau", "factor", value);
            return this;
        }

        /// Sets how many steps without an improvement are put up with, from 0; 10 unless said otherwise.
        ///
        /// @param steps the new setting
        /// @return this
        public Config patience(long steps) {
            patience = Settings.atLeast("ReduceOnPlateau", "patience", 0, steps);
            return this;
        }

        /// Sets by how much, as a fraction of the best metric, a better one must differ, from 0 to below 1; 1e-4 unless said
        /// otherwise.
        ///
        /// @param fraction the new setting
        /// @return this
        public Config threshold(double fraction) {
            threshold = Settings.fraction("ReduceOnPlateau", "threshold", fraction);
            relative = true;
            return this;
        }

        /// Sets by how much a better metric must differ from the best, from 0.
        ///
        /// @param difference the new setting
        /// @return this
        public Config absoluteThreshold(double difference) {
            threshold = Settings.notNegative("ReduceOnPlateau", "absoluteThreshold", difference);
            relative = false;
            return this;
        }

        /// Sets for how many steps after a reduction bad steps do not count; none unless said otherwise.
        ///
        /// @param steps the new setting
        /// @return this
        public Config cooldown(long steps) {
            cooldown = Settings.atLeast("ReduceOnPlateau", "cooldown", 0, steps);
            return this;
        }

        /// Sets below what rates are not lowered; 0 unless said otherwise.
        ///
        /// @param values one for all groups, or one a group
        /// @return this
        public Config minLearningRate(double... values) {
            for (double value : values) {
                Settings.notNegative("ReduceOnPlateau", "minLearningRate", value);
            }
            minimum = values.clone();
            return this;
        }

        /// Sets what a reduction must exceed to be made; 1e-8 unless said otherwise.
        ///
        /// @param difference the new setting
        /// @return this
        public Config epsilon(double difference) {
            epsilon = Settings.notNegative("ReduceOnPlateau", "epsilon", difference);
            return this;
        }
    }
}
