package loops.core.callback;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import loops.api.Codec;
import loops.api.LoopState.Fields;
import loops.api.Stateful;
import loops.core.training.Callback;
import loops.core.training.RunView;
import tensor.data.Batch;
import tensor.optim.ParameterAverage;
import tensor.optim.ParameterGroup;

/// Averages the parameters at the ends of the last epochs (SWA), while a high learning rate lets them roam, and leaves the
/// mean in the module.
///
/// ```java
/// StochasticWeightAveraging.of(0.05)                                          // the last fifth of the epochs
/// StochasticWeightAveraging.of(0.05, config -> config.startEpoch(6).annealing(3, LINEAR))
/// ```
///
/// From the first of these epochs on, learning rates go from what they are to the one given, a part of the way each
/// epoch, and stay there. Schedulers go on moving, but the rates that they set no longer count. A
/// [LearningRateMonitor] sees the new rates if it stands behind this callback.
///
/// In checkpoints and validations before the end the module has its own values. Buffers are not averaged. There is no
/// batch normalization in `tensor.nn`; the statistics of one would have to be gathered anew for the mean.
///
/// Izmailov, Podoprikhin, Garipov, Vetrov, Wilson: Averaging weights leads to wider optima and better generalization,
/// 2018.
public final class StochasticWeightAveraging implements Callback {
    private final Choices choices;
    private final AverageInUse average = new AverageInUse(ParameterAverage::uniform);
    private final Start start = new Start();

    /// How learning rates go to the new one.
    public enum Annealing {
        /// Along half a wave of the cosine.
        COSINE {
            @Override
            double partLeft(double time) {
                return (1 + Math.cos(Math.PI * time)) / 2;
            }
        },
        /// In equal steps.
        LINEAR {
            @Override
            double partLeft(double time) {
                return 1 - time;
            }
        };

        /// {@return how much of the old rate is left, from 1 to 0}
        ///
        /// @param time from 0 to 1
        abstract double partLeft(double time);
    }

    private record Choices(
            List<Double> learningRates,
            OptionalInt startEpoch,
            double start,
            int annealingEpochs,
            Annealing annealing) {}

    /// The learning rates with which it began, one a group of each optimizer; none before.
    private static final class Start implements Stateful {
        private static final Codec<List<Double>> CODEC = Codec.listOf(Codec.DOUBLE);

        private List<Double> rates = List.of();

        @Override
        public Fields stateDict() {
            return Fields.empty().with("rates", CODEC.encode(rates));
        }

        @Override
        public void loadStateDict(Fields state) {
            rates = CODEC.decode(state.get("rates"));
        }
    }

    private StochasticWeightAveraging(Choices choices) {
        this.choices = choices;
    }

    /// {@return a callback that averages over the last fifth of the epochs, with ten epochs of cosine annealing}
    ///
    /// @param learningRate the learning rate that is gone to, from 0
    /// @throws IllegalArgumentException if it is out of its range
    public static StochasticWeightAveraging of(double learningRate) {
        return of(learningRate, config -> {});
    }

    /// {@return a callback with these choices}
    ///
    /// @param learningRate the learning rate that is gone to, from 0
    /// @param choices sets what is not to be the default
    /// @throws IllegalArgumentException if a number is out of its range
    public static StochasticWeightAveraging of(double learningRate, Consumer<Config> choices) {
        var config = new Config(learningRate);
        choices.accept(config);
        return new StochasticWeightAveraging(config.choices());
    }

    /// What differs from the usual, set in a chain of calls.
    public static final class Config {
        private List<Double> learningRates;
        private OptionalInt startEpoch = OptionalInt.empty();
        private double start = 0.8;
        private int annealingEpochs = 10;
        private Annealing annealing = Annealing.COSINE;

        private Config(double learningRate) {
            learningRates = List.of(checkedRate(learningRate));
        }

        private static double checkedRate(double rate) {
            if (!(rate >= 0 && rate < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "StochasticWeightAveraging: a learning rate is %s; use a number from 0"
                                .formatted(rate));
            }
            return rate;
        }

        /// Sets a learning rate of its own for each group of parameters.
        ///
        /// @param rates one for each group of the first optimizer, then of the second, and so on
        /// @return this
        /// @throws IllegalArgumentException if one is out of its range
        public Config perGroup(double... rates) {
            learningRates = Arrays.stream(rates).map(Config::checkedRate).boxed().toList();
            return this;
        }

        /// Sets the first epoch at whose end the parameters enter the mean.
        ///
        /// @param epoch a number from 0
        /// @return this
        /// @throws IllegalArgumentException if it is negative
        public Config startEpoch(int epoch) {
            if (epoch < 0) {
                throw new IllegalArgumentException(
                        "StochasticWeightAveraging: startEpoch is %d; use a number from 0"
                                .formatted(epoch));
            }
            startEpoch = OptionalInt.of(epoch);
            return this;
        }

        /// Sets after which part of the epochs it begins; 0.8 if not set. The plan has to say how many there are.
        ///
        /// @param part from 0 to 1
        /// @return this
        /// @throws IllegalArgumentException if it is not
        public Config startAt(double part) {
            if (!(part >= 0 && part <= 1)) {
                throw new IllegalArgumentException(
                        "StochasticWeightAveraging: startAt is %s; use a number from 0 to 1"
                                .formatted(part));
            }
            start = part;
            startEpoch = OptionalInt.empty();
            return this;
        }

        /// Sets how the learning rates go to the new one; by cosine over 10 epochs if not set.
        ///
        /// @param epochs after how many epochs they are there; 0 for at once
        /// @param how along which line
        /// @return this
        /// @throws IllegalArgumentException if `epochs` is negative
        public Config annealing(int epochs, Annealing how) {
            if (epochs < 0) {
                throw new IllegalArgumentException(
                        "StochasticWeightAveraging: annealing takes %d epochs; use a number from 0"
                                .formatted(epochs));
            }
            annealingEpochs = epochs;
            annealing = how;
            return this;
        }

        private Choices choices() {
            return new Choices(learningRates, startEpoch, start, annealingEpochs, annealing);
        }
    }

    // ---- hooks

    @Override
    public void onFitStart(RunView run) {
        if (choices.startEpoch.isEmpty() && run.plan().maxEpochs() == -1) {
            throw new IllegalArgumentException(
                    "StochasticWeightAveraging: starts at %s of the epochs, and the plan has no maxEpochs; set one, or startEpoch(..)"
                            .formatted(choices.start));
        }
        int groups = groups(run).size();
        if (choices.learningRates.size() != 1 && choices.learningRates.size() != groups) {
            throw new IllegalArgumentException(
                    "StochasticWeightAveraging: %d learning rates for %d groups of parameters; give one, or one for each"
                            .formatted(choices.learningRates.size(), groups));
        }
    }

    @Override
    public void onTrainStart(RunView run) {
        average.begin();
        start.rates = List.of();
    }

    /// A training that had come to its end and goes on does so with the module's own values.
    @Override
    public void onTrainEpochStart(RunView run) {
        average.swap(run, false);
        anneal(run);
    }

    /// Once more for each batch: a scheduler of steps has set its own rate in between.
    @Override
    public void onTrainBatchStart(RunView run, Batch batch, int batchIndex) {
        anneal(run);
    }

    @Override
    public void onTrainEpochEnd(RunView run) {
        if (run.epoch() >= startEpoch(run)) {
            average.update(run);
        }
    }

    @Override
    public void onTrainEnd(RunView run) {
        average.swap(run, true);
    }

    private int startEpoch(RunView run) {
        return choices.startEpoch.orElseGet(() -> (int) (run.plan().maxEpochs() * choices.start));
    }

    private void anneal(RunView run) {
        int epochs = run.epoch() - startEpoch(run);
        if (epochs < 0) {
            return;
        }
        var groups = groups(run);
        if (start.rates.isEmpty()) {
            start.rates = groups.stream().map(ParameterGroup::learningRate).toList();
        }
        double time =
                choices.annealingEpochs == 0
                        ? 1
                        : Math.min(1, (double) epochs / choices.annealingEpochs);
        double left = choices.annealing.partLeft(time);
        for (int i = 0; i < groups.size(); i++) {
            double target = choices.learningRates.get(choices.learningRates.size() == 1 ? 0 : i);
            groups.get(i).learningRate(start.rates.get(i) * left + target * (1 - left));
        }
    }

    private static List<ParameterGroup> groups(RunView run) {
        return run.optimizers().stream()
                .flatMap(optimizer -> optimizer.optimizer().groups().stream())
                .toList();
    }

    @Override
    public Fields stateDict() {
        return average.stateDict().with("start", start.stateDict());
    }

    @Override
    public void loadStateDict(Fields state) {
        average.loadStateDict(state);
        start.loadStateDict(state.fields("start"));
    }
}
