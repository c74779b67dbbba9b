package tensor.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import tensor.api.Gradients;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;

/// Convolutions and pooling against the plain sums of their definitions.
class ConvolutionPropertyTest {
    /// One axis of a case: its size, and how the kernel moves over it.
    private record Along(int size, int kernel, int stride, int padding, int dilation) {
        static Along of(RandomKey key) {
            int kernel = 1 + key.below(0, 3);
            int dilation = 1 + key.below(1, 2);
            int padding = key.below(2, 3);
            int least = Math.max(1, (kernel - 1) * dilation + 1 - 2 * padding);
            return new Along(
                    least + key.below(3, 4), kernel, 1 + key.below(4, 3), padding, dilation);
        }

        int places() {
            return (size + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1;
        }

        int at(int place, int k) {
            return place * stride + k * dilation - padding;
        }

        boolean inside(int at) {
            return at >= 0 && at < size;
        }
    }

    @Property
    void aConvolutionIsTheSumOfItsDefinition(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int groups) {
        RandomKey key = RandomKey.of(seed);
        Along high = Along.of(key.fold(1));
        Along wide = Along.of(key.fold(2));
        int in = groups * (1 + key.below(3, 2));
        int out = groups * (1 + key.below(4, 2));
        Tensor x = normal(key.fold(5), 2, in, high.size(), wide.size());
        Tensor weight = normal(key.fold(6), out, in / groups, high.kernel(), wide.kernel());

        Tensor y = convolution(high, wide).groups(groups).apply(x, weight);

        assertEquals(Shape.of(2, out, high.places(), wide.places()), y.shape());
        assertArrayEquals(sums(x, weight, groups, high, wide), y.toDoubles(), 1e-12);
    }

    private static Convolution convolution(Along high, Along wide) {
        return Convolution.of(2)
                .stride(high.stride(), wide.stride())
                .padding(high.padding(), wide.padding())
                .dilation(high.dilation(), wide.dilation());
    }

    private static double[] sums(Tensor x, Tensor weight, int groups, Along high, Along wide) {
        double[] xs = x.toDoubles();
        double[] ws = weight.toDoubles();
        int in = weight.size(1);
        int perGroup = weight.size(0) / groups;
        double[] sums = new double[2 * weight.size(0) * high.places() * wide.places()];
        int next = 0;
        for (int n = 0; n < 2; n++) {
            for (int o = 0; o < weight.size(0); o++) {
                for (int i = 0; i < high.places(); i++) {
                    for (int j = 0; j < wide.places(); j++, next++) {
                        for (int c = 0; c < in; c++) {
                            int channel = n * x.size(1) + o / perGroup * in + c;
                            for (int k = 0; k < high.kernel(); k++) {
                                for (int l = 0; l < wide.kernel(); l++) {
                                    int row = high.at(i, k);
                                    int column = wide.at(j, l);
                                    if (high.inside(row) && wide.inside(column)) {
                                        sums[next] +=
                                                xs[
                                                                (channel * high.size() + row)
                                                                                * wide.size()
                                                                        + column]
                                                        * ws[
                                                                ((o * in + c) * high.kernel() + k)
                                                                                * wide.kernel()
                                                                        + l];
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        return sums;
    }

    @Property
    void theTransposedOneIsTheGradientOfTheOtherWithRespectToItsInput(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 2) int groups) {
        RandomKey key = RandomKey.of(seed);
        Along high = Along.of(key.fold(1));
        Along wide = Along.of(key.fold(2));
        Tensor x = normal(key.fold(5), 2, 2 * groups, high.size(), wide.size()).requireGradient();
        Tensor weight = normal(key.fold(6), groups, 2, high.kernel(), wide.kernel());
        Convolution conv = convolution(high, wide).groups(groups);
        Tensor y = conv.apply(x, weight);
        Tensor cotangent = normal(key.fold(7), y.shape().sizes());

        Tensor back = conv.transposed(cotangent, weight, rest(high), rest(wide));

        Tensor gradient = Gradients.of(y.mul(cotangent).sum(), List.of(x)).getFirst();
        assertEquals(x.shape(), back.shape());
        assertArrayEquals(gradient.toDoubles(), back.toDoubles(), 1e-12);
    }

    /// What no window has reached at the end of an axis.
    private static int rest(Along along) {
        int span = along.dilation() * (along.kernel() - 1) + 1;
        return along.size() + 2 * along.padding() - span - (along.places() - 1) * along.stride();
    }

    @Property
    void aPoolTakesTheGreatestAndTheMeanOfEachWindow(@ForAll long seed) {
        RandomKey key = RandomKey.of(seed);
        Along drawn = Along.of(key);
        int span = (drawn.kernel() - 1) * drawn.dilation() + 1;
        int padding = Math.min(drawn.padding(), span / 2);
        Along along =
                new Along(
                        Math.max(drawn.size(), span),
                        drawn.kernel(),
                        drawn.stride(),
                        padding,
                        drawn.dilation());
        Tensor x = normal(key.fold(1), along.size());
        double[] xs = x.toDoubles();
        double[] greatest = new double[along.places()];
        double[] means = new double[along.places()];
        for (int i = 0; i < along.places(); i++) {
            greatest[i] = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < along.kernel(); k++) {
                double value = along.inside(along.at(i, k)) ? xs[along.at(i, k)] : 0;
                means[i] += value / along.kernel();
                greatest[i] =
                        along.inside(along.at(i, k)) ? Math.max(greatest[i], value) : greatest[i];
            }
        }

        Pooling pooling =
                new Pooling(
                        List.of(along.kernel()),
                        List.of(along.stride()),
                        List.of(along.padding()),
                        List.of(along.dilation()),
                        false,
                        true);

        assertArrayEquals(greatest, pooling.max(x).toDoubles());
        assertArrayEquals(means, pooling.mean(x).toDoubles(), 1e-12);
    }

    private static Tensor normal(RandomKey key, int... sizes) {
        return Tensor.normal(key, Shape.of(sizes), DType.FLOAT64);
    }
}
