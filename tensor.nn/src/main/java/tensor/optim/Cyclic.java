package tensor.optim;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.LongToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// Learning rates that go up and down between two bounds, and momenta down and up (PyTorch: `CyclicLR`).
///
/// ```text
/// cycle = ⌊1 + t/(up + down)⌋          x = way through the cycle, from 0 to 1
/// h = x·(up + down)/up on the way up, falling back to 0 on the way down
/// rate = base + (max − base)·h·scale          momentum = high − (high − low)·h·scale
/// ```
///
/// (Smith, "Cyclical learning rates for training neural networks", 2017.) Steps are meant to be batches.
public final class Cyclic implements Schedule {
    private final double[] bases;
    private final double[] maxima;
    private final Config config;

    private Cyclic(double[] bases, double[] maxima, Config config) {
        this.bases = bases;
        this.maxima = maxima;
        this.config = config;
    }

    /// {@return a schedule between these bounds}
    ///
    /// @param base the lower one, from 0
    /// @param maximum the upper one, from 0
    /// @param config sets how long a cycle is, and what differs from the usual
    /// @throws IllegalArgumentException if a setting is out of its range
    public static Cyclic of(double base, double maximum, Consumer<Config> config) {
        return of(List.of(base), List.of(maximum), config);
    }

    /// {@return a schedule with bounds for each group}
    ///
    /// @param bases the lower ones, one for all groups or one a group, from 0
    /// @param maxima the upper ones, one for all groups or one a group, from 0
    /// @param config sets how long a cycle is, and what differs from the usual
    /// @throws IllegalArgumentException if a setting is out of its range
    public static Cyclic of(List<Double> bases, List<Double> maxima, Consumer<Config> config) {
        Config chosen = new Config();
        config.accept(chosen);
        return new Cyclic(
                Settings.rates("Cyclic", "base", bases),
                Settings.rates("Cyclic", "maximum", maxima),
                chosen);
    }

    @Override
    public double learningRate(long step, int group, double rate, double base) {
        double low = bases[bases.length == 1 ? 0 : group];
        double high = maxima[maxima.length == 1 ? 0 : group];
        return low + (high - low) * height(step) * scale(step);
    }

    @Override
    public OptionalDouble momentum(long step, int group) {
        MomentumCycle cycle = config.momentum;
        if (cycle == null) {
            return OptionalDouble.empty();
        }
        double move = (cycle.high() - cycle.low()) * height(step) * scale(step);
        return OptionalDouble.of(cycle.high() - move);
    }

    @Override
    public void checkFits(Optimizer optimizer) {
        int groups = optimizer.groups().size();
        Settings.onePerGroup("Cyclic", "base", bases, groups);
        Settings.onePerGroup("Cyclic", "maximum", maxima, groups);
        if (config.momentum != null) {
            config.momentum.checkFits("Cyclic", optimizer);
        }
    }

    private double height(long step) {
        long into = step % (config.up + config.down);
        return into <= config.up
                ? (double) into / config.up
                : (double) (config.up + config.down - into) / config.down;
    }

    private double scale(long step) {
        return config.scaleByStep
                ? config.scale.applyAsDouble(step)
                : config.scale.applyAsDouble(1 + step / (config.up + config.down));
    }

    /// What a cycle is like, set in a chain of calls.
    public static final class Config {
        private long up = 2000;
        private long down = 2000;
        private LongToDoubleFunction scale = _ -> 1;
        private boolean scaleByStep = false;
        private @Nullable MomentumCycle momentum = new MomentumCycle(0.8, 0.9);

        private Config() {}

        /// Sets how many steps a cycle goes up, and how many down; 2000 each unless said otherwise.
        ///
        /// @param up at least 1
        /// @param down at least 1
        /// @return this
        public Config steps(long up, long down) {
            this.up = Settings.atLeast("Cyclic", "up", 1, up);
            this.down = Settings.atLeast("Cyclic", "down", 1, down);
            return this;
        }

        /// Halves the height with every cycle (PyTorch: `triangular2`).
        ///
        /// @return this
        public Config halving() {
            return scaleByCycle(cycle -> Math.pow(0.5, (double) (cycle - 1)));
        }

        /// Multiplies the height by `factor` with every step (PyTorch: `exp_range`).
        ///
        /// @param factor from 0
        /// @return this
        public Config shrinking(double factor) {
            Settings.notNegative("Cyclic", "factor", factor);
            return scaleByStep(step -> Math.pow(factor, (double) step));
        }

        /// Multiplies the height by what a function of the cycle gives.
        ///
        /// @param function of a cycle from 1; pure
        /// @return this
        public Config scaleByCycle(LongToDoubleFunction function) {
            scale = function;
            scaleByStep = false;
            return this;
        }

        /// Multiplies the height by what a function of the step gives.
        ///
        /// @param function of a step from 0; pure
        /// @return this
        public Config scaleByStep(LongToDoubleFunction function) {
            scale = function;
            scaleByStep = true;
            return this;
        }

        /// Sets the bounds of the momentum; 0.8 and 0.9 unless said otherwise.
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
