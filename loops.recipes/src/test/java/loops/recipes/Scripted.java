package loops.recipes;

import java.util.List;
import java.util.function.Supplier;
import loops.core.Trainer;
import loops.core.loop.OptimizerLoop;
import loops.core.training.Callback;
import loops.core.training.DataModule;
import loops.core.training.FitResult;
import loops.core.training.OptimizerPlan;
import loops.core.training.PlannedOptimizer;
import loops.core.training.Step;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.data.DataLoader;
import tensor.data.TensorDataset;
import tensor.layout.Shape;
import tensor.nn.Linear;
import tensor.optim.Optimizer;
import tensor.optim.Sgd;

/// Two lines with an optimizer each, and a step that a test gives.
final class Scripted extends YieldingModule {
    static final List<Supplier<OptimizerLoop>> FORMS = List.of(YieldLoop::new, GeneratorLoop::new);

    final Linear first = child("first", Linear.of(1, 1, config -> config.noBias()));
    final Linear second = child("second", Linear.of(1, 1, config -> config.noBias()));
    private final Script script;

    /// A step.
    @FunctionalInterface
    interface Script {
        void run(Scripted module, Batch batch, Step step, Yields y);
    }

    Scripted(Script script) {
        this.script = script;
    }

    @Override
    public void trainingStep(Batch batch, Step step, Yields y) {
        script.run(this, batch, step, y);
    }

    /// {@return the loss of an optimizer: the mean of what its line makes of the batch}
    Tensor loss(int optimizer, Batch batch) {
        return (optimizer == 0 ? first : second).apply(batch.input()).mean();
    }

    void yieldBoth(Batch batch, Yields y) {
        y.yield(0, loss(0, batch));
        y.yield(1, loss(1, batch));
    }

    double weight(int optimizer) {
        return (optimizer == 0 ? first : second).weight().value().item();
    }

    Optimizer optimizer(int place) {
        return Sgd.of((place == 0 ? first : second).parameters(), 0.5);
    }

    @Override
    public OptimizerPlan configureOptimizers() {
        return OptimizerPlan.of(
                PlannedOptimizer.of(optimizer(0)), PlannedOptimizer.of(optimizer(1)));
    }

    /// {@return what an epoch of two batches of ones comes to}
    FitResult fit(Supplier<OptimizerLoop> form, Callback... callbacks) {
        return fit(trainer(form, callbacks));
    }

    FitResult fit(Trainer trainer) {
        return trainer.fit(this, data());
    }

    static DataModule data() {
        return DataModule.of(
                DataLoader.of(
                        TensorDataset.of(Tensor.ones(Shape.of(4, 1))),
                        config -> config.batchSize(2)));
    }

    static Trainer trainer(Supplier<OptimizerLoop> form, Callback... callbacks) {
        var trainer = Trainer.of(config -> config.maxEpochs(1).callbacks(callbacks));
        trainer.slots().optimizer().replace(old -> form.get());
        return trainer;
    }
}
