package examples;

import java.io.IOException;
import java.nio.file.Path;
import tensor.api.RandomKey;

/// Ratings, and what is to be made of them.
///
/// @param ratings all of them
/// @param rank how many factors users and items get
/// @param penalty of the squares of factors and biases, once for each rating
/// @param least the rating from which on a user likes an item
/// @param wanted the greatest root of the mean squared error that will do
record RatingTask(Ratings ratings, int rank, double penalty, double least, double wanted) {
    private static final RandomKey KEY = RandomKey.of(0);

    /// So few ratings can be split into folds.
    private static final int FEWEST = 10;

    /// {@return made-up ratings: nothing can come nearer to them than their noise, and 3 % above it will do}
    static RatingTask generated(int users, int items) {
        var ratings = Ratings.generated(users, items, KEY);
        return new RatingTask(ratings, 3, 0.003, 4, 1.03 * Ratings.NOISE);
    }

    /// {@return ratings from 1 to 5, as those of MovieLens}
    static RatingTask read(Path file) throws IOException {
        var task = new RatingTask(Ratings.read(file), 10, 0.06, 4, 0.945);
        if (task.ratings.size() < FEWEST) {
            throw new IOException(
                    "%s: has %d ratings; %d are needed for the folds"
                            .formatted(file, task.ratings.size(), FEWEST));
        }
        if (task.liked().isEmpty()) {
            throw new IOException(
                    "%s: no user rates two items %.0f or more, so there is no order to learn"
                            .formatted(file, task.least));
        }
        return task;
    }

    private FactorModel model() {
        return new FactorModel(ratings.users(), ratings.items(), rank);
    }

    /// {@return models of folds that are solved for}
    FactorFolds solved(int folds) {
        return new FactorFolds(folds, () -> new AlternatingFactors(model(), penalty));
    }

    /// {@return models of folds that are learned by gradients}
    FactorFolds learned(int folds, int epochs) {
        return new FactorFolds(folds, () -> new LearnedFactors(model(), penalty, epochs));
    }

    /// {@return a model that learns the order}
    RankedFactors ranked() {
        return new RankedFactors(model(), penalty);
    }

    /// @param blocks whether they are learned block by block
    RatingFolds folds(boolean blocks) {
        return new RatingFolds(ratings, blocks, KEY);
    }

    LikedItems liked() {
        return new LikedItems(ratings, least, KEY);
    }
}
