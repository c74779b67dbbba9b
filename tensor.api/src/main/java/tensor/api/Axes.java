package tensor.api;

import java.util.Arrays;
import tensor.layout.Shape;
import tensor.layout.ShapeException;

/// Which axes a reduction folds away, and whether they stay with size 1:
/// `x.sum(Axes.of(-1).keep())`.
///
/// Immutable, compared by value. Negative numbers count from the end.
public final class Axes {
    private final boolean all;
    private final int[] axes;
    private final boolean kept;

    private Axes(boolean all, int[] axes, boolean kept) {
        this.all = all;
        this.axes = axes;
        this.kept = kept;
    }

    /// {@return these axes, dropped from the result}
    ///
    /// @param axes the axes; negative numbers count from the end
    public static Axes of(int... axes) {
        return new Axes(false, axes.clone(), false);
    }

    /// {@return every axis, whatever the rank, dropped from the result}
    public static Axes all() {
        return new Axes(true, new int[0], false);
    }

    /// {@return the same axes, but in the result they stay with size 1}
    public Axes keep() {
        return new Axes(all, axes, true);
    }

    /// {@return whether the axes stay in the result with size 1}
    boolean kept() {
        return kept;
    }

    int size() {
        return axes.length;
    }

    int get(int i) {
        return axes[i];
    }

    /// {@return a copy of the numbers as given}
    int[] numbers() {
        return axes.clone();
    }

    /// {@return the axes of `shape` that these are: ascending, from 0, dropped}
    ///
    /// @throws ShapeException if an axis does not exist or is named twice
    Axes in(String where, Shape shape) {
        int rank = shape.rank();
        int[] found = new int[all ? rank : axes.length];
        for (int i = 0; i < found.length; i++) {
            found[i] = all ? i : shape.axis(where, axes[i]);
        }
        Arrays.sort(found);
        for (int i = 1; i < found.length; i++) {
            if (found[i] == found[i - 1]) {
                throw new ShapeException(
                        where + ": " + this + " names axis " + found[i] + " of " + shape + " twice",
                        shape);
            }
        }
        return new Axes(false, found, false);
    }

    /// {@return `shape` with these axes, ascending and from 0, set to 1}
    Shape folded(Shape shape) {
        int[] sizes = shape.sizes();
        for (int axis : axes) {
            sizes[axis] = 1;
        }
        return Shape.of(sizes);
    }

    /// {@return `shape` without these axes, ascending and from 0}
    Shape dropped(Shape shape) {
        int[] left = new int[shape.rank() - axes.length];
        for (int axis = 0, next = 0, to = 0; axis < shape.rank(); axis++) {
            if (next < axes.length && axes[next] == axis) {
                next++;
            } else {
                left[to++] = shape.size(axis);
            }
        }
        return Shape.of(left);
    }

    /// {@return the permutation that undoes this one}
    Axes inverse() {
        int[] inverse = new int[axes.length];
        for (int i = 0; i < axes.length; i++) {
            inverse[axes[i]] = i;
        }
        return of(inverse);
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof Axes that
                        && all == that.all
                        && kept == that.kept
                        && Arrays.equals(axes, that.axes));
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(axes) + (all ? 2 : 0) + (kept ? 1 : 0);
    }

    @Override
    public String toString() {
        return (all ? "all axes" : Arrays.toString(axes)) + (kept ? " kept" : "");
    }
}
