package examples;

import java.util.function.Function;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.data.BatchSource;
import tensor.optim.Optimizer;

/// Factors of rank 1 with mean and biases, in plain loops.
final class FactorsByHand {
    private final Ratings ratings;
    private final double penalty;
    private final double[][] users;
    private final double[][] items;
    private double mean;

    /// @param start where they begin
    FactorsByHand(Ratings ratings, FactorModel start, double penalty) {
        this.ratings = ratings;
        this.penalty = penalty;
        users = rows(start.users().value().toDoubles());
        items = rows(start.items().value().toDoubles());
    }

    private static double[][] rows(double[] values) {
        double[][] rows = new double[values.length / 2][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new double[] {values[2 * i], values[2 * i + 1]};
        }
        return rows;
    }

    double predicted(int user, int item) {
        return users[user][0] * items[item][0] + users[user][1] + items[item][1] + mean;
    }

    /// The mean, then the users, then the items.
    void solve() {
        double error = 0;
        for (int i = 0; i < ratings.size(); i++) {
            error +=
                    ratings.value()[i]
                            - predicted((int) ratings.user()[i], (int) ratings.item()[i]);
        }
        mean += error / ratings.size();
        solve(users, ratings.user(), items, ratings.item());
        solve(items, ratings.item(), users, ratings.user());
    }

    /// Two equations for each row: for its factor and for its bias.
    private void solve(double[][] own, long[] ownIndex, double[][] other, long[] otherIndex) {
        for (int row = 0; row < own.length; row++) {
            double xx = 0;
            double x = 0;
            double xy = 0;
            double y = 0;
            int n = 0;
            for (int i = 0; i < ratings.size(); i++) {
                if (ownIndex[i] == row) {
                    double[] given = other[(int) otherIndex[i]];
                    double rest = ratings.value()[i] - given[1] - mean;
                    xx += given[0] * given[0];
                    x += given[0];
                    xy += given[0] * rest;
                    y += rest;
                    n++;
                }
            }
            double a = xx + penalty * n;
            double d = n + penalty * n;
            double determinant = a * d - x * x;
            own[row] =
                    new double[] {(xy * d - x * y) / determinant, (a * y - x * xy) / determinant};
        }
    }

    /// Gradient descent as [LearnedFactors] plan it, over some epochs.
    static void descend(LearnedFactors model, BatchSource source, int epochs) {
        var plan = model.configureOptimizers().optimizers().getFirst();
        for (int epoch = 0; epoch < epochs; epoch++) {
            descend(plan.optimizer(), model::loss, source, epoch);
            plan.schedulers().getFirst().scheduler().step();
        }
    }

    /// Gradient descent as [RankedFactors] plan it, over some epochs.
    static void descend(RankedFactors model, BatchSource source, int epochs) {
        var plan = model.configureOptimizers().optimizers().getFirst();
        for (int epoch = 0; epoch < epochs; epoch++) {
            descend(plan.optimizer(), model::loss, source, epoch);
        }
    }

    private static void descend(
            Optimizer optimizer, Function<Batch, Tensor> loss, BatchSource source, int epoch) {
        try (var batches = source.open(epoch, 0)) {
            while (batches.hasNext()) {
                optimizer.zeroGrad();
                loss.apply(batches.next()).backward();
                optimizer.step();
            }
        }
    }
}
