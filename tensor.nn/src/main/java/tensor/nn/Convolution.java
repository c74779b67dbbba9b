package tensor.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tensor.api.Tensor;
import tensor.api.Vjp;
import tensor.layout.Shape;
import tensor.layout.ShapeException;

/// A convolution: how a kernel moves over one or several axes of its input.
///
/// ```java
/// Tensor y = Convolution.of(2).stride(2).padding(1).apply(x, weight);
/// ```
///
/// As in all libraries of the field it is a cross-correlation, the kernel is not turned:
/// `y[n, o, i] = Σ weight[o, c, k] · x[n, c, i·stride + k·dilation − padding]`, summed over the channels `c` of the group
/// and the places `k` of the kernel; outside of the input are zeros.
///
/// **Shapes.** Input `[batch, in, ..]`, weight `[out, in / groups, kernel ..]`, output `[batch, out, ..]` with
/// `(size + 2·padding − dilation·(kernel − 1) − 1) / stride + 1` places along each axis, rounded down.
///
/// @param strides the distance of two places of the kernel, for each axis
/// @param paddings the zeros on both sides, for each axis
/// @param dilations the distance of two elements under the kernel, for each axis
/// @param groups in how many groups the channels are divided, which do not see each other
public record Convolution(
        List<Integer> strides, List<Integer> paddings, List<Integer> dilations, int groups) {
    /// Checks the numbers.
    ///
    /// @throws IllegalArgumentException if one is out of its range, or there is not one for each axis
    public Convolution {
        strides = Spatial.atLeast("Convolution: stride", 1, strides);
        paddings = Spatial.atLeast("Convolution: padding", 0, paddings);
        dilations = Spatial.atLeast("Convolution: dilation", 1, dilations);
        Spatial.sameAxes("Convolution", strides, paddings, dilations);
        if (groups < 1) {
            throw new IllegalArgumentException(
                    "Convolution: groups is %d; use a number from 1".formatted(groups));
        }
    }

    /// {@return a convolution with stride 1, dilation 1, no padding and one group}
    ///
    /// @param axes over how many axes the kernel moves, from 1
    public static Convolution of(int axes) {
        var one = Collections.nCopies(axes, 1);
        return new Convolution(one, Collections.nCopies(axes, 0), one, 1);
    }

    /// {@return this convolution with other strides}
    ///
    /// @param sizes one for each axis, or one for all
    public Convolution stride(int... sizes) {
        return new Convolution(Spatial.each(axes(), sizes), paddings, dilations, groups);
    }

    /// {@return this convolution with other zeros on both sides}
    ///
    /// @param sizes one for each axis, or one for all
    public Convolution padding(int... sizes) {
        return new Convolution(strides, Spatial.each(axes(), sizes), dilations, groups);
    }

    /// {@return this convolution with other distances under the kernel}
    ///
    /// @param sizes one for each axis, or one for all
    public Convolution dilation(int... sizes) {
        return new Convolution(strides, paddings, Spatial.each(axes(), sizes), groups);
    }

    /// {@return this convolution with another number of groups}
    ///
    /// @param count divides the channels of the input and of the output
    public Convolution groups(int count) {
        return new Convolution(strides, paddings, dilations, count);
    }

    /// {@return over how many axes the kernel moves}
    public int axes() {
        return strides.size();
    }

    /// {@return the output for an input}
    ///
    /// @param x `[batch, in, ..]`
    /// @param weight `[out, in / groups, kernel ..]`
    /// @throws ShapeException if the channels do not fit, or the input with its padding is smaller than the kernel
    public Tensor apply(Tensor x, Tensor weight) {
        checkRanks("conv", x, weight);
        checkChannels("conv", x, weight, weight.size(1) * groups);
        Vjp vjp = (i, in, _, g) -> i == 0 ? ofInput(in, g) : ofWeight(in, g);
        return Tensor.custom(
                "conv", List.of(x, weight), in -> output(in.getFirst(), in.getLast()), vjp);
    }

    private Tensor output(Tensor x, Tensor weight) {
        Tensor y =
                Tensor.einsum(
                        "goc%2$s,ngc%1$s%2$s->ngo%1$s".formatted(places(), kernel()),
                        grouped(weight, 0),
                        windows(x, weight));
        int[] sizes = Arrays.copyOfRange(y.shape().sizes(), 3, 3 + axes());
        return y.reshape(Spatial.sizes(List.of(x.size(0), weight.size(0)), sizes, new int[0]));
    }

    /// The kernel lies on each place of the input once for each of its own places, turned: that is the transposed one.
    private Tensor ofInput(List<Tensor> in, Tensor g) {
        Tensor x = in.getFirst();
        Tensor weight = in.getLast();
        int[] extra = new int[axes()];
        for (int axis = 0; axis < extra.length; axis++) {
            int back =
                    (g.size(axis + 2) - 1) * strides.get(axis)
                            - 2 * paddings.get(axis)
                            + dilations.get(axis) * (weight.size(axis + 2) - 1)
                            + 1;
            extra[axis] = x.size(axis + 2) - back;
        }
        return transposed(g, weight, extra);
    }

    private Tensor ofWeight(List<Tensor> in, Tensor g) {
        Tensor weight = in.getLast();
        return Tensor.einsum(
                        "ngo%1$s,ngc%1$s%2$s->goc%2$s".formatted(places(), kernel()),
                        grouped(g, 1),
                        windows(in.getFirst(), weight))
                .reshape(weight.shape());
    }

    /// `[batch, groups, channels, places .., kernel ..]`, a view of the padded input.
    private Tensor windows(Tensor x, Tensor weight) {
        Tensor windows = x;
        for (int axis = 0; axis < axes(); axis++) {
            int zeros = paddings.get(axis);
            windows = windows.pad(axis + 2, zeros, zeros, 0);
        }
        for (int axis = 0; axis < axes(); axis++) {
            int size = weight.size(axis + 2);
            windows = windows.windows(axis + 2, size, strides.get(axis), dilations.get(axis));
        }
        return grouped(windows, 1);
    }

    /// An axis of channels as two: the group, and the channel within it.
    private Tensor grouped(Tensor x, int axis) {
        int[] sizes = x.shape().sizes();
        int[] before = Arrays.copyOf(sizes, axis);
        int[] after = Arrays.copyOfRange(sizes, axis + 1, sizes.length);
        List<Integer> first = new ArrayList<>(IntStream.of(before).boxed().toList());
        first.addAll(List.of(groups, sizes[axis] / groups));
        return x.reshape(Spatial.sizes(first, after, new int[0]));
    }

    /// The names of the axes along which the kernel moves, and of its own.
    private String places() {
        return letters('A');
    }

    private String kernel() {
        return letters('p');
    }

    private String letters(int first) {
        return IntStream.range(first, first + axes())
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }

    /// {@return the output of the transposed convolution: the gradient of [#apply] with respect to its input}
    ///
    /// The size along each axis is `(size − 1)·stride − 2·padding + dilation·(kernel − 1) + extra + 1`.
    ///
    /// @param x `[batch, in, ..]`
    /// @param weight `[in, out / groups, kernel ..]`
    /// @param extra what is added to the end of each axis, one number for each or one for all: below the stride or the
    ///     dilation, to choose among the sizes that a convolution with a stride brings to the same size
    /// @throws ShapeException if the channels do not fit, or nothing is left of an axis
    public Tensor transposed(Tensor x, Tensor weight, int... extra) {
        checkRanks("conv transposed", x, weight);
        checkChannels("conv transposed", x, weight, weight.size(0));
        var ends = Spatial.each(axes(), extra.length == 0 ? new int[] {0} : extra);
        Tensor spread = x;
        for (int axis = 0; axis < axes(); axis++) {
            int reach = dilations.get(axis) * (weight.size(axis + 2) - 1) - paddings.get(axis);
            checkExtra(axis, ends.get(axis));
            spread = spread(spread, axis + 2, strides.get(axis));
            spread = Spatial.pad(spread, axis + 2, reach, reach + ends.get(axis));
        }
        return of(axes()).dilation(ints(dilations)).groups(groups).apply(spread, turned(weight));
    }

    private void checkExtra(int axis, int extra) {
        if (extra < 0 || extra >= Math.max(strides.get(axis), dilations.get(axis))) {
            throw new IllegalArgumentException(
                    "conv transposed: %d more elements at the end of axis %d; use a number from 0 below the stride %d or the dilation %d"
                            .formatted(extra, axis + 2, strides.get(axis), dilations.get(axis)));
        }
    }

    /// Elements `step` apart, with zeros between them.
    private static Tensor spread(Tensor x, int axis, int step) {
        if (step == 1) {
            return x;
        }
        Shape wide = x.shape().with(axis, x.size(axis) * step);
        return x.unsqueeze(axis + 1)
                .pad(axis + 1, 0, step - 1, 0)
                .reshape(wide)
                .slice(axis, 0, (x.size(axis) - 1L) * step + 1);
    }

    /// `[in, out / groups, kernel ..]` as the weight `[out, in / groups, kernel ..]` of the way back.
    private Tensor turned(Tensor weight) {
        int in = weight.size(0) / groups;
        int out = weight.size(1);
        int[] kernel = Arrays.copyOfRange(weight.shape().sizes(), 2, 2 + axes());
        int[] flipped = new int[axes()];
        Arrays.setAll(flipped, axis -> axis + 2);
        return weight.flip(flipped)
                .reshape(Spatial.sizes(List.of(groups, in, out), kernel, new int[0]))
                .transpose(1, 2)
                .reshape(Spatial.sizes(List.of(groups * out, in), kernel, new int[0]));
    }

    private void checkRanks(String where, Tensor x, Tensor weight) {
        if (x.rank() != axes() + 2 || weight.rank() != axes() + 2) {
            throw new ShapeException(
                    "%s: the input is %s and the weight %s; over %d axes both have %d"
                            .formatted(where, x.shape(), weight.shape(), axes(), axes() + 2),
                    x.shape(),
                    weight.shape());
        }
    }

    private void checkChannels(String where, Tensor x, Tensor weight, int in) {
        if (x.size(1) != in || weight.size(0) % groups != 0) {
            throw new ShapeException(
                    "%s: the channels of the input %s and of the weight %s do not fit with %d groups"
                            .formatted(where, x.shape(), weight.shape(), groups),
                    x.shape(),
                    weight.shape());
        }
    }

    private static int[] ints(List<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).toArray();
    }
}
