package loops.core;

import java.util.List;
import java.util.function.Consumer;
import loops.core.training.Limit;
import loops.core.training.Callback;
import loops.core.training.FitPlan;
import loops.core.training.FitPlan.Config;

/// The choices of a trainer. Each has a default; see [FitPlan] for those of the plan.
public final class TrainerConfig {
    private Consumer<Config> plan = config -> {};
    private String device = "cpu";
    private long seed;
    private List<Callback> callbacks = List.of();
    private Limit testLimit = Limit.all();
    private Limit predictionLimit = Limit.all();

    TrainerConfig() {}

    /// Chooses how long to train and what to do on the way. Further choices add to earlier ones.
    ///
    /// @param choices sets what is not to be the default
    /// @return this
    public TrainerConfig plan(Consumer<Config> choices) {
        plan = plan.andThen(choices);
        return this;
    }

    /// Sets how many epochs to train; -1 for no limit. 1000 if not set.
    ///
    /// @param epochs a number of epochs
    /// @return this
    public TrainerConfig maxEpochs(int epochs) {
        return plan(config -> config.maxEpochs(epochs));
    }

    /// Sets how many optimizer steps to make; -1, the default, for no limit.
    ///
    /// @param steps a number of steps
    /// @return this
    public TrainerConfig maxSteps(long steps) {
        return plan(config -> config.maxSteps(steps));
    }

    /// Sets how many batches make one optimizer step; 1 if not set.
    ///
    /// @param batches a number of batches
    /// @return this
    public TrainerConfig accumulate(int batches) {
        return plan(config -> config.accumulate(batches));
    }

    /// Sets where tensors live, by the name of a backend; `cpu` if not set.
    ///
    /// @param name the name
    /// @return this
    public TrainerConfig device(String name) {
        device = name;
        return this;
    }

    /// Sets where everything random comes from; 0 if not set.
    ///
    /// @param seed the seed
    /// @return this
    public TrainerConfig seed(long seed) {
        this.seed = seed;
        return this;
    }

    /// Sets what listens to every run, in this order.
    ///
    /// @param callbacks the callbacks, in the order in which they are called
    /// @return this
    public TrainerConfig callbacks(Callback... callbacks) {
        this.callbacks = List.of(callbacks);
        return this;
    }

    /// Sets how many batches of each source are tested on.
    ///
    /// @param limit the limit
    /// @return this
    public TrainerConfig testLimit(Limit limit) {
        testLimit = limit;
        return this;
    }

    /// Sets how many batches of each source are predicted for.
    ///
    /// @param limit the limit
    /// @return this
    public TrainerConfig predictionLimit(Limit limit) {
        predictionLimit = limit;
        return this;
    }

    FitPlan plan() {
        return FitPlan.of(plan);
    }

    String device() {
        return device;
    }

    long seed() {
        return seed;
    }

    List<Callback> callbacks() {
        return callbacks;
    }

    Limit testLimit() {
        return testLimit;
    }

    Limit predictionLimit() {
        return predictionLimit;
    }
}
