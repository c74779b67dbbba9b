package loops.core.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import loops.api.Codec;
import loops.api.LoopState;
import loops.api.LoopState.Fields;
import loops.api.LoopState.Items;
import loops.api.Stateful;
import loops.api.StopSignal;
import tensor.api.Device;
import tensor.api.Parameter;
import tensor.api.RandomKey;

/// Everything alive in one training: the module, its gradients and optimizers, the request to stop, the metrics.
///
/// What it trains is moved to the current device where it has values elsewhere. A fit has one; each fold of a cross-validation has one of its own. Two of them share nothing, so a fold gives the
/// same bits alone, after others, or resumed.
public final class TrainingScope implements Stateful {
    private static final Codec<List<String>> PATHS = Codec.listOf(Codec.TEXT);

    private final TrainingModule module;
    private final boolean trains;
    private final StopSignal stop = new StopSignal();
    private final StopSignal epochStop = new StopSignal();
    private final Metrics metrics = new Metrics();
    private Turns turns = new Turns(List.of());
    private boolean withoutSchedulers;
    private int accumulate = 1;
    private long epochs;
    private long batches;
    private long samples;
    private long leftOut;
    private RandomKey key;

    private TrainingScope(TrainingModule module, boolean trains, RandomKey key) {
        this.module = module;
        module.to(Device.current());
        this.trains = trains;
        this.key = key;
    }

    /// {@return the scope of a module that goes on with the values it has, or gets its first ones from `key`}
    ///
    /// @param key where everything random in this training comes from
    /// @param module the module
    public static TrainingScope of(TrainingModule module, RandomKey key) {
        return unconfigured(module, key).configureOptimizers();
    }

    /// {@return the scope of a module as by [#of], still without its optimizers}
    ///
    /// @param key where everything random in this training comes from
    /// @param module the module
    public static TrainingScope unconfigured(TrainingModule module, RandomKey key) {
        if (!module.parameters().stream().allMatch(Parameter::initialized)) {
            module.initialize(key.fold("module"));
        }
        return new TrainingScope(module, true, key);
    }

    /// {@return the scope of a module that gets new values from `key`, whatever it had}
    ///
    /// @param key where everything random in this training comes from
    /// @param module the module
    public static TrainingScope fresh(TrainingModule module, RandomKey key) {
        module.initialize(key.fold("module"));
        return new TrainingScope(module, true, key).configureOptimizers();
    }

    /// {@return the scope of a module that is only measured: it has no optimizers}
    ///
    /// @param key where everything random comes from
    /// @param module the module
    /// @throws IllegalStateException if the module has no values yet
    public static TrainingScope forEvaluation(TrainingModule module, RandomKey key) {
        if (!module.parameters().stream().allMatch(Parameter::initialized)) {
            throw new IllegalStateException(
                    "%s: its parameters have no values yet; fit it, load a state, or call initialize(key)"
                            .formatted(module.getClass().getSimpleName()));
        }
        return new TrainingScope(module, false, key);
    }

    /// Asks the module for its optimizers, when the parameters have values. Asked again, those it has are let go, with
    /// their steps.
    ///
    /// @return this
    /// @throws IllegalArgumentException if what the module plans cannot be
    public TrainingScope configureOptimizers() {
        var plan = module.configureOptimizers();
        if (withoutSchedulers && module.automaticOptimization()) {
            plan = plan.withoutSchedulers();
        }
        var configured = new ArrayList<TrainingOptimizer>();
        for (var planned : plan.optimizers()) {
            configured.add(new TrainingOptimizer(planned, configured.size()));
        }
        turns = new Turns(configured);
        return this;
    }

    /// Leaves out the schedulers that the loops would move, whenever optimizers are asked for from now on.
    ///
    /// @return this
    public TrainingScope withoutSchedulers() {
        withoutSchedulers = true;
        return this;
    }

    /// {@return the module}
    public TrainingModule module() {
        return module;
    }

    /// {@return whether the module is trained here, and not only measured}
    public boolean trains() {
        return trains;
    }

    /// {@return its optimizers, in the order of its plan}
    public List<TrainingOptimizer> optimizers() {
        return turns.all();
    }

    /// {@return the optimizers that a batch uses}
    ///
    /// @param batch its number within the epoch, from 0
    public List<TrainingOptimizer> active(int batch) {
        return turns.in(batch);
    }

    /// {@return which optimizers have their turn when}
    Turns turns() {
        return turns;
    }

    /// {@return the steps that all optimizers together have made}
    public long globalStep() {
        long sum = 0;
        var optimizers = optimizers();
        for (int i = 0; i < optimizers.size(); i++) { // asked several times a step: no iterator
            sum += optimizers.get(i).steps();
        }
        return sum;
    }

    /// {@return the request to end this training early}
    public StopSignal stop() {
        return stop;
    }

    /// {@return the request to end the present epoch early, and go on with the next}
    public StopSignal epochStop() {
        return epochStop;
    }

    /// Says that a fit begins, in a loop of several fits perhaps a further one: its epochs count from 0.
    public void beginFit() {
        for (TrainingOptimizer optimizer : optimizers()) {
            optimizer.schedulers().forEach(TrainingScheduler::beginFit);
        }
    }

    /// {@return how many batches make one optimizer step at present}
    public int accumulate() {
        return accumulate;
    }

    /// Sets how many batches make one optimizer step from now on.
    ///
    /// @param factor from 1
    public void accumulate(int factor) {
        if (factor < 1) {
            throw new IllegalArgumentException(
                    "accumulate: the factor is %d; use a number from 1".formatted(factor));
        }
        accumulate = factor;
    }

    /// {@return the epochs that have been trained}
    public long epochs() {
        return epochs;
    }

    /// Counts an epoch that has been trained.
    public void countEpoch() {
        epochs++;
    }

    /// {@return the batches that have been trained on}
    public long batches() {
        return batches;
    }

    /// {@return the samples that have been trained on}
    public long samples() {
        return samples;
    }

    /// {@return the steps that were left out, because the module gave no loss}
    public long leftOut() {
        return leftOut;
    }

    /// Counts a step that is left out, because the module gave no loss.
    ///
    /// @return how many there are now
    public long countLeftOut() {
        return ++leftOut;
    }

    /// Counts a batch that has been trained on.
    ///
    /// @param size its samples
    public void countBatch(int size) {
        batches++;
        samples += size;
    }

    /// {@return what is logged, and the latest of every metric}
    public Metrics metrics() {
        return metrics;
    }

    /// {@return where everything random in this training comes from}
    public RandomKey key() {
        return key;
    }

    /// {@return the paths of those parts of the module that are in evaluation, its own being empty}
    public List<String> evaluating() {
        return Modes.evaluating(module);
    }

    /// Turns some parts of the module to evaluation, and all others to training.
    ///
    /// @param paths of the former, as by [#evaluating()]
    public void evaluating(List<String> paths) {
        Modes.set(module, paths);
    }

    @Override
    public Fields stateDict() {
        var states = new ArrayList<LoopState>();
        optimizers().forEach(optimizer -> states.add(optimizer.stateDict()));
        return Fields.empty()
                .with("key", Fields.empty().with("key", key.key()).with("stream", key.stream()))
                .with("module", TensorState.fields(module.stateDict()))
                .with("evaluating", PATHS.encode(evaluating()))
                .with("gradients", gradients())
                .with("optimizers", new Items(states))
                .with("stop", stop.stateDict())
                .with("epoch_stop", epochStop.stateDict())
                .with("accumulate", accumulate)
                .with("epochs", epochs)
                .with("batches", batches)
                .with("samples", samples)
                .with("left_out", leftOut)
                .with("metrics", metrics.stateDict());
    }

    /// The gradients are state: an accumulation window may be open.
    private Fields gradients() {
        var gradients = new LinkedHashMap<String, LoopState>();
        module.namedParameters()
                .forEach((name, parameter) ->
                        GradientState.of(parameter).ifPresent(state -> gradients.put(name, state)));
        return new Fields(gradients);
    }

    @Override
    public void loadStateDict(Fields state) {
        var saved = state.items("optimizers");
        var optimizers = optimizers();
        if (saved.size() != optimizers.size()) {
            throw new IllegalArgumentException(
                    "TrainingScope.loadStateDict: %d optimizers were saved, the module configures %d; resume with the module that was saved"
                            .formatted(saved.size(), optimizers.size()));
        }
        var savedKey = state.fields("key");
        module.loadStateDict(TensorState.tensors(state.fields("module")));
        evaluating(PATHS.decode(state.get("evaluating")));
        for (int i = 0; i < saved.size(); i++) {
            optimizers.get(i).loadStateDict((Fields) saved.get(i));
        }
        loadGradients(state.fields("gradients"));
        stop.loadStateDict(state.fields("stop"));
        epochStop.loadStateDict(state.fields("epoch_stop"));
        accumulate = Math.toIntExact(state.num("accumulate"));
        epochs = state.num("epochs");
        batches = state.num("batches");
        samples = state.num("samples");
        leftOut = state.num("left_out");
        metrics.loadStateDict(state.fields("metrics"));
        key = new RandomKey(savedKey.num("key"), savedKey.num("stream"));
    }

    private void loadGradients(Fields saved) {
        module.namedParameters()
                .forEach((name, parameter) -> {
                    parameter.zeroGrad();
                    if (saved.has(name)) {
                        GradientState.restore(parameter, saved.get(name));
                    }
                });
    }
}
