package loops.core.training;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/// How long to train, and what to do on the way.
///
/// Steps are those of all optimizers together; epochs count from 0.
///
/// @param minEpochs a request to stop is honoured from this many epochs on
/// @param maxEpochs epochs to train; -1 for no limit
/// @param minSteps a request to stop is honoured from this many optimizer steps on
/// @param maxSteps optimizer steps to make; -1 for no limit
/// @param accumulation how many batches make one optimizer step, their gradients weighted by samples
/// @param clip how gradients are clipped, unless an optimizer has clipping of its own
/// @param trainLimit the batches of an epoch that are trained on
/// @param validationLimit the batches of each validation source that are measured
/// @param validateEvery the training batches after which a validation follows: all of an epoch, a part, or a number
/// @param acrossEpochs whether those batches are counted over all epochs, and not anew in each
/// @param validateEveryEpochs the epochs after which validation takes place at all; every one for 1
/// @param sanityLimit validation batches of each source tried before training
/// @param reloadEvery the epochs after which the data is asked for its sources again; never for 0
/// @param overfit whether every epoch trains on the batches of the first
/// @param trial whether everything is only tried once, see [Config#fastDevRun]
/// @param logEvery the steps after which values of steps are given to the loggers
public record FitPlan(
        int minEpochs,
        int maxEpochs,
        long minSteps,
        long maxSteps,
        Accumulation accumulation,
        Optional<Clip> clip,
        Limit trainLimit,
        Limit validationLimit,
        Limit validateEvery,
        boolean acrossEpochs,
        int validateEveryEpochs,
        Limit sanityLimit,
        int reloadEvery,
        boolean overfit,
        boolean trial,
        int logEvery) {

    /// Checks the choices, each and against each other.
    public FitPlan {
        atLeast("minEpochs", minEpochs, 0);
        limit("maxEpochs", maxEpochs);
        atLeast("minSteps", minSteps, 0);
        limit("maxSteps", maxSteps);
        atLeast("validateEveryEpochs", validateEveryEpochs, 1);
        atLeast("reloadEvery", reloadEvery, 0);
        atLeast("logEvery", logEvery, 1);
        if (validateEvery instanceof Limit.Both both) {
            throw new IllegalArgumentException(
                    "FitPlan: validateEvery is %s; use all, a number or a part".formatted(both));
        }
        if (validateEvery instanceof Limit.Batches(int batches)) {
            atLeast("validateEvery", batches, 1);
        } else if (acrossEpochs) {
            throw new IllegalArgumentException(
                    "FitPlan: validateEvery is %s with acrossEpochs(), and epochs have no common length; use Limit.batches(n)"
                            .formatted(validateEvery));
        }
    }

    private static void atLeast(String name, long value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(
                    "FitPlan: %s is %d; use a number from %d".formatted(name, value, least));
        }
    }

    private static void limit(String name, long value) {
        if (value < -1) {
            throw new IllegalArgumentException(
                    "FitPlan: %s is %d; use -1 for no limit or a number from 0"
                            .formatted(name, value));
        }
    }

    /// {@return the plan of `config`; without changes: 1000 epochs, each with a validation at its end, an optimizer step
    /// a batch, and a sanity check of two batches}
    ///
    /// @param config sets what is not to be the default
    public static FitPlan of(Consumer<Config> config) {
        var chosen = new Config();
        config.accept(chosen);
        return chosen.plan();
    }

    /// {@return this plan with some choices changed}
    ///
    /// @param changes sets what is to be different
    public FitPlan with(Consumer<Config> changes) {
        var chosen = new Config(this);
        changes.accept(chosen);
        return chosen.plan();
    }

    /// {@return whether the limit of optimizer steps is reached}
    ///
    /// @param globalStep the optimizer steps so far
    public boolean stepsReached(long globalStep) {
        return maxSteps != -1 && globalStep >= maxSteps;
    }

    /// {@return whether the limit of epochs is reached}
    ///
    /// @param epochs a number of epochs
    public boolean epochsReached(long epochs) {
        return maxEpochs != -1 && epochs >= maxEpochs;
    }

    /// {@return what has to be reached before a stop is honoured, for people: `minEpochs 5 and minSteps 0`}
    public String minimum() {
        return "minEpochs %d and minSteps %d".formatted(minEpochs, minSteps);
    }

    /// {@return whether a request to stop may be honoured}
    ///
    /// @param epochs a number of epochs
    /// @param globalStep the optimizer steps so far
    public boolean mayStop(long epochs, long globalStep) {
        return epochs >= minEpochs && globalStep >= minSteps;
    }

    /// {@return whether an epoch has validations}
    ///
    /// @param epoch the epoch, from 0
    public boolean validatesIn(int epoch) {
        return acrossEpochs || (epoch + 1) % validateEveryEpochs == 0;
    }

    /// {@return whether a validation has been due by now, if epochs are not cut short}
    ///
    /// @param epochs the epochs that have ended
    /// @param batches the batches that have been trained on, of all epochs
    public boolean validationWasDue(long epochs, long batches) {
        return (acrossEpochs && validateEvery instanceof Limit.Batches(int every))
                ? batches >= every
                : epochs >= validateEveryEpochs;
    }

    /// {@return how many validations follow the first batches of an epoch}
    ///
    /// @param epoch the epoch, from 0
    /// @param before the batches of all epochs before it
    /// @param batches how many of its batches are meant
    /// @param all the batches of the epoch, if their number is known
    /// @throws IllegalArgumentException if an epoch has part after part of an unknown number
    public int validations(int epoch, long before, int batches, OptionalInt all) {
        if (validationLimit.none() || !validatesIn(epoch)) {
            return 0;
        }
        long interval =
                switch (validateEvery) {
                    case Limit.All() -> all.orElse(Integer.MAX_VALUE);
                    case Limit.Batches(int every) -> every;
                    case Limit.Fraction part -> part.interval(all);
                    case Limit.Both _ -> throw new IllegalStateException("refused above");
                };
        long start = acrossEpochs ? before : 0;
        return interval == 0 ? 0 : Math.toIntExact((start + batches) / interval - start / interval);
    }

    /// {@return whether each epoch has one validation, at its end} There it makes no difference whether a metric of
    /// validations is looked at after a validation or after an epoch.
    public boolean validatesOnceAnEpoch() {
        boolean atTheEnd =
                switch (validateEvery) {
                    case Limit.All() -> true;
                    case Limit.Fraction(double part) -> part == 1;
                    case Limit.Batches _, Limit.Both _ -> false;
                };
        return atTheEnd && !acrossEpochs && validateEveryEpochs == 1;
    }

    /// The choices of a plan.
    public static final class Config {
        private OptionalInt minEpochs = OptionalInt.empty();
        private OptionalInt maxEpochs = OptionalInt.empty();
        private long minSteps = 0;
        private long maxSteps = -1;
        private Accumulation accumulation = Accumulation.of(1);
        private Optional<Clip> clip = Optional.empty();
        private Limit trainLimit = Limit.all();
        private Limit validationLimit = Limit.all();
        private Limit validateEvery = Limit.all();
        private boolean acrossEpochs = false;
        private int validateEveryEpochs = 1;
        private Limit sanityLimit = Limit.batches(2);
        private int reloadEvery = 0;
        private boolean overfit = false;
        private boolean trial = false;
        private int logEvery = 50;

        private Config() {}

        private Config(FitPlan plan) {
            minEpochs = OptionalInt.of(plan.minEpochs);
            maxEpochs = OptionalInt.of(plan.maxEpochs);
            minSteps = plan.minSteps;
            maxSteps = plan.maxSteps;
            accumulation = plan.accumulation;
            clip = plan.clip;
            trainLimit = plan.trainLimit;
            validationLimit = plan.validationLimit;
            validateEvery = plan.validateEvery;
            acrossEpochs = plan.acrossEpochs;
            validateEveryEpochs = plan.validateEveryEpochs;
            sanityLimit = plan.sanityLimit;
            reloadEvery = plan.reloadEvery;
            overfit = plan.overfit;
            trial = plan.trial;
            logEvery = plan.logEvery;
        }

        /// Sets from how many epochs on a request to stop is honoured; 1 if not set and `minSteps` is, else 0.
        ///
        /// @param minEpochs from 0
        /// @return this
        public Config minEpochs(int minEpochs) {
            this.minEpochs = OptionalInt.of(minEpochs);
            return this;
        }

        /// Sets how many epochs to train; -1 for no limit. If not set, there is no limit where `maxSteps` is set, and else it is 1000.
        ///
        /// @param maxEpochs -1 or from 0
        /// @return this
        public Config maxEpochs(int maxEpochs) {
            this.maxEpochs = OptionalInt.of(maxEpochs);
            return this;
        }

        /// Sets from how many optimizer steps on a request to stop is honoured.
        ///
        /// @param minSteps from 0
        /// @return this
        public Config minSteps(long minSteps) {
            this.minSteps = minSteps;
            return this;
        }

        /// Sets how many optimizer steps to make; -1 for no limit.
        ///
        /// @param maxSteps -1 or from 0
        /// @return this
        public Config maxSteps(long maxSteps) {
            this.maxSteps = maxSteps;
            return this;
        }

        /// Sets how many batches make one optimizer step, epoch by epoch.
        ///
        /// @param accumulation the factors
        /// @return this
        public Config accumulate(Accumulation accumulation) {
            this.accumulation = accumulation;
            return this;
        }

        /// Sets how many batches of an epoch are trained on.
        ///
        /// @param trainLimit the limit
        /// @return this
        public Config trainLimit(Limit trainLimit) {
            this.trainLimit = trainLimit;
            return this;
        }

        /// Sets how many batches of each validation source are measured.
        ///
        /// @param validationLimit the limit
        /// @return this
        public Config validationLimit(Limit validationLimit) {
            this.validationLimit = validationLimit;
            return this;
        }

        /// Sets after how many training batches a validation follows: all of an epoch, a part, or a number.
        ///
        /// @param validateEvery the interval
        /// @return this
        public Config validateEvery(Limit validateEvery) {
            this.validateEvery = validateEvery;
            return this;
        }

        /// Sets after how many epochs validation takes place at all.
        ///
        /// @param validateEveryEpochs from 1
        /// @return this
        public Config validateEveryEpochs(int validateEveryEpochs) {
            this.validateEveryEpochs = validateEveryEpochs;
            return this;
        }

        /// Sets how many validation batches of each source are tried before training.
        ///
        /// @param sanityLimit the limit
        /// @return this
        public Config sanityLimit(Limit sanityLimit) {
            this.sanityLimit = sanityLimit;
            return this;
        }

        /// Sets after how many epochs the data is asked for its sources again; never for 0.
        ///
        /// @param reloadEvery from 0
        /// @return this
        public Config reloadEvery(int reloadEvery) {
            this.reloadEvery = reloadEvery;
            return this;
        }

        /// Sets after how many steps values of steps are given to the loggers.
        ///
        /// @param logEvery from 1
        /// @return this
        public Config logEvery(int logEvery) {
            this.logEvery = logEvery;
            return this;
        }

        /// Sets how many batches make one optimizer step.
        ///
        /// @param batches from 1
        /// @return this
        public Config accumulate(int batches) {
            return accumulate(Accumulation.of(batches));
        }

        /// Sets how many batches make one optimizer step, from which epoch on.
        ///
        /// @param factors the factor from an epoch on, by epoch
        /// @return this
        public Config accumulate(Map<Integer, Integer> factors) {
            return accumulate(Accumulation.schedule(factors));
        }

        /// Sets how gradients are clipped.
        ///
        /// @param clip how
        /// @return this
        public Config clip(Clip clip) {
            this.clip = Optional.of(clip);
            return this;
        }

        /// Counts the batches between two validations over all epochs, and not anew in each.
        ///
        /// @return this
        public Config acrossEpochs() {
            acrossEpochs = true;
            return this;
        }

        /// Sets how many validation batches are tried before training.
        ///
        /// @param batches from 0
        /// @return this
        public Config sanityBatches(int batches) {
            return sanityLimit(Limit.batches(batches));
        }

        /// Trains on the same few batches in every epoch, and validates on as many: a model that learns at all learns
        /// them by heart.
        ///
        /// @param limit how many of the batches of the first epoch
        /// @return this
        public Config overfit(Limit limit) {
            overfit = true;
            return trainLimit(limit).validationLimit(limit);
        }

        /// Tries everything once: so many batches of everything, one epoch, however many steps they make, no sanity check.
        ///
        /// @param batches from 1
        /// @return this
        /// @throws IllegalArgumentException if `batches` is less
        public Config fastDevRun(int batches) {
            atLeast("fastDevRun", batches, 1);
            var few = Limit.batches(batches);
            acrossEpochs = false;
            trial = true;
            return maxEpochs(1)
                    .maxSteps(-1)
                    .trainLimit(few)
                    .validationLimit(few)
                    .validateEvery(Limit.all())
                    .validateEveryEpochs(1)
                    .sanityBatches(0);
        }

        private FitPlan plan() {
            return new FitPlan(
                    minEpochs.orElse(minSteps > 0 ? 1 : 0),
                    maxEpochs.orElse(maxSteps == -1 ? 1000 : -1),
                    minSteps,
                    maxSteps,
                    accumulation,
                    clip,
                    trainLimit,
                    validationLimit,
                    validateEvery,
                    acrossEpochs,
                    validateEveryEpochs,
                    sanityLimit,
                    reloadEvery,
                    overfit,
                    trial,
                    logEvery);
        }
    }
}
