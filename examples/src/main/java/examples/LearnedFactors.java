package examples;

import loops.core.training.OptimizerPlan;
import loops.core.training.PlannedOptimizer;
import loops.core.training.Step;
import loops.core.training.TrainingModule;
import loops.recipes.NegativeSource;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.optim.Adam;
import tensor.optim.Scheduler;
import tensor.optim.Schedules;

/// Factors by gradients: biased matrix factorization. The penalty of a row counts once for each of its ratings.
final class LearnedFactors extends TrainingModule {
    private final FactorModel model;
    private final double penalty;
    private final int epochs;

    /// @param penalty of the squares of factors and biases, from 0
    /// @param epochs how long it is trained
    LearnedFactors(FactorModel model, double penalty, int epochs) {
        this.model = child("model", model);
        this.penalty = penalty;
        this.epochs = epochs;
    }

    Tensor loss(Batch ratings) {
        var user = model.users().value().indexSelect(0, ratings.get(NegativeSource.USER));
        var item = model.items().value().indexSelect(0, ratings.get(NegativeSource.ITEM));
        var error = model.combined(user, item).sub(ratings.get(Ratings.RATING));
        var squares = user.square().sum(1).add(item.square().sum(1));
        return error.square().add(squares.mul(penalty)).mean();
    }

    @Override
    public Tensor trainingStep(Batch ratings, Step step) {
        Tensor loss = loss(ratings);
        step.log("loss", loss);
        return loss;
    }

    @Override
    public void validationStep(Batch ratings, Step step) {
        var predicted =
                model.predicted(ratings.get(NegativeSource.USER), ratings.get(NegativeSource.ITEM));
        step.log("val_mse", predicted.sub(ratings.get(Ratings.RATING)).square().mean());
    }

    /// The rate falls to a hundredth, so that it ends in the middle of where it would wander about.
    @Override
    public OptimizerPlan configureOptimizers() {
        var adam = Adam.of(parameters(), 2e-2);
        var falling = Scheduler.of(adam, Schedules.linear(1, 0.01, epochs));
        return OptimizerPlan.of(PlannedOptimizer.of(adam).schedule(falling));
    }
}
