package examples;

import loops.core.training.Step;
import loops.recipes.NegativeSource;
import loops.recipes.SolvingModule;
import tensor.api.LinearAlgebra;
import tensor.api.Parameter;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.layout.DType;
import tensor.layout.Shape;

/// Factors by alternating least squares: given the items, the best factors of a user are the solution of a few equations, and the
/// other way round.
///
/// Zhou et al.: Large-Scale Parallel Collaborative Filtering, 2008. The penalty of a row counts once for each of its ratings.
final class AlternatingFactors extends SolvingModule {
    private final FactorModel model;
    private final double penalty;

    /// @param penalty of the squares of factors and biases, above 0
    AlternatingFactors(FactorModel model, double penalty) {
        this.model = child("model", model);
        this.penalty = penalty;
    }

    FactorModel model() {
        return model;
    }

    // @start region=solve
    @Override
    public void solve(Batch block, Step step) {
        var first = block.part(0);
        switch (block.parts().firstEntry().getKey()) {
            case RatingBlocks.USERS -> solve(model.users(), first, model.items(), block);
            case RatingBlocks.ITEMS -> solve(model.items(), first, model.users(), block);
            default -> model.mean().assign(error(first).mean().add(model.mean().value()));
        }
    }

    /// Solves for rows of one side, given the other. A rating is `factors of the other side, 1 · row`, but for mean and bias.
    private void solve(Parameter side, Batch rows, Parameter other, Batch block) {
        var ratings = block.part(RatingBlocks.RATINGS);
        var given = other.value().indexSelect(0, ratings.get(RatingBlocks.OTHER));
        int count = ratings.size();
        var x = Tensor.concat(1, model.factors(given), Tensor.ones(Shape.of(count, 1)));
        var y = ratings.get(Ratings.RATING).sub(model.biases(given)).sub(model.mean().value());
        int width = x.size(1);
        var members = ratings.get(RatingBlocks.PLACE).oneHot(rows.size()).cast(DType.FLOAT32).t();
        var products = x.unsqueeze(2).mul(x.unsqueeze(1)).reshape(count, width * width);
        var penalties = members.sum(1).mul(penalty).reshape(rows.size(), 1, 1);
        var unit = Tensor.arange(width).oneHot(width).cast(DType.FLOAT32);
        var left =
                members.matMul(products)
                        .reshape(rows.size(), width, width)
                        .add(unit.mul(penalties));
        var right = members.matMul(x.mul(y.unsqueeze(1))).unsqueeze(2);
        side.assignRows(rows.input(), LinearAlgebra.solve(left, right).squeeze(2));
    }

    // @end region=solve

    private Tensor error(Batch ratings) {
        return ratings.get(Ratings.RATING)
                .sub(
                        model.predicted(
                                ratings.get(NegativeSource.USER),
                                ratings.get(NegativeSource.ITEM)));
    }

    @Override
    public void validationStep(Batch ratings, Step step) {
        step.log("val_mse", error(ratings).square().mean());
    }
}
