package loops.core.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import loops.api.LoopState;
import loops.api.LoopState.Fields;
import loops.api.LoopState.Items;
import loops.api.Stateful;
import loops.api.StopSignal;
import tensor.api.Parameter;
import tensor.api.RandomKey;

/// Everything alive in one training: the module, its gradients and optimizers, the request to stop, the metrics.
///
/// A fit has one; each fold of a cross-validation has one of its own. Two of them share nothing, so a fold gives the
/// same bits alone, after others, or resumed.
public final class TrainingScope implements Stateful {
    private final TrainingModule module;
    private final List<TrainingOptimizer> optimizers;
    private final StopSignal stop = new StopSignal();
    private final Metrics metrics = new Metrics();
    private RandomKey key;

    private TrainingScope(
            TrainingModule module, List<TrainingOptimizer> optimizers, RandomKey key) {
        this.module = module;
        this.optimizers = optimizers;
        this.key = key;
    }

    /// {@return the scope of a module that goes on with the values it has, or gets its first ones from `key`}
    ///
    /// @param key where everything random in this training comes from
    /// @param module the module
    public static TrainingScope of(TrainingModule module, RandomKey key) {
        if (!module.parameters().stream().allMatch(Parameter::initialized)) {
            module.initialize(key.fold("module"));
        }
        return new TrainingScope(module, configured(module), key);
    }

    /// {@return the scope of a module that gets new values from `key`, whatever it had}
    ///
    /// @param key where everything random in this training comes from
    /// @param module the module
    public static TrainingScope fresh(TrainingModule module, RandomKey key) {
        module.initialize(key.fold("module"));
        return new TrainingScope(module, configured(module), key);
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
        return new TrainingScope(module, List.of(), key);
    }

    private static List<TrainingOptimizer> configured(TrainingModule module) {
        var optimizers = new ArrayList<TrainingOptimizer>();
        for (var optimizer : module.configureOptimizers().optimizers()) {
            optimizers.add(new TrainingOptimizer(optimizer, optimizers.size()));
        }
        return List.copyOf(optimizers);
    }

    /// {@return the module}
    public TrainingModule module() {
        return module;
    }

    /// {@return its optimizers, in the order of its plan}
    public List<TrainingOptimizer> optimizers() {
        return optimizers;
    }

    /// {@return the steps that all optimizers together have made}
    public long globalStep() {
        long sum = 0;
        for (TrainingOptimizer optimizer : optimizers) {
            sum += optimizer.steps();
        }
        return sum;
    }

    /// {@return the request to end this training early}
    public StopSignal stop() {
        return stop;
    }

    /// {@return the latest metrics}
    public Metrics metrics() {
        return metrics;
    }

    /// {@return where everything random in this training comes from}
    public RandomKey key() {
        return key;
    }

    @Override
    public Fields stateDict() {
        var states = new ArrayList<LoopState>();
        optimizers.forEach(optimizer -> states.add(optimizer.stateDict()));
        return Fields.empty()
                .with("key", Fields.empty().with("key", key.key()).with("stream", key.stream()))
                .with("module", TensorState.fields(module.stateDict()))
                .with("gradients", gradients())
                .with("optimizers", new Items(states))
                .with("stop", stop.stateDict())
                .with("metrics", metrics.stateDict());
    }

    /// The gradients are state: an accumulation window may be open.
    private Fields gradients() {
        var gradients = new LinkedHashMap<String, LoopState>();
        module.namedParameters()
                .forEach((name, parameter) ->
                        parameter
                                .grad()
                                .ifPresent(
                                        gradient -> gradients.put(name, TensorState.of(gradient))));
        return new Fields(gradients);
    }

    @Override
    public void loadStateDict(Fields state) {
        var saved = state.items("optimizers");
        if (saved.size() != optimizers.size()) {
            throw new IllegalArgumentException(
                    "TrainingScope.loadStateDict: %d optimizers were saved, the module configures %d; resume with the module that was saved"
                            .formatted(saved.size(), optimizers.size()));
        }
        var savedKey = state.fields("key");
        module.loadStateDict(TensorState.tensors(state.fields("module")));
        for (int i = 0; i < saved.size(); i++) {
            optimizers.get(i).loadStateDict((Fields) saved.get(i));
        }
        loadGradients(state.fields("gradients"));
        stop.loadStateDict(state.fields("stop"));
        metrics.loadStateDict(state.fields("metrics"));
        key = new RandomKey(savedKey.num("key"), savedKey.num("stream"));
    }

    private void loadGradients(Fields saved) {
        module.namedParameters()
                .forEach((name, parameter) -> {
                    parameter.zeroGrad();
                    if (saved.has(name)) {
                        parameter.grad(TensorState.CODEC.decode(saved.get(name)));
                    }
                });
    }
}
