package loops.core.tune;

import java.util.function.Consumer;
import loops.core.training.OptimizerPlan;
import loops.core.training.PlannedOptimizer;
import loops.core.training.Step;
import loops.core.training.TrainingModule;
import org.jspecify.annotations.Nullable;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.nn.Dropout;
import tensor.nn.Linear;
import tensor.nn.Losses;
import tensor.nn.RandomStream;
import tensor.optim.Adam;
import tensor.optim.ReduceOnPlateau;
import tensor.optim.Scheduler;
import tensor.optim.Schedules;

/// A module that would show any trace of a trial: dropout, a random state, moments, schedulers that depend on the rate
/// and on a metric of validations.
class Noisy extends TrainingModule implements TunableModule {
    static final int INPUTS = 3;

    private final Linear hidden = child("hidden", Linear.of(INPUTS, 4));
    private final Dropout dropout = child("dropout", Dropout.of(0.3));
    private final Linear out = child("out", Linear.of(4, 1));
    private final RandomStream noise = random("noise");
    private double rate;

    /// Called with each training batch before anything else.
    Consumer<Batch> before = batch -> {};

    Noisy(double rate) {
        this.rate = rate;
    }

    @Override
    public void learningRate(double rate) {
        this.rate = rate;
    }

    Tensor loss(Batch batch) {
        var features = dropout.apply(hidden.apply(batch.input()).tanh());
        return Losses.mse(out.apply(features), batch.target());
    }

    @Override
    public @Nullable Tensor trainingStep(Batch batch, Step step) {
        before.accept(batch);
        var loss = loss(batch);
        step.log("loss", loss);
        step.log("noise", noise.next().uniform(0));
        return loss;
    }

    @Override
    public void validationStep(Batch batch, Step step) {
        step.log("val_loss", loss(batch));
        step.log("val_noise", noise.next().uniform(0));
    }

    @Override
    public OptimizerPlan configureOptimizers() {
        double first = rate;
        var adam = Adam.of(parameters(), rate);
        return OptimizerPlan.of(
                PlannedOptimizer.of(adam)
                        .schedule(
                                Scheduler.of(
                                        adam, Schedules.lambda(step -> 1 / (1 + first * step))),
                                scheduler -> scheduler.perStep())
                        .schedule(
                                ReduceOnPlateau.of(adam, config -> config.patience(0)),
                                scheduler -> scheduler.monitoring("val_loss")));
    }
}
