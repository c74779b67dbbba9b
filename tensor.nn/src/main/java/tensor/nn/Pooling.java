package tensor.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import tensor.api.Axes;
import tensor.api.Tensor;
import tensor.layout.Shape;
import tensor.layout.ShapeException;

/// Pooling: how a window moves over the last axes of its input, to leave one number of each place.
///
/// ```java
/// Tensor y = Pooling.of(2, 2).max(x);                          // each 2 × 2 field becomes its greatest
/// Tensor z = Pooling.of(3, 3).stride(2).padding(1).mean(x);
/// ```
///
/// **Shapes.** `[.., sizes] → [.., places]` with `(size + 2·padding − dilation·(kernel − 1) − 1) / stride + 1` places along
/// each axis, rounded down; with [#ceiling] rounded up, but no window begins behind the input and the padding before it.
///
/// @param kernel the sizes of the window, for each axis
/// @param strides the distance of two windows, for each axis
/// @param paddings by how much windows reach over both ends, for each axis; at most half of what a window spans
/// @param dilations the distance of two elements of a window, for each axis
/// @param ceil whether places are rounded up
/// @param countsPadding whether a mean counts the places of the padding, as zeros
public record Pooling(
        List<Integer> kernel,
        List<Integer> strides,
        List<Integer> paddings,
        List<Integer> dilations,
        boolean ceil,
        boolean countsPadding) {
    private static final int MOST_SIDE_BY_SIDE = 16;

    /// Checks the numbers.
    ///
    /// @throws IllegalArgumentException if one is out of its range, or there is not one for each axis
    public Pooling {
        kernel = Spatial.atLeast("Pooling: kernel", 1, kernel);
        strides = Spatial.atLeast("Pooling: stride", 1, strides);
        paddings = Spatial.atLeast("Pooling: padding", 0, paddings);
        dilations = Spatial.atLeast("Pooling: dilation", 1, dilations);
        Spatial.sameAxes("Pooling", kernel, strides, paddings, dilations);
        for (int axis = 0; axis < kernel.size(); axis++) {
            if (paddings.get(axis) * 2L > (kernel.get(axis) - 1L) * dilations.get(axis) + 1) {
                throw new IllegalArgumentException(
                        "Pooling: padding %s is more than half of the window %s; use at most half"
                                .formatted(paddings, kernel));
            }
        }
    }

    /// {@return pooling by windows side by side}
    ///
    /// @param kernel the size of the window along each axis
    public static Pooling of(int... kernel) {
        var sizes = Spatial.each(kernel.length, kernel);
        int axes = kernel.length;
        return new Pooling(
                sizes,
                sizes,
                Collections.nCopies(axes, 0),
                Collections.nCopies(axes, 1),
                false,
                true);
    }

    /// {@return this pooling with other distances of windows}
    ///
    /// @param sizes one for each axis, or one for all
    public Pooling stride(int... sizes) {
        var each = Spatial.each(axes(), sizes);
        return new Pooling(kernel, each, paddings, dilations, ceil, countsPadding);
    }

    /// {@return this pooling with windows that reach over both ends}
    ///
    /// @param sizes one for each axis, or one for all
    public Pooling padding(int... sizes) {
        var each = Spatial.each(axes(), sizes);
        return new Pooling(kernel, strides, each, dilations, ceil, countsPadding);
    }

    /// {@return this pooling with elements of a window apart}
    ///
    /// @param sizes one for each axis, or one for all
    public Pooling dilation(int... sizes) {
        var each = Spatial.each(axes(), sizes);
        return new Pooling(kernel, strides, paddings, each, ceil, countsPadding);
    }

    /// {@return this pooling with a last window that may reach over the end}
    public Pooling ceiling() {
        return new Pooling(kernel, strides, paddings, dilations, true, countsPadding);
    }

    /// {@return this pooling with means over the elements of the input alone}
    public Pooling withoutPadding() {
        return new Pooling(kernel, strides, paddings, dilations, ceil, false);
    }

    /// {@return over how many axes the window moves}
    public int axes() {
        return kernel.size();
    }

    /// {@return the greatest of each window} Of equal ones the first takes all of the gradient, never the
    /// padding.
    ///
    /// @param x floating point
    /// @throws ShapeException if it has fewer axes, or is smaller than one window
    public Tensor max(Tensor x) {
        if (isSmallAndInside(x)) {
            Tensor greatest = x;
            for (int axis = axes() - 1; axis >= 0; axis--) {
                greatest = Greatest.of(sideBySide(greatest, axis));
            }
            return greatest;
        }
        Tensor windows = flat(windows(x, Double.NEGATIVE_INFINITY));
        Tensor first = windows.argMax(-1).unsqueeze(-1);
        Tensor greatest = windows.gather(windows.rank() - 1, first);
        if (!reachesOverEnds()) {
            return greatest.squeeze(-1);
        }
        // where all is −∞, what is padded is no greater: the gradient goes to the first element of
        // the input
        Tensor tied = greatest.equalTo(Double.NEGATIVE_INFINITY);
        Tensor position = Tensor.where(tied, firstInside(x), first);
        return windows.gather(windows.rank() - 1, position).squeeze(-1);
    }

    /// Whether windows are short, and all of their elements the input's: then these are compared side by side, axis by axis, and
    /// nothing is moved.
    private boolean isSmallAndInside(Tensor x) {
        boolean fits = !reachesOverEnds();
        for (int axis = 0; axis < axes(); axis++) {
            fits &= x.size(first(x) + axis) >= span(axis);
            fits &= kernel.get(axis) <= MOST_SIDE_BY_SIDE;
        }
        return fits;
    }

    /// For each place of a window along an axis, in order, the elements of all windows.
    private List<Tensor> sideBySide(Tensor x, int axis) {
        int along = first(x) + axis;
        long stride = strides.get(axis);
        long reach = (places(axis, x.size(along)) - 1) * stride + 1;
        List<Tensor> parts = new ArrayList<>();
        for (int i = 0; i < kernel.get(axis); i++) {
            long start = (long) i * dilations.get(axis);
            parts.add(x.slice(along, start, start + reach, stride));
        }
        return parts;
    }

    private boolean reachesOverEnds() {
        return ceil || paddings.stream().anyMatch(padding -> padding > 0);
    }

    /// The first position of each window that is not padding, `[places .., 1]`.
    private Tensor firstInside(Tensor x) {
        int[] sizes = x.shape().sizes();
        Shape field = Shape.of(Arrays.copyOfRange(sizes, first(x), sizes.length));
        Tensor inside = x.device().with(() -> Tensor.ones(field));
        return flat(windows(inside, 0)).argMax(-1).unsqueeze(-1);
    }

    /// {@return the mean of each window} With [#ceiling] what reaches over the padding is not counted.
    ///
    /// @param x floating point
    /// @throws ShapeException if it has fewer axes, or is smaller than one window
    public Tensor mean(Tensor x) {
        Tensor sums = flat(windows(x, 0)).sum(Axes.of(-1));
        return sums.div(counts(x));
    }

    /// The windows `[.., places .., kernel ..]`.
    private Tensor windows(Tensor x, double outside) {
        int first = first(x);
        Tensor windows = x;
        for (int axis = 0; axis < axes(); axis++) {
            int along = first + axis;
            int size = x.size(along);
            long end = (places(axis, size) - 1L) * strides.get(axis) + span(axis);
            long beyond = ceil ? Math.max(0, end - size - 2L * paddings.get(axis)) : 0;
            windows =
                    windows.pad(
                                    along,
                                    paddings.get(axis),
                                    (int) (paddings.get(axis) + beyond),
                                    outside)
                            .windows(
                                    along,
                                    kernel.get(axis),
                                    strides.get(axis),
                                    dilations.get(axis));
        }
        return windows;
    }

    private Tensor flat(Tensor windows) {
        return windows.flatten(windows.rank() - axes());
    }

    private int places(int axis, int size) {
        int stride = strides.get(axis);
        long room = size + 2L * paddings.get(axis) - span(axis);
        long places = (ceil ? Math.ceilDiv(room, stride) : Math.floorDiv(room, stride)) + 1;
        boolean beginsBehind = (places - 1) * stride >= (long) size + paddings.get(axis);
        return (int) (ceil && beginsBehind ? places - 1 : places);
    }

    /// From the first to the last element of a window.
    private long span(int axis) {
        return (kernel.get(axis) - 1L) * dilations.get(axis) + 1;
    }

    /// How many elements count in each window: the product of those along each axis.
    private Tensor counts(Tensor x) {
        int first = first(x);
        Tensor counts = x.device().with(() -> Tensor.ones(Shape.scalar(), x.dtype()));
        for (int axis = 0; axis < axes(); axis++) {
            double[] along = counts(axis, x.size(first + axis));
            Tensor each =
                    x.device().with(() -> Tensor.of(along, Shape.of(along.length))).cast(x.dtype());
            counts = counts.unsqueeze(-1).mul(each);
        }
        return counts;
    }

    private double[] counts(int axis, int size) {
        int before = paddings.get(axis);
        int low = countsPadding ? -before : 0;
        int high = countsPadding ? size + before : size;
        double[] counts = new double[places(axis, size)];
        for (int place = 0; place < counts.length; place++) {
            for (int i = 0; i < kernel.get(axis); i++) {
                int at = place * strides.get(axis) - before + i * dilations.get(axis);
                counts[place] += at >= low && at < high ? 1 : 0;
            }
        }
        return counts;
    }

    private int first(Tensor x) {
        if (x.rank() < axes()) {
            throw new ShapeException(
                    "Pooling: %s has %d axes, the window %s has %d"
                            .formatted(x.shape(), x.rank(), kernel, axes()),
                    x.shape());
        }
        return x.rank() - axes();
    }

    /// {@return means of as many fields of even sizes as asked for along the last axes} Field `i` of `n` goes from
    /// `⌊i·size/n⌋` to `⌈(i + 1)·size/n⌉`, so that fields may overlap by one element.
    ///
    /// @param x floating point
    /// @param fields how many along each of the last axes, from 1
    /// @throws ShapeException if `x` has fewer axes, or no elements along one of them
    /// @throws IllegalArgumentException if a number is below 1
    public static Tensor adaptiveMean(Tensor x, int... fields) {
        Pooling checked = of(fields);
        int first = checked.first(x);
        Tensor means = x;
        for (int axis = 0; axis < fields.length; axis++) {
            if (x.size(first + axis) == 0) {
                throw new ShapeException(
                        "adaptiveMean: %s has no element along axis %d; a mean needs one or more"
                                .formatted(x.shape(), first + axis),
                        x.shape());
            }
            Tensor shares = shares(x, first + axis, fields[axis]);
            means = means.transpose(first + axis, -1).matMul(shares).transpose(first + axis, -1);
        }
        return means;
    }

    /// A column for each field: the share that each element has in its mean.
    private static Tensor shares(Tensor x, int axis, int fields) {
        int size = x.size(axis);
        double[] shares = new double[size * fields];
        for (int field = 0; field < fields; field++) {
            int start = (int) ((long) field * size / fields);
            int end = (int) Math.ceilDiv((field + 1L) * size, (long) fields);
            for (int i = start; i < end; i++) {
                shares[i * fields + field] = 1.0 / (end - start);
            }
        }
        return x.device().with(() -> Tensor.of(shares, Shape.of(size, fields))).cast(x.dtype());
    }
}
