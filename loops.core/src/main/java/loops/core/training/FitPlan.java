package loops.core.training;

import java.util.function.Consumer;

/// How long to train, and what to do on the way.
///
/// Steps are those of all optimizers together; epochs count from 0.
///
/// @param minEpochs a request to stop is honoured from this many epochs on
/// @param maxEpochs epochs to train; -1 for no limit
/// @param minSteps a request to stop is honoured from this many optimizer steps on
/// @param maxSteps optimizer steps to make; -1 for no limit
/// @param accumulate batches whose gradients are averaged, by samples, for one optimizer step
/// @param trainLimit the batches of an epoch that are trained on
/// @param validationLimit the batches of each validation source that are measured
/// @param validateEvery the training batches after which a validation follows: all of an epoch, a part, or a number
/// @param validateEveryEpochs the epochs after which validation takes place at all; every one for 1
/// @param sanityBatches validation batches tried before training
public record FitPlan(
        int minEpochs,
        int maxEpochs,
        long minSteps,
        long maxSteps,
        int accumulate,
        Batches trainLimit,
        Batches validationLimit,
        Batches validateEvery,
        int validateEveryEpochs,
        int sanityBatches) {

    /// Checks the numbers.
    public FitPlan {
        atLeast("minEpochs", minEpochs, 0);
        limit("maxEpochs", maxEpochs);
        atLeast("minSteps", minSteps, 0);
        limit("maxSteps", maxSteps);
        atLeast("accumulate", accumulate, 1);
        atLeast("validateEveryEpochs", validateEveryEpochs, 1);
        atLeast("sanityBatches", sanityBatches, 0);
        if (validateEvery instanceof Batches.Count(int batches)) {
            atLeast("validateEvery", batches, 1);
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

    /// {@return whether a request to stop may be honoured}
    ///
    /// @param epochs a number of epochs
    /// @param globalStep the optimizer steps so far
    public boolean mayStop(long epochs, long globalStep) {
        return epochs >= minEpochs && globalStep >= minSteps;
    }

    /// The choices of a plan.
    public static final class Config {
        private int minEpochs = 0;
        private int maxEpochs = 1000;
        private long minSteps = 0;
        private long maxSteps = -1;
        private int accumulate = 1;
        private Batches trainLimit = Batches.all();
        private Batches validationLimit = Batches.all();
        private Batches validateEvery = Batches.all();
        private int validateEveryEpochs = 1;
        private int sanityBatches = 2;

        private Config() {}

        /// Sets from how many epochs on a request to stop is honoured.
        ///
        /// @param minEpochs from 0
        /// @return this
        public Config minEpochs(int minEpochs) {
            this.minEpochs = minEpochs;
            return this;
        }

        /// Sets how many epochs to train; -1 for no limit.
        ///
        /// @param maxEpochs -1 or from 0
        /// @return this
        public Config maxEpochs(int maxEpochs) {
            this.maxEpochs = maxEpochs;
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

        /// Sets how many batches make one optimizer step.
        ///
        /// @param accumulate from 1
        /// @return this
        public Config accumulate(int accumulate) {
            this.accumulate = accumulate;
            return this;
        }

        /// Sets how many batches of an epoch are trained on.
        ///
        /// @param trainLimit the limit
        /// @return this
        public Config trainLimit(Batches trainLimit) {
            this.trainLimit = trainLimit;
            return this;
        }

        /// Sets how many batches of each validation source are measured.
        ///
        /// @param validationLimit the limit
        /// @return this
        public Config validationLimit(Batches validationLimit) {
            this.validationLimit = validationLimit;
            return this;
        }

        /// Sets after how many training batches a validation follows: all of an epoch, a part, or a number.
        ///
        /// @param validateEvery the interval
        /// @return this
        public Config validateEvery(Batches validateEvery) {
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

        /// Sets how many validation batches are tried before training.
        ///
        /// @param sanityBatches from 0
        /// @return this
        public Config sanityBatches(int sanityBatches) {
            this.sanityBatches = sanityBatches;
            return this;
        }

        private FitPlan plan() {
            return new FitPlan(
                    minEpochs,
                    maxEpochs,
                    minSteps,
                    maxSteps,
                    accumulate,
                    trainLimit,
                    validationLimit,
                    validateEvery,
                    validateEveryEpochs,
                    sanityBatches);
        }
    }
}
