package loops.recipes;

import java.util.function.Supplier;
import loops.api.testkit.Scenario;
import loops.core.loop.FitLoop;
import loops.core.loop.OptimizerLoop;
import loops.core.loop.TrainingBatchLoop;
import loops.core.loop.TrainingEpochLoop;
import loops.core.training.DataModule;
import loops.core.training.FitPlan;
import loops.core.training.FitResult;
import loops.core.training.FitRun;
import loops.core.training.OptimizerPlan;
import loops.core.training.Step;
import loops.core.training.TensorState;
import loops.core.training.TrainingModule;
import loops.core.training.TrainingScope;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.data.DataLoader;
import tensor.data.TensorDataset;
import tensor.layout.Shape;
import tensor.nn.Dropout;
import tensor.nn.Linear;
import tensor.nn.Losses;
import tensor.optim.Optimizer;
import tensor.optim.Sgd;

/// A small fit whose gradients are scaled by a validation: dropout and a linear layer, on random samples.
///
/// @param seed where all that is random comes from
/// @param samples how many samples there are to learn from
/// @param validation how many there are to validate on
/// @param epochs how long it is trained
/// @param accumulate how many batches make one step
record SmallScaled(long seed, int samples, int validation, int epochs, int accumulate) {
    private static final int INPUTS = 3;

    /// Makes equal objects each time.
    Supplier<Scenario<FitRun, FitResult>> scenarios() {
        return () -> {
            var run = run(new Member());
            return new Scenario<>(loop(new ValidationScaledLoop()), run, run.scope());
        };
    }

    /// {@return the state of the module after a fit}
    ///
    /// @param optimizers makes the steps
    Object fit(Member module, OptimizerLoop optimizers) {
        loop(optimizers).run(run(module));
        return TensorState.fields(module.stateDict());
    }

    private static FitLoop loop(OptimizerLoop optimizers) {
        var fit = new FitLoop();
        fit.epochLoop()
                .get(TrainingEpochLoop.class)
                .batchLoop()
                .get(TrainingBatchLoop.class)
                .optimizerLoop()
                .replace(_ -> optimizers);
        return fit;
    }

    FitRun run(TrainingModule module) {
        return FitRun.of(
                TrainingScope.of(module, RandomKey.of(seed)),
                DataModule.of(source("train", samples), source("validation", validation)),
                FitPlan.of(config -> config.maxEpochs(epochs).accumulate(accumulate)));
    }

    private DataLoader source(String name, int size) {
        var key = RandomKey.of(seed).fold(name);
        return DataLoader.of(
                TensorDataset.of(
                        Tensor.normal(key.fold("inputs"), Shape.of(size, INPUTS)),
                        Tensor.normal(key.fold("targets"), Shape.of(size, 1))),
                config -> config.batchSize(2).shuffle(key.fold("order")));
    }

    /// {@return the state of a module after the same training, written as plain nested loops}
    Object byHand() {
        var module = new Member();
        module.initialize(RandomKey.of(seed).fold("module"));
        var optimizer = module.sgd();
        for (int epoch = 0; epoch < epochs; epoch++) {
            try (var batches = source("train", samples).open(epoch, 0)) {
                while (batches.hasNext()) {
                    optimizer.zeroGrad();
                    int learned = 0;
                    for (int i = 0; i < accumulate && batches.hasNext(); i++) {
                        var batch = batches.next();
                        Tensor loss = module.loss(batch);
                        (accumulate > 1 ? loss.mul(batch.size()) : loss).backward();
                        learned += batch.size();
                    }
                    for (var parameter : module.parameters()) {
                        var sum = parameter.grad().orElseThrow();
                        parameter.grad(accumulate > 1 ? sum.div(learned) : sum);
                    }
                    module.eval();
                    double validationLoss = 0;
                    try (var held = source("validation", validation).open(epoch, 0)) {
                        while (held.hasNext()) {
                            validationLoss += module.loss(held.next()).item();
                        }
                    }
                    module.train();
                    for (var parameter : module.parameters()) {
                        parameter.grad(parameter.grad().orElseThrow().mul(1 / validationLoss));
                    }
                    optimizer.step();
                }
            }
        }
        return TensorState.fields(module.stateDict());
    }

    /// What is trained.
    static final class Member extends TrainingModule {
        private final Dropout dropout = child("dropout", Dropout.of(0.5));
        private final Linear out = child("out", Linear.of(INPUTS, 1));

        private Tensor loss(Batch batch) {
            return Losses.mse(out.apply(dropout.apply(batch.input())), batch.target());
        }

        private Optimizer sgd() {
            return Sgd.of(parameters(), 0.05, config -> config.momentum(0.9));
        }

        @Override
        public Tensor trainingStep(Batch batch, Step step) {
            var loss = loss(batch);
            step.log("loss", loss);
            return loss;
        }

        @Override
        public void validationStep(Batch batch, Step step) {
            step.log("val_loss", loss(batch));
        }

        @Override
        public OptimizerPlan configureOptimizers() {
            return OptimizerPlan.of(sgd());
        }
    }
}
