package examples;

import loops.core.training.OptimizerPlan;
import loops.core.training.Step;
import loops.core.training.TrainingModule;
import loops.recipes.NegativeSource;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.layout.DType;
import tensor.nn.Activations;
import tensor.optim.Adam;

/// Factors that rank: what a user likes is to score higher than what was drawn.
///
/// Rendle et al.: BPR: Bayesian Personalized Ranking from Implicit Feedback, 2009.
final class RankedFactors extends TrainingModule {
    private static final int LENGTH = 10;

    private final FactorModel model;
    private final double penalty;

    /// @param penalty of the squares of factors and biases, from 0
    RankedFactors(FactorModel model, double penalty) {
        this.model = child("model", model);
        this.penalty = penalty;
    }

    @Override
    public Tensor trainingStep(Batch pairs, Step step) {
        Tensor loss = loss(pairs);
        step.log("loss", loss);
        return loss;
    }

    // @start region=rank
    /// {@return the mean over users, each with a liked item and a drawn one}
    Tensor loss(Batch pairs) {
        var user = model.users().value().indexSelect(0, pairs.get(NegativeSource.USER));
        var liked = model.items().value().indexSelect(0, pairs.get(NegativeSource.ITEM));
        var drawn = model.items().value().indexSelect(0, pairs.get(NegativeSource.NEGATIVE));
        var lead = model.combined(user, liked).sub(model.combined(user, drawn));
        var squares = user.square().add(liked.square()).add(drawn.square()).sum(1);
        return Activations.softplus(lead.neg()).add(squares.mul(penalty)).mean();
    }

    // @end region=rank

    /// Ranks all items but those that the user is known to like: where does the one stand that was left out?
    @Override
    public void testStep(Batch users, Step step) {
        var scores = model.scores(users.get(NegativeSource.USER));
        Tensor rank = rank(scores, users.get(NegativeSource.ITEM), users.get(LikedItems.KNOWN));
        Tensor hit = rank.less(LENGTH).cast(DType.FLOAT32);
        Tensor gain = rank.add(2).log().reciprocal().mul(Math.log(2));
        step.log("hit@10", hit.mean());
        step.log("ndcg@10", gain.mul(hit).mean());
    }

    /// {@return how many items stand above one, those that score the same included, `[users]`; NaN where a score is no number}
    ///
    /// @param scores of all items, `[users, items]`
    /// @param item one for each user
    /// @param known 1 for items that are left out, `[users, items]`
    static Tensor rank(Tensor scores, Tensor item, Tensor known) {
        Tensor own = scores.gather(1, item.unsqueeze(1));
        Tensor above = scores.greaterOrEqual(own).cast(DType.FLOAT32);
        Tensor noNumber = scores.sum(1).mul(0);
        return above.mul(known.neg().add(1)).sum(1).sub(1).add(noNumber);
    }

    @Override
    public OptimizerPlan configureOptimizers() {
        return OptimizerPlan.of(Adam.of(parameters(), 5e-3));
    }
}
