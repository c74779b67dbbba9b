package examples;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import loops.api.LoopState.Fields;
import loops.core.training.DataModule;
import loops.recipes.NegativeSource;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.data.BatchSource;
import tensor.data.DataLoader;
import tensor.data.TensorDataset;
import tensor.layout.Shape;

/// What users like, all but one item of each: that one is to be found among all others. Users who like fewer than two are left
/// out.
final class LikedItems implements DataModule {
    /// 1 for items that are not ranked, `[users, items]`.
    static final String KNOWN = "known";

    private final Ratings ratings;
    private final RandomKey key;
    private final List<BitSet> liked = new ArrayList<>();
    private final List<Integer> learned = new ArrayList<>();
    private final List<Integer> leftOut = new ArrayList<>();

    /// @param least the rating from which on an item is liked
    LikedItems(Ratings ratings, double least, RandomKey key) {
        this.ratings = ratings;
        this.key = key;
        var rows = new ArrayList<List<Integer>>();
        for (int user = 0; user < ratings.users(); user++) {
            liked.add(new BitSet());
            rows.add(new ArrayList<>());
        }
        for (int row = 0; row < ratings.size(); row++) {
            if (ratings.value()[row] >= least) {
                rows.get((int) ratings.user()[row]).add(row);
            }
        }
        for (int user = 0; user < rows.size(); user++) {
            if (rows.get(user).size() > 1) {
                leaveOneOut(user, rows.get(user));
            }
        }
    }

    private void leaveOneOut(int user, List<Integer> rows) {
        int left = key.fold("left out").below(user, rows.size());
        for (int i = 0; i < rows.size(); i++) {
            int row = rows.get(i);
            if (i == left) {
                leftOut.add(row);
            } else {
                learned.add(row);
                liked.get(user).set((int) ratings.item()[row]);
            }
        }
    }

    /// {@return whether nobody is left}
    boolean isEmpty() {
        return leftOut.isEmpty();
    }

    @Override
    public BatchSource trainBatches() {
        var pairs =
                DataLoader.of(
                        rows(learned), config -> config.batchSize(500).shuffle(key.fold("order")));
        return new NegativeSource(pairs, liked, ratings.items(), key.fold("negative"));
    }

    @Override
    public List<BatchSource> testBatches() {
        var users = rows(leftOut).all();
        float[] known = new float[leftOut.size() * ratings.items()];
        long[] user = users.get(NegativeSource.USER).toLongs();
        for (int i = 0; i < user.length; i++) {
            int first = i * ratings.items();
            liked.get((int) user[i]).stream().forEach(item -> known[first + item] = 1);
        }
        var tensors = new LinkedHashMap<>(users.tensors());
        tensors.put(KNOWN, Tensor.of(known, Shape.of(user.length, ratings.items())));
        return List.of(
                DataLoader.of(
                        TensorDataset.of(Batch.of(tensors)), config -> config.batchSize(250)));
    }

    @Override
    public Fields stateDict() {
        return ratings.stateDict();
    }

    private TensorDataset rows(List<Integer> rows) {
        return ratings.rows(rows.stream().mapToInt(row -> row).toArray());
    }
}
