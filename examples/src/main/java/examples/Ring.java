package examples;

import java.util.stream.IntStream;
import loops.core.training.DataModule;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.DataLoader;
import tensor.data.TensorDataset;
import tensor.layout.Shape;

/// Eight normal distributions on a ring of radius 2, each 0.02 wide: the standard test for generators, which like to leave
/// some of them out and to put points between them.
final class Ring {
    static final int MODES = 8;
    private static final double RADIUS = 2;
    private static final double SIGMA = 0.02;
    private static final int BATCH_SIZE = 128;

    private Ring() {}

    /// {@return an epoch of so many batches of points, shuffled}
    static DataModule data(RandomKey key, int batches) {
        int count = batches * BATCH_SIZE;
        var centers = new float[2 * count];
        for (int i = 0; i < count; i++) {
            double angle = angle(key.fold("mode").below(i, MODES));
            centers[2 * i] = (float) (RADIUS * StrictMath.cos(angle));
            centers[2 * i + 1] = (float) (RADIUS * StrictMath.sin(angle));
        }
        var shape = Shape.of(count, 2);
        var points =
                Tensor.of(centers, shape).add(Tensor.normal(key.fold("noise"), shape).mul(SIGMA));
        return DataModule.of(
                DataLoader.of(
                        TensorDataset.of(points),
                        config -> config.batchSize(BATCH_SIZE).shuffle(key.fold("order"))));
    }

    /// What points are worth.
    ///
    /// @param modes how many modes have at least a tenth of their share of the points
    /// @param share how much of the points lies within 3 sigma of a mode; NaN if one of them lies nowhere
    record Score(int modes, double share) {}

    static Score score(Tensor points) {
        float[] at = points.toFloats();
        var hits = new int[MODES];
        int all = 0;
        for (int i = 0; i < at.length; i += 2) {
            for (int mode = 0; mode < MODES; mode++) {
                double x = at[i] - RADIUS * StrictMath.cos(angle(mode));
                double y = at[i + 1] - RADIUS * StrictMath.sin(angle(mode));
                if (Math.hypot(x, y) <= 3 * SIGMA) {
                    hits[mode]++;
                    all++;
                }
            }
        }
        int count = at.length / 2;
        int modes = 0;
        for (int hit : hits) {
            if (10 * MODES * hit >= count) {
                modes++;
            }
        }
        return new Score(modes, allFinite(at) ? (double) all / count : Double.NaN);
    }

    private static boolean allFinite(float[] numbers) {
        return IntStream.range(0, numbers.length).allMatch(i -> Float.isFinite(numbers[i]));
    }

    private static double angle(long mode) {
        return 2 * Math.PI * mode / MODES;
    }
}
