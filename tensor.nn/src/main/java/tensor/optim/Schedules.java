package tensor.optim;

import java.util.Arrays;
import java.util.List;
import java.util.function.LongToDoubleFunction;

/// The schedules of learning rates.
///
/// ```java
/// Schedule warmUp = Schedules.linear(0.1, 1, 5);
/// Scheduler scheduler = Scheduler.of(optimizer, Schedules.sequential(List.of(warmUp, Schedules.cosine(35)), 5));
/// ```
///
/// | here | PyTorch |
/// |---|---|
/// | [#step] | StepLR |
/// | [#multiStep] | MultiStepLR |
/// | [#constant] | ConstantLR |
/// | [#linear] | LinearLR |
/// | [#exponential] | ExponentialLR |
/// | [#polynomial] | PolynomialLR |
/// | [#cosine] | CosineAnnealingLR |
/// | [#warmRestarts] | CosineAnnealingWarmRestarts |
/// | [#lambda] | LambdaLR |
/// | [#multiplicative] | MultiplicativeLR |
/// | [Cyclic] | CyclicLR |
/// | [OneCycle] | OneCycleLR |
/// | [#sequential] | SequentialLR |
/// | [#chained] | ChainedScheduler |
/// | [ReduceOnPlateau] | ReduceLROnPlateau |
///
/// In the formulas `t` is the step, from 0; `rate₀` what a rate is when the schedule begins. Schedules given as a factor
/// per step multiply the present rate; those given by `rate₀` overwrite it.
public final class Schedules {
    private Schedules() {}

    /// {@return every `size` steps the rate times `factor`} `rate₀ · factor^⌊t/size⌋`.
    ///
    /// @param size how many steps a rate stays, at least 1
    /// @param factor from 0
    /// @throws IllegalArgumentException if a number is out of its range
    public static Schedule step(long size, double factor) {
        Settings.atLeast("Schedules.step", "size", 1, size);
        Settings.notNegative("Schedules.step", "factor", factor);
        return (step, _, rate, _) -> step > 0 && step % size == 0 ? rate * factor : rate;
    }

    /// {@return at each milestone the rate times `factor`} A milestone that is there twice counts twice.
    ///
    /// @param factor from 0
    /// @param milestones steps from 0, in any order
    /// @throws IllegalArgumentException if a number is out of its range
    public static Schedule multiStep(double factor, long... milestones) {
        Settings.notNegative("Schedules.multiStep", "factor", factor);
        long[] at = milestones.clone();
        for (long milestone : at) {
            Settings.atLeast("Schedules.multiStep", "milestone", 0, milestone);
        }
        return (step, _, rate, _) -> {
            long times = Arrays.stream(at).filter(milestone -> milestone == step).count();
            return times == 0 ? rate : rate * Math.pow(factor, (double) times);
        };
    }

    /// {@return the rate times `factor` for the first steps, then as it was}
    ///
    /// @param factor above 0
    /// @param steps for how many, at least 1
    /// @throws IllegalArgumentException if a number is out of its range
    public static Schedule constant(double factor, long steps) {
        Settings.positive("Schedules.constant", "factor", factor);
        Settings.atLeast("Schedules.constant", "steps", 1, steps);
        return (step, _, rate, _) -> {
            if (step == 0) {
                return rate * factor;
            }
            return step == steps ? rate * (1 / factor) : rate;
        };
    }

    /// {@return the rate times a factor that goes from `start` to `end` along a line, and stays there}
    /// `rate₀ · (start + (end − start)·min(t, steps)/steps)`.
    ///
    /// @param start above 0
    /// @param end from 0
    /// @param steps until the end is reached, at least 1
    /// @throws IllegalArgumentException if a number is out of its range
    public static Schedule linear(double start, double end, long steps) {
        Settings.positive("Schedules.linear", "start", start);
        Settings.notNegative("Schedules.linear", "end", end);
        Settings.atLeast("Schedules.linear", "steps", 1, steps);
        return (step, _, rate, _) -> {
            if (step == 0) {
                return rate * start;
            }
            double change = end - start;
            return step > steps
                    ? rate
                    : rate * (1 + change / (steps * start + (step - 1) * change));
        };
    }

    /// {@return at every step the rate times `factor`} `rate₀ · factorᵗ`.
    ///
    /// @param factor from 0
    /// @throws IllegalArgumentException if it is not
    public static Schedule exponential(double factor) {
        Settings.notNegative("Schedules.exponential", "factor", factor);
        return (step, _, rate, _) -> step == 0 ? rate : rate * factor;
    }

    /// {@return the rate on its way to 0 along a power} `rate₀ · (1 − min(t, steps)/steps)^power`.
    ///
    /// @param steps until 0 is reached, at least 1
    /// @param power from 0; 1 is a line
    /// @throws IllegalArgumentException if a number is out of its range
    public static Schedule polynomial(long steps, double power) {
        Settings.atLeast("Schedules.polynomial", "steps", 1, steps);
        Settings.notNegative("Schedules.polynomial", "power", power);
        return (step, _, rate, _) ->
                step == 0 || step > steps
                        ? rate
                        : rate * Math.pow((double) (steps - step) / (steps - step + 1), power);
    }

    /// {@return the rate on its way to 0 along half a cosine} As [#cosine(long, double)].
    ///
    /// @param steps until 0 is reached, at least 1
    public static Schedule cosine(long steps) {
        return cosine(steps, 0);
    }

    /// {@return the rate on its way to `minimum` along half a cosine, and up again after it}
    /// `minimum + (rate₀ − minimum)·(1 + cos(π·t/steps))/2`. It scales the distance to the minimum, so chained with others
    /// that go below the minimum it can ask for a negative rate, which is an error.
    ///
    /// @param steps until the minimum is reached, at least 1
    /// @param minimum from 0
    /// @throws IllegalArgumentException if a number is out of its range
    public static Schedule cosine(long steps, double minimum) {
        Settings.atLeast("Schedules.cosine", "steps", 1, steps);
        Settings.notNegative("Schedules.cosine", "minimum", minimum);
        return new Cosine(steps, minimum);
    }

    /// {@return half cosines down to `minimum`, each beginning anew at the first rate} Within a cycle of length `T`, `c`
    /// steps after its beginning, `minimum + (rate₀ − minimum)·(1 + cos(π·c/T))/2` (Loshchilov and Hutter, "SGDR", 2017).
    ///
    /// @param firstSteps length of the first cycle, at least 1
    /// @param growth how many times as long as the one before a cycle is, at least 1
    /// @param minimum from 0
    /// @throws IllegalArgumentException if a number is out of its range
    public static Schedule warmRestarts(long firstSteps, long growth, double minimum) {
        Settings.atLeast("Schedules.warmRestarts", "firstSteps", 1, firstSteps);
        Settings.atLeast("Schedules.warmRestarts", "growth", 1, growth);
        Settings.notNegative("Schedules.warmRestarts", "minimum", minimum);
        return (step, _, _, base) -> {
            long length = firstSteps;
            long into = growth == 1 ? step % firstSteps : step;
            while (into >= length) {
                into -= length;
                length *= growth;
            }
            return minimum + (base - minimum) * (1 + Math.cos(Math.PI * into / length)) / 2;
        };
    }

    /// {@return the first rate times what a function gives} `rate₀ · factor(t)`.
    ///
    /// @param factor of a step from 0; a pure function
    public static Schedule lambda(LongToDoubleFunction factor) {
        return (step, _, _, base) -> base * factor.applyAsDouble(step);
    }

    /// {@return the first rate of each group times what its function gives}
    ///
    /// @param factors one a group, each of a step from 0; pure functions
    public static Schedule lambda(List<LongToDoubleFunction> factors) {
        List<LongToDoubleFunction> copy = List.copyOf(factors);
        return new OnePerGroup(
                "Schedules.lambda",
                copy.size(),
                (step, group, _, base) -> base * copy.get(group).applyAsDouble(step));
    }

    /// {@return at every step after step 0 the rate times what a function gives}
    ///
    /// @param factor of a step from 1; a pure function
    public static Schedule multiplicative(LongToDoubleFunction factor) {
        return (step, _, rate, _) -> step == 0 ? rate : rate * factor.applyAsDouble(step);
    }

    /// {@return at every step after step 0 the rate of each group times what its function gives}
    ///
    /// @param factors one a group, each of a step from 1; pure functions
    public static Schedule multiplicative(List<LongToDoubleFunction> factors) {
        List<LongToDoubleFunction> copy = List.copyOf(factors);
        return new OnePerGroup(
                "Schedules.multiplicative",
                copy.size(),
                (step, group, rate, _) ->
                        step == 0 ? rate : rate * copy.get(group).applyAsDouble(step));
    }

    /// {@return one schedule after the other} Each begins at step 0 of its own, at the rates with which the whole began.
    ///
    /// @param parts at least one
    /// @param milestones at which step the second, third … part begins: one less than parts, growing, from 1
    /// @throws IllegalArgumentException if there is no part, or milestones do not fit
    public static Schedule sequential(List<Schedule> parts, long... milestones) {
        return new SequentialSchedule(List.copyOf(parts), milestones.clone());
    }

    /// {@return all schedules at once: each works on the rate that the one before gives}
    ///
    /// @param parts at least one, in order
    /// @throws IllegalArgumentException if there is none
    public static Schedule chained(List<Schedule> parts) {
        return new ChainedSchedule(List.copyOf(parts));
    }
}
