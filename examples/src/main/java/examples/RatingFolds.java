package examples;

import java.util.stream.IntStream;
import loops.api.LoopState.Fields;
import loops.core.training.DataModule;
import loops.recipes.FoldData;
import tensor.api.RandomKey;
import tensor.data.BatchSource;
import tensor.data.DataLoader;
import tensor.data.Splits;

/// Ratings in folds: a pure function of the ratings and the key.
///
/// @param ratings all of them
/// @param blocks whether a fold is learned block by block, as [AlternatingFactors] do, and not in shuffled batches
/// @param key says what goes where
record RatingFolds(Ratings ratings, boolean blocks, RandomKey key) implements FoldData {
    @Override
    public DataModule fold(int index, int folds) {
        var split = Splits.kFold(ratings.size(), folds, key.fold("folds")).get(index);
        return DataModule.of(
                train(split.train()),
                DataLoader.of(ratings.rows(split.held()), config -> config.batchSize(20_000)));
    }

    private BatchSource train(int... rows) {
        return blocks
                ? RatingBlocks.of(ratings, rows)
                : DataLoader.of(
                        ratings.rows(rows),
                        config -> config.batchSize(500).shuffle(key.fold("order")));
    }

    @Override
    public BatchSource trainBatches() {
        return train(IntStream.range(0, ratings.size()).toArray());
    }

    @Override
    public Fields stateDict() {
        return ratings.stateDict();
    }
}
