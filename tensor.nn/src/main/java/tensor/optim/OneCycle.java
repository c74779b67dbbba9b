package tensor.optim;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Learning rates that go up once and then far down, and momenta down and up (PyTorch: `OneCycleLR`).
///
/// ```text
/// from max/divisor up to max at step  warmUp·total − 1, then down to max/(divisor·finalDivisor) at step  total − 1
/// three phases: up, down again to max/divisor at step  2·warmUp·total − 2, then further down
/// ```
///
/// Between two ends the rate goes along half a cosine, or along a line. After the last step it stays.
/// (Smith and Topin, "Super-convergence", 2018.) Steps are meant to be batches.
public final class OneCycle implements Schedule {
    private final double[] maxima;
    private final long total;
    private final Config config;

    private OneCycle(double[] maxima, long total, Config config) {
        this.maxima = maxima;
        this.total = total;
        this.config = config;
    }

    /// {@return a cycle with a warm-up of 0.3, divisors 25 and 10 000, and a momentum between 0.85 and 0.95}
    ///
    /// @param maximum the highest rate, from 0
    /// @param totalSteps of the whole training, at least 1
    /// @throws IllegalArgumentException if a number is out of its range
    public static OneCycle of(double maximum, long totalSteps) {
        return of(maximum, totalSteps, config -> {});
    }

    /// {@return a cycle as `config` says}
    ///
    /// @param maximum the highest rate, from 0
    /// @param totalSteps of the whole training, at least 1
    /// @param config sets what differs from the usual
    /// @throws IllegalArgumentException if a setting is out of its range
    public static OneCycle of(double maximum, long totalSteps, Consumer<Config> config) {
        return of(List.of(maximum), totalSteps, config);
    }

    /// {@return a cycle with a highest rate for each group}
    ///
    /// @param maxima one for all groups or one a group, from 0
    /// @param totalSteps of the whole training, at least 1
    /// @param config sets what differs from the usual
    /// @throws IllegalArgumentException if a setting is out of its range
    public static OneCycle of(List<Double> maxima, long totalSteps, Consumer<Config> config) {
        Config chosen = new Config();
        config.accept(chosen);
        return new OneCycle(
                Settings.rates("OneCycle", "maximum", maxima),
                Settings.atLeast("OneCycle", "totalSteps", 1, totalSteps),
                chosen);
    }

    @Override
    public double learningRate(long step, int group, double rate, double base) {
        double maximum = maxima[maxima.length == 1 ? 0 : group];
        double initial = maximum / config.divisor;
        return along(step, initial, maximum, initial, initial / config.finalDivisor);
    }

    @Override
    public OptionalDouble momentum(long step, int group) {
        MomentumCycle cycle = config.momentum;
        return cycle == null
                ? OptionalDouble.empty()
                : OptionalDouble.of(
                        along(step, cycle.high(), cycle.low(), cycle.high(), cycle.high()));
    }

    @Override
    public void checkFits(Optimizer optimizer) {
        Settings.onePerGroup("OneCycle", "maximum", maxima, optimizer.groups().size());
        if (config.momentum != null) {
            config.momentum.checkFits("OneCycle", optimizer);
        }
    }

    /// {@return the value at a step of what goes through these four; the third is left out without a third phase}
    private double along(long step, double start, double top, double back, double end) {
        long at = Math.min(step, total - 1);
        double endAt = (double) total - 1;
        double topAt = config.warmUp * total - 1;
        if (at <= topAt) {
            return between(start, top, 0, topAt, at);
        }
        if (!config.threePhases) {
            return between(top, end, topAt, endAt, at);
        }
        double backAt = 2 * config.warmUp * total - 2;
        return at <= backAt
                ? between(top, back, topAt, backAt, at)
                : between(back, end, backAt, endAt, at);
    }

    private double between(double from, double to, double first, double last, long at) {
        double way = last > first ? (at - first) / (last - first) : 1;
        return config.line
                ? (to - from) * way + from
                : to + (from - to) / 2 * (Math.cos(Math.PI * way) + 1);
    }

    /// What the cycle is like, set in a chain of calls.
    public static final class Config {
        private double warmUp = 0.3;
        private boolean line = false;
        private double divisor = 25;
        private double finalDivisor = 1e4;
        private boolean threePhases = false;
        private @Nullable MomentumCycle momentum = new MomentumCycle(0.85, 0.95);

        private Config() {}

        /// Sets the share of the steps in which the rate goes up; 0.3 unless said otherwise.
        ///
        /// @param share from 0 to below 1
        /// @return this
        public Config warmUp(double share) {
            warmUp = Settings.fraction("OneCycle", "warmUp", share);
            return this;
        }

        /// Goes along lines instead of cosines.
        ///
        /// @return this
        public Config linear() {
            line = true;
            return this;
        }

        /// Sets by what the highest rate is divided to get the first, and the first to get the last; 25 and 10 000 unless
        /// said otherwise.
        ///
        /// @param first above 0
        /// @param last above 0
        /// @return this
        public Config divisors(double first, double last) {
            divisor = Settings.positive("OneCycle", "divisor", first);
            finalDivisor = Settings.positive("OneCycle", "finalDivisor", last);
            return this;
        }

        /// Goes down to the first rate as fast as it went up, and from there to the last.
        ///
        /// @return this
        public Config threePhases() {
            threePhases = true;
            return this;
        }

        /// Sets the bounds of the momentum; 0.85 and 0.95 unless said otherwise.
        ///
        /// @param low where the rate is highest
        /// @param high where the rate is lowest
        /// @return this
        public Config momentum(double low, double high) {
            momentum = new MomentumCycle(low, high);
            return this;
        }

        /// Leaves the momentum as it is.
        ///
        /// @return this
        public Config fixedMomentum() {
            momentum = null;
            return this;
        }
    }
}
