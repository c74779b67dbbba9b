package tensor.layout;

import java.util.Arrays;

/// The sizes of a tensor's axes, outermost first.
///
/// Immutable, compared by value, written `[32, 784]`; a scalar is `[]`. Each axis has 0 to 2³¹−1
/// elements. Where a method takes an axis, a negative number counts from the end: −1 is the last
/// axis.
public final class Shape {
    private static final Shape SCALAR = new Shape(new int[0]);

    private final int[] sizes;
    private final long elementCount;

    private Shape(int[] sizes) {
        this.sizes = sizes;
        this.elementCount = product(sizes);
    }

    private static long product(int[] sizes) {
        for (int size : sizes) {
            if (size == 0) {
                return 0;
            }
        }
        long count = 1;
        for (int size : sizes) {
            if (count > Long.MAX_VALUE / size) {
                throw new ShapeException(
                        "Shape.of: %s has more than %d elements"
                                .formatted(Arrays.toString(sizes), Long.MAX_VALUE));
            }
            count *= size;
        }
        return count;
    }

    /// {@return the shape with these sizes}
    ///
    /// @param sizes the size of each axis, outermost first
    /// @throws ShapeException if a size is negative, or there are 2⁶³ elements or more
    public static Shape of(int... sizes) {
        return owning(sizes.clone());
    }

    /// {@return the shape with these sizes, which nobody else changes}
    private static Shape owning(int[] sizes) {
        if (sizes.length == 0) {
            return SCALAR;
        }
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] < 0) {
                throw new ShapeException(
                        "Shape.of: axis "
                                + i
                                + " of "
                                + Arrays.toString(sizes)
                                + " is "
                                + sizes[i]
                                + "; a size is 0 or more");
            }
        }
        return new Shape(sizes);
    }

    /// {@return the shape of a scalar: no axes, one element}
    public static Shape scalar() {
        return SCALAR;
    }

    /// {@return the shape to which both expand} Axes are matched from the last one; a missing axis
    /// and an axis of size 1 take the other's size.
    ///
    /// @param where the operation that asks, first word of the message
    /// @param a one shape
    /// @param b the other shape
    /// @throws ShapeException if an axis differs and neither size is 1
    public static Shape broadcast(String where, Shape a, Shape b) {
        if (a.equals(b)) {
            return a;
        }
        int rank = Math.max(a.rank(), b.rank());
        int[] sizes = new int[rank];
        for (int i = 1; i <= rank; i++) {
            int left = i <= a.rank() ? a.sizes[a.rank() - i] : 1;
            int right = i <= b.rank() ? b.sizes[b.rank() - i] : 1;
            if (left != right && left != 1 && right != 1) {
                throw new ShapeException(
                        where
                                + ": "
                                + a
                                + " and "
                                + b
                                + " do not broadcast: axis "
                                + -i
                                + " is "
                                + left
                                + " and "
                                + right,
                        a,
                        b);
            }
            sizes[rank - i] = left == 1 ? right : left;
        }
        return of(sizes);
    }

    /// {@return the number of axes}
    public int rank() {
        return sizes.length;
    }

    /// {@return the size of one axis}
    ///
    /// @param axis the axis; negative numbers count from the end
    /// @throws ShapeException if there is no such axis
    public int size(int axis) {
        return sizes[axis("size", axis)];
    }

    /// {@return the product of all sizes; 1 for a scalar}
    public long elementCount() {
        return elementCount;
    }

    /// {@return a copy of the sizes}
    public int[] sizes() {
        return sizes.clone();
    }

    /// {@return `axis` counted from the start}
    ///
    /// @param where the operation that asks, first word of the message
    /// @param axis the axis; negative numbers count from the end
    /// @throws ShapeException if there is no such axis
    public int axis(String where, int axis) {
        int fromStart = axis < 0 ? axis + sizes.length : axis;
        if (fromStart < 0 || fromStart >= sizes.length) {
            throw new ShapeException(
                    sizes.length == 0
                            ? where + ": there is no axis " + axis + " in [], a scalar"
                            : where
                                    + ": there is no axis "
                                    + axis
                                    + " in "
                                    + this
                                    + "; use "
                                    + -sizes.length
                                    + " to "
                                    + (sizes.length - 1),
                    this);
        }
        return fromStart;
    }

    /// {@return this shape with one size replaced}
    ///
    /// @param axis the axis; negative numbers count from the end
    /// @param size its new size
    public Shape with(int axis, int size) {
        int[] changed = sizes.clone();
        changed[axis("with", axis)] = size;
        return owning(changed);
    }

    /// {@return this shape without one axis}
    ///
    /// @param axis the axis; negative numbers count from the end
    public Shape without(int axis) {
        int gone = axis("without", axis);
        int[] fewer = new int[sizes.length - 1];
        System.arraycopy(sizes, 0, fewer, 0, gone);
        System.arraycopy(sizes, gone + 1, fewer, gone, fewer.length - gone);
        return owning(fewer);
    }

    @Override
    public boolean equals(Object other) {
        return this == other || (other instanceof Shape that && Arrays.equals(sizes, that.sizes));
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sizes);
    }

    @Override
    public String toString() {
        return Arrays.toString(sizes);
    }
}
