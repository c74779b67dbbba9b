package tensor.cpu;

import tensor.layout.Layout;
import tensor.spi.Contraction;
import tensor.spi.Operand;

/// The axes of a product of two operands, by what they are to a batch of matrix products.
///
/// An axis along which one operand repeats itself is no batch to it: it only makes the other one's matrix larger. So one
/// weight for many images, or many rows for one weight, is one product.
final class ProductAxes {
    private static final int LEFT = 0;
    private static final int RIGHT = 1;
    private static final int OUT = 2;

    private final Group batch;
    private final Group rows;
    private final Group columns;
    private final Group inner;

    /// @param most how many axes there are at most
    ProductAxes(int most) {
        batch = new Group(most);
        rows = new Group(most);
        columns = new Group(most);
        inner = new Group(most);
    }

    /// {@return the axes of a product of matrices with equal leading axes}
    static ProductAxes ofMatrices(Layout a, Layout b, Layout out) {
        int leading = out.shape().rank() - 2;
        ProductAxes axes = new ProductAxes(leading + 1);
        for (int axis = 0; axis < leading; axis++) {
            axes.both(out.shape().size(axis), a.stride(axis), b.stride(axis), out.stride(axis));
        }
        axes.row(out.shape().size(-2), a.stride(-2), out.stride(-2));
        axes.column(out.shape().size(-1), b.stride(-1), out.stride(-1));
        axes.inner(a.shape().size(-1), a.stride(-1), b.stride(-2));
        return axes;
    }

    /// {@return the axes of a contraction}
    static ProductAxes of(Contraction by, Layout a, Layout b, Layout out) {
        ProductAxes axes = new ProductAxes(by.left().size() + by.right().size());
        for (int axis = 0; axis < by.out().size(); axis++) {
            int size = out.shape().size(axis);
            int left = by.left().indexOf(by.out().get(axis));
            int right = by.right().indexOf(by.out().get(axis));
            if (right < 0) {
                axes.row(size, a.stride(left), out.stride(axis));
            } else if (left < 0) {
                axes.column(size, b.stride(right), out.stride(axis));
            } else {
                axes.both(size, a.stride(left), b.stride(right), out.stride(axis));
            }
        }
        for (Integer name : by.inner()) {
            int left = by.left().indexOf(name);
            axes.inner(a.shape().size(left), a.stride(left), b.stride(by.right().indexOf(name)));
        }
        return axes;
    }

    /// {@return whether nothing is summed over}
    boolean isEmptySum() {
        return inner.count == 0;
    }

    /// An axis of both operands and of the result.
    void both(int size, long left, long right, long out) {
        if (right == 0 && rows.holds(size)) {
            row(size, left, out);
        } else if (left == 0 && columns.holds(size)) {
            column(size, right, out);
        } else {
            batch.add(size, left, right, out);
        }
    }

    /// An axis of the left operand and of the result.
    void row(int size, long left, long out) {
        rows.add(size, left, 0, out);
    }

    /// An axis of the right operand and of the result.
    void column(int size, long right, long out) {
        columns.add(size, 0, right, out);
    }

    /// An axis of both operands that is summed over.
    void inner(int size, long left, long right) {
        inner.add(size, left, right, 0);
    }

    /// {@return whether the neighbours of the result are along its rows' index, so that it is better to compute the
    /// transposed product, the operands exchanged}
    private boolean isTurned() {
        return rows.endsWithNeighbours();
    }

    /// What is computed: `out = left · right`.
    record Factors(Matrices left, Matrices right, Matrices out) {
        /// {@return the transposed product}
        Factors turned() {
            return new Factors(right.transposed(), left.transposed(), out.transposed());
        }
    }

    Factors factors(Operand a, Operand b, Operand out) {
        Matrices left = Matrices.of(a, batch.places(LEFT), rows.places(LEFT), inner.places(LEFT));
        Matrices right =
                Matrices.of(b, batch.places(RIGHT), inner.places(RIGHT), columns.places(RIGHT));
        Matrices product =
                Matrices.of(out, batch.places(OUT), rows.places(OUT), columns.places(OUT));
        Factors factors = new Factors(left, right, product);
        return isTurned() ? factors.turned() : factors;
    }

    /// Axes in row-major order, with their strides in the left operand, the right one and the result.
    private static final class Group {
        private static final int[] NO_SIZES = {};
        private static final long[] NO_STRIDES = {};

        private final int most;
        private int[] sizes = NO_SIZES;

        /// Those in one operand behind those in the other.
        private long[] strides = NO_STRIDES;

        private int axes;
        private long count = 1;

        private Group(int most) {
            this.most = most;
        }

        private boolean holds(int size) {
            return count * size <= Integer.MAX_VALUE;
        }

        private void add(int size, long left, long right, long out) {
            if (size == 1) {
                return;
            }
            if (axes == 0) {
                sizes = new int[most];
                strides = new long[3 * most];
            }
            sizes[axes] = size;
            strides[LEFT * most + axes] = left;
            strides[RIGHT * most + axes] = right;
            strides[OUT * most + axes] = out;
            axes++;
            count *= size;
        }

        private boolean endsWithNeighbours() {
            return axes > 0 && strides[OUT * most + axes - 1] == 1;
        }

        private Places places(int operand) {
            return Places.of(axes, sizes, strides, operand * most);
        }
    }
}
