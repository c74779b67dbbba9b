package loops.recipes;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import loops.core.training.Callback;
import loops.core.training.TrainingModule;
import loops.core.training.TrainingScope;
import tensor.api.RandomKey;

/// The choices of an [ActiveLearningLoop], set in a chain of calls.
public final class ActiveLearningConfig {
    private int first = 20;
    private int perRound = 10;
    private int labels = Integer.MAX_VALUE;
    private int passes = 1;
    private Heuristic heuristic = Heuristic.entropy();
    private BiFunction<TrainingModule, RandomKey, TrainingScope> start = TrainingScope::fresh;
    private IntFunction<? extends List<? extends Callback>> callbacks = _ -> List.of();

    private ActiveLearningConfig() {}

    /// Sets how many samples are drawn to be labelled first; 20 if not set.
    ///
    /// @param samples from 1
    /// @return this
    /// @throws IllegalArgumentException if it is less
    public ActiveLearningConfig first(int samples) {
        first = atLeastOne("first", samples);
        return this;
    }

    /// Sets how many labels each further round asks for; 10 if not set.
    ///
    /// @param samples from 1
    /// @return this
    /// @throws IllegalArgumentException if it is less
    public ActiveLearningConfig perRound(int samples) {
        perRound = atLeastOne("perRound", samples);
        return this;
    }

    /// Sets after how many labels the run ends; if not set, when all samples of the pool have theirs.
    ///
    /// @param samples from 1
    /// @return this
    /// @throws IllegalArgumentException if it is less
    public ActiveLearningConfig labels(int samples) {
        labels = atLeastOne("labels", samples);
        return this;
    }

    /// Sets how it is told which labels are wanted most; [Heuristic#entropy] if not set.
    ///
    /// @param heuristic scores the samples
    /// @return this
    public ActiveLearningConfig heuristic(Heuristic heuristic) {
        this.heuristic = heuristic;
        return this;
    }

    /// Sets how many predictions are made of a sample, with dropout at work; with 1, as if not set, dropout is off.
    ///
    /// @param passes from 1
    /// @return this
    /// @throws IllegalArgumentException if it is less
    public ActiveLearningConfig passes(int passes) {
        this.passes = atLeastOne("passes", passes);
        return this;
    }

    /// Lets every round go on with the values that the one before has learned, by optimizers of its own. If this is not
    /// called, each starts with new ones.
    ///
    /// @return this
    public ActiveLearningConfig warmStart() {
        return start(TrainingScope::of);
    }

    /// Sets what every round starts with.
    ///
    /// @param factory makes a new scope of the module, with the round's key
    /// @return this
    public ActiveLearningConfig start(
            BiFunction<TrainingModule, RandomKey, TrainingScope> factory) {
        start = factory;
        return this;
    }

    /// Sets what listens to single rounds. A callback that remembers something of a fit belongs here: the callbacks of the
    /// run hear all of them.
    ///
    /// @param factory makes new callbacks for a round, counted from 0; equal each time
    /// @return this
    public ActiveLearningConfig callbacks(IntFunction<? extends List<? extends Callback>> factory) {
        callbacks = factory;
        return this;
    }

    private static int atLeastOne(String choice, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(
                    "ActiveLearningLoop: %s is %d; use a number from 1".formatted(choice, value));
        }
        return value;
    }

    /// {@return what was chosen}
    static ActiveLearningPlan plan(Consumer<ActiveLearningConfig> choices) {
        var config = new ActiveLearningConfig();
        choices.accept(config);
        return new ActiveLearningPlan(
                config.first,
                config.perRound,
                config.labels,
                config.passes,
                config.heuristic,
                config.start,
                config.callbacks);
    }
}
