package tensor.testkit;

import java.util.ArrayList;
import java.util.List;
import tensor.api.Axes;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.Shape;

/// Random numbers, shapes and tensors for property tests: the same key and questions give the same answers.
public final class Dice {
    private final RandomKey key;
    private int asked;

    /// Dice that were not asked yet.
    ///
    /// @param key where the numbers come from
    public Dice(RandomKey key) {
        this.key = key;
    }

    /// {@return a whole number from 0 to `bound` − 1}
    ///
    /// @param bound how many there are
    public int below(int bound) {
        return key.below(asked++, bound);
    }

    /// {@return a whole number from `low` to `high`}
    ///
    /// @param low the least
    /// @param high the greatest
    public int between(int low, int high) {
        return low + below(high - low + 1);
    }

    /// {@return whether it is heads, every second time}
    public boolean heads() {
        return below(2) == 0;
    }

    /// {@return a shape of up to 3 axes with sizes from 1 to 3}
    ///
    /// @param leastRank how many axes it has at least
    public Shape shape(int leastRank) {
        int[] sizes = new int[between(leastRank, 3)];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = between(1, 3);
        }
        return Shape.of(sizes);
    }

    /// {@return an axis, counted from the start or from the end}
    ///
    /// @param x has one axis or more
    public int axisOf(Tensor x) {
        return between(-x.rank(), x.rank() - 1);
    }

    /// {@return some axes or all, kept or dropped}
    ///
    /// @param x whose axes they are
    public Axes someAxes(Tensor x) {
        List<Integer> chosen = new ArrayList<>();
        for (int axis = 0; axis < x.rank(); axis++) {
            if (heads()) {
                chosen.add(axis);
            }
        }
        int[] axes = chosen.stream().mapToInt(i -> i).toArray();
        Axes some = axes.length == 0 ? Axes.all() : Axes.of(axes);
        return heads() ? some : some.keep();
    }

    /// {@return float64 numbers between −2 and 2, none near 0, and no two of nearly the same size} So a step of
    /// [Gradcheck] crosses no kink. Multiples of 2 divided by their number are near none of them.
    ///
    /// @param shape of the result
    public Tensor apart(Shape shape) {
        int count = Math.toIntExact(shape.elementCount());
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = (i + 0.3 + 0.4 * key.uniform(asked++)) * 2 / count;
        }
        for (int i = count - 1; i > 0; i--) {
            int other = below(i + 1);
            double moved = values[i];
            values[i] = values[other];
            values[other] = moved;
        }
        for (int i = 0; i < count; i++) {
            values[i] *= heads() ? 1 : -1;
        }
        return Tensor.of(values, shape);
    }

    /// {@return numbers as for [#apart(Shape)]}
    ///
    /// @param sizes of the axes
    public Tensor apart(int... sizes) {
        return apart(Shape.of(sizes));
    }

    /// {@return numbers as for [#apart(Shape)] of a random shape}
    ///
    /// @param leastRank how many axes there are at least
    public Tensor any(int leastRank) {
        return apart(shape(leastRank));
    }

    /// {@return int64 positions from 0 to `below` − 1}
    ///
    /// @param shape of the result
    /// @param below how many positions there are
    public Tensor index(Shape shape, int below) {
        long[] positions = new long[Math.toIntExact(shape.elementCount())];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = below(below);
        }
        return Tensor.of(positions, shape);
    }
}
