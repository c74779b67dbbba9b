package tensor.api;

import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import tensor.layout.DType;
import tensor.layout.Shape;

/// The numbers of a tensor as text, in brackets, a row of the last axis a line.
final class Listing {
    private static final long MOST_ELEMENTS = 1000;

    /// How many elements stand at each end of an axis of which not all are shown.
    private static final int EDGE = 3;

    /// From here on, and where all numbers are below the other one, they are written with exponents.
    private static final double LARGE = 1e8;

    private static final double SMALL = 1e-3;

    private final Shape shape;
    private final Shape shown;
    private final String[] cells;
    private final int width;
    private final StringBuilder text = new StringBuilder();

    private Listing(Shape shape, Shape shown, String[] cells) {
        this.shape = shape;
        this.shown = shown;
        this.cells = cells;
        this.width = Stream.of(cells).mapToInt(String::length).max().orElse(0);
    }

    static String of(Tensor x) {
        if (x.elementCount() == 0) {
            return "[]";
        }
        Tensor shown = x.elementCount() > MOST_ELEMENTS ? corners(x.detach()) : x.detach();
        Listing listing = new Listing(x.shape(), shown.shape(), cells(shown));
        listing.write(0, 0);
        return listing.text.toString();
    }

    private static Tensor corners(Tensor x) {
        Tensor corners = x;
        for (int axis = 0; axis < x.rank(); axis++) {
            int size = x.size(axis);
            if (size > 2 * EDGE) {
                Tensor last = corners.slice(axis, size - EDGE, size);
                corners = Tensor.concat(axis, corners.slice(axis, 0, EDGE), last);
            }
        }
        return corners;
    }

    private void write(int axis, int first) {
        if (axis == shown.rank()) {
            text.append(" ".repeat(width - cells[first].length())).append(cells[first]);
            return;
        }
        int step = 1;
        for (int inner = axis + 1; inner < shown.rank(); inner++) {
            step *= shown.size(inner);
        }
        int inner = shown.rank() - axis - 1;
        String next = inner == 0 ? ", " : "," + "\n".repeat(inner) + " ".repeat(axis + 1);
        text.append('[');
        for (int i = 0; i < shown.size(axis); i++) {
            text.append(i == 0 ? "" : next);
            if (i == EDGE && shown.size(axis) < shape.size(axis)) {
                text.append("...").append(next);
            }
            write(axis + 1, first + i * step);
        }
        text.append(']');
    }

    private static String[] cells(Tensor x) {
        if (x.dtype() == DType.BOOL) {
            boolean[] all = x.toBooleans();
            return IntStream.range(0, all.length)
                    .mapToObj(i -> Boolean.toString(all[i]))
                    .toArray(String[]::new);
        }
        if (x.dtype().isInteger()) {
            return LongStream.of(x.toLongs()).mapToObj(Long::toString).toArray(String[]::new);
        }
        double[] all = x.cast(DType.FLOAT64).toDoubles();
        String format = format(all);
        return DoubleStream.of(all).mapToObj(each -> cell(each, format)).toArray(String[]::new);
    }

    private static String cell(double number, String format) {
        return Double.isFinite(number)
                ? String.format(Locale.ROOT, format, number)
                : Double.toString(number);
    }

    private static String format(double[] all) {
        double[] finite = DoubleStream.of(all).filter(Double::isFinite).toArray();
        double greatest = DoubleStream.of(finite).map(Math::abs).max().orElse(0);
        if (greatest >= LARGE || (greatest < SMALL && greatest > 0)) {
            return "%.4e";
        }
        return DoubleStream.of(finite).allMatch(each -> each == Math.rint(each)) ? "%.1f" : "%.4f";
    }
}
