package tensor.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import tensor.api.Device;
import tensor.api.Gradients;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;

/// A chain of random views shows what the same chain shows when every link is copied; and its
/// gradient is the inverse path of each element.
class ViewsPropertyTest {

    /// A chain: the shape at its start, and a number for each link, from which the link is chosen.
    record Chain(List<Integer> sizes, List<Long> links) {}

    @Provide
    Arbitrary<Chain> chains() {
        var sizes = Arbitraries.integers().between(0, 4).list().ofMaxSize(4);
        var links = Arbitraries.longs().list().ofMinSize(1).ofMaxSize(8);
        return sizes.flatMap(start -> links.map(chain -> new Chain(start, chain)));
    }

    @Property
    void aChainOfViewsEqualsTheSameChainOfCopies(@ForAll("chains") Chain chain) {
        Device.of("reference")
                .run(() -> {
                    Tensor view = start(chain);
                    Tensor copy = start(chain);
                    for (long link : chain.links()) {
                        view = next(view, link);
                        copy = next(copy, link).copy();
                    }
                    assertEquals(copy.shape(), view.shape());
                    assertArrayEquals(copy.toDoubles(), view.toDoubles());
                });
    }

    @Property
    void theGradientOfAChainCountsHowOftenEachElementIsSeen(@ForAll("chains") Chain chain) {
        Device.of("reference")
                .run(() -> {
                    Tensor numbers = start(chain).requireGradient();
                    Tensor view = numbers;
                    for (long link : chain.links()) {
                        view = next(view, link);
                    }
                    double[] seen = new double[(int) numbers.elementCount()];
                    for (double number : view.toDoubles()) {
                        seen[(int) number]++;
                    }
                    assertArrayEquals(
                            seen,
                            Gradients.of(view.sum(), List.of(numbers)).getFirst().toDoubles());
                });
    }

    /// The numbers 0, 1, … in the shape of the chain.
    private static Tensor start(Chain chain) {
        Shape shape = Shape.of(chain.sizes().stream().mapToInt(Integer::intValue).toArray());
        return Tensor.arange((int) shape.elementCount()).cast(DType.FLOAT64).reshape(shape);
    }

    private static Tensor next(Tensor x, long choice) {
        RandomKey key = RandomKey.of(choice);
        if (x.elementCount() > 2000 || x.rank() == 0) {
            return x.reshape(Shape.of((int) x.elementCount()));
        }
        int axis = key.below(1, x.rank());
        int size = x.size(axis);
        return switch (key.below(0, 9)) {
            case 0 -> x.permute(key.permutation(x.rank()));
            case 1 ->
                    x.slice(
                            axis,
                            key.below(2, size + 1),
                            key.below(3, size + 1),
                            1 + key.below(4, 3));
            case 2 -> x.flip(axis);
            case 3 -> size == 0 ? x.flatten() : x.select(axis, key.below(2, size));
            case 4 -> x.unsqueeze(key.below(2, x.rank() + 1));
            case 5 -> x.reshape(regrouped(x, key));
            case 6 -> repeated(x, axis, key.below(2, 3));
            case 7 -> windows(x, axis, key);
            default -> x.transpose(axis, key.below(2, x.rank()));
        };
    }

    /// Two neighbouring axes made one, or one axis split.
    private static Shape regrouped(Tensor x, RandomKey key) {
        List<Integer> sizes = new ArrayList<>();
        for (int size : x.shape().sizes()) {
            sizes.add(size);
        }
        int at = key.below(5, sizes.size());
        if (at + 1 < sizes.size()) {
            sizes.set(at, sizes.get(at) * sizes.get(at + 1));
            sizes.subList(at + 1, at + 2).clear();
        } else if (sizes.get(at) % 2 == 0) {
            sizes.set(at, sizes.get(at) / 2);
            sizes.add(at, 2);
        }
        return Shape.of(sizes.stream().mapToInt(Integer::intValue).toArray());
    }

    private static Tensor windows(Tensor x, int axis, RandomKey key) {
        int length = 1 + key.below(2, 3);
        int dilation = 1 + key.below(3, 2);
        boolean fits = x.size(axis) > (length - 1) * dilation;
        return fits ? x.windows(axis, length, 1 + key.below(4, 3), dilation) : x;
    }

    /// One element of an axis repeated.
    private static Tensor repeated(Tensor x, int axis, int times) {
        Tensor one = x.slice(axis, 0, 1);
        return one.size(axis) == 0 ? one : one.expand(one.shape().with(axis, times));
    }
}
