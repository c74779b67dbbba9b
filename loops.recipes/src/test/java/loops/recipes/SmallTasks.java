package loops.recipes;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Supplier;
import loops.api.LoopState.Fields;
import loops.api.testkit.Scenario;
import loops.core.loop.EvaluationLoop;
import loops.core.loop.FitLoop;
import loops.core.loop.TrainingBatchLoop;
import loops.core.loop.TrainingEpochLoop;
import loops.core.training.DataModule;
import loops.core.training.FitPlan;
import loops.core.training.FitResult;
import loops.core.training.FitRun;
import loops.core.training.OptimizerPlan;
import loops.core.training.TensorState;
import loops.core.training.TrainingScope;
import tensor.api.Gradients;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.nn.Functional;
import tensor.nn.Linear;
import tensor.nn.Losses;
import tensor.nn.Reduction;
import tensor.nn.Sequential;
import tensor.optim.Adam;
import tensor.optim.Optimizer;
import tensor.optim.Sgd;

/// A small meta-learning: two layers, on tasks of random lines, in float64.
///
/// @param seed where all that is random comes from
/// @param tasks how many tasks a batch has
/// @param shots how many samples there are to adapt to
/// @param steps of the inner loop
/// @param kind what it is
record SmallTasks(long seed, int tasks, int shots, int steps, Kind kind) {
    private static final double RATE = 0.1;
    private static final int EPOCHS = 2;
    private static final int BATCHES = 3;

    /// The ways to learn to learn.
    enum Kind {
        SECOND_ORDER,
        FIRST_ORDER,
        LAST_LAYER,
        REPTILE
    }

    /// Makes equal objects each time.
    Supplier<Scenario<FitRun, FitResult>> scenarios() {
        return () -> {
            var run = run(new Lines(this));
            return new Scenario<>(loop(), run, run.scope());
        };
    }

    Fields byLoop() {
        var module = new Lines(this);
        loop().run(run(module));
        return TensorState.fields(module.stateDict());
    }

    FitLoop loop() {
        var fit = new FitLoop();
        var epoch = fit.epochLoop().get(TrainingEpochLoop.class);
        epoch.batchLoop()
                .get(TrainingBatchLoop.class)
                .optimizerLoop()
                .replace(_ ->
                        kind == Kind.REPTILE
                                ? new ReptileLoop(inner())
                                : new MetaLearningLoop(inner()));
        epoch.validationLoop()
                .get(EvaluationLoop.class)
                .epochLoop()
                .replace(_ -> new MetaEvaluationLoop(inner()));
        return fit;
    }

    AdaptationLoop inner() {
        return new AdaptationLoop(config -> {
            config.steps(steps).rate(RATE);
            switch (kind) {
                case SECOND_ORDER -> {}
                case FIRST_ORDER, REPTILE -> config.firstOrder();
                case LAST_LAYER -> config.only(this::adapts);
            }
        });
    }

    private boolean adapts(String path) {
        return kind != Kind.LAST_LAYER || path.startsWith("net.2.");
    }

    FitRun run(Lines module) {
        module.initialize(RandomKey.of(seed).fold("module"), DType.FLOAT64);
        return FitRun.of(
                TrainingScope.of(module, RandomKey.of(seed)),
                DataModule.of(source("train"), source("validation")),
                FitPlan.of(config -> config.maxEpochs(EPOCHS)));
    }

    TaskSource source(String name) {
        return new TaskSource(BATCHES, RandomKey.of(seed).fold(name), this::draw);
    }

    private Batch draw(RandomKey key) {
        var parts = new LinkedHashMap<String, Batch>();
        var slope = Tensor.normal(key.fold("slope"), Shape.of(tasks, 1, 1), DType.FLOAT64);
        for (String part : new String[] {TaskModule.SUPPORT, TaskModule.QUERY}) {
            var x = Tensor.normal(key.fold(part), Shape.of(tasks, shots, 1), DType.FLOAT64);
            parts.put(part, Batch.of(x, x.mul(slope).add(1)));
        }
        return Batch.combine(parts);
    }

    // ---- by hand

    /// {@return the state of a module after plain nested loops, which go through the tasks one by one}
    Fields byHand() {
        var module = new Lines(this);
        module.initialize(RandomKey.of(seed).fold("module"), DType.FLOAT64);
        var optimizer = module.optimizer();
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            try (var batches = source("train").open(epoch, 0)) {
                while (batches.hasNext()) {
                    step(module, optimizer, batches.next());
                }
            }
        }
        return TensorState.fields(module.stateDict());
    }

    private void step(Lines module, Optimizer optimizer, Batch batch) {
        optimizer.zeroGrad();
        for (int task = 0; task < tasks; task++) {
            var weights = new LinkedHashMap<String, Tensor>();
            module.namedParameters().forEach((path, it) -> weights.put(path, it.value()));
            for (int step = 0; step < steps; step++) {
                descend(weights, loss(weights, batch.part(TaskModule.SUPPORT), task));
            }
            if (kind == Kind.REPTILE) {
                module.namedParameters()
                        .forEach((path, it) ->
                                it.accumulate(
                                        it.value()
                                                .sub(weight(weights, path))
                                                .detach()
                                                .div((double) tasks)));
            } else {
                loss(weights, batch.part(TaskModule.QUERY), task).div((double) tasks).backward();
            }
        }
        optimizer.step();
    }

    private void descend(SequencedMap<String, Tensor> weights, Tensor loss) {
        var adapted = weights.sequencedKeySet().stream().filter(this::adapts).toList();
        var wanted = adapted.stream().map(path -> weight(weights, path)).toList();
        var gradients =
                kind == Kind.SECOND_ORDER || kind == Kind.LAST_LAYER
                        ? Gradients.differentiable(loss, wanted)
                        : Gradients.of(loss, wanted);
        for (int i = 0; i < adapted.size(); i++) {
            weights.put(adapted.get(i), wanted.get(i).sub(gradients.get(i).mul(RATE)));
        }
    }

    private static Tensor loss(Map<String, Tensor> weights, Batch samples, int task) {
        var x = samples.input().select(0, task);
        var hidden = linear(weights, "net.0", x).tanh();
        var y = linear(weights, "net.2", hidden);
        return Losses.mse(y, samples.target().select(0, task));
    }

    private static Tensor linear(Map<String, Tensor> weights, String layer, Tensor x) {
        return Functional.linear(
                x, weight(weights, layer + ".weight"), weight(weights, layer + ".bias"));
    }

    private static Tensor weight(Map<String, Tensor> weights, String path) {
        return Objects.requireNonNull(weights.get(path));
    }

    /// What learns to learn.
    static final class Lines extends TaskModule {
        private final Sequential net =
                child("net", Sequential.of(Linear.of(1, 3), Tensor::tanh, Linear.of(3, 1)));
        private final Kind kind;

        Lines(SmallTasks of) {
            kind = of.kind;
        }

        @Override
        public Tensor taskLosses(Batch samples) {
            return Losses.mse(net.apply(samples.input()), samples.target(), Reduction.NONE)
                    .mean(1, 2);
        }

        Optimizer optimizer() {
            return kind == Kind.REPTILE ? Sgd.of(parameters(), 0.5) : Adam.of(parameters(), 0.05);
        }

        @Override
        public OptimizerPlan configureOptimizers() {
            return OptimizerPlan.of(optimizer());
        }
    }
}
