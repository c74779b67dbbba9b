package tensor.api;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import tensor.layout.Shape;
import tensor.layout.ShapeException;

/// A gradient that is 0 but for some rows: that of a table of which only those were looked up.
///
/// See [Parameter#rowSparse(boolean)]. An immutable value; like a tensor's, its memory belongs to a scope.
public final class RowGradient {
    private final Tensor rows;
    private final Tensor values;

    private RowGradient(Tensor rows, Tensor values) {
        this.rows = rows;
        this.values = values;
    }

    /// {@return a gradient made of one value for each index; those of one row are added, in order}
    ///
    /// @param index positions of rows, from 0, int64 `[n]`
    /// @param values what each adds to its row, floating point `[n, ..]`
    /// @throws ShapeException if the shapes do not fit
    /// @throws IllegalArgumentException if the index is not int64, or the values are not floating point
    public static RowGradient of(Tensor index, Tensor values) {
        Checks.floating("RowGradient", values);
        Rows.check("RowGradient", index, values);
        long[] each = index.toLongs();
        long[] once = Arrays.stream(each).sorted().distinct().toArray();
        if (Arrays.equals(each, once)) {
            return new RowGradient(index.detach(), values.detach());
        }
        long[] places = Arrays.stream(each).map(row -> Arrays.binarySearch(once, row)).toArray();
        return values.device()
                .with(() ->
                        new RowGradient(
                                Tensor.of(once), sum(values, Tensor.of(places), once.length)));
    }

    private static Tensor sum(Tensor values, Tensor places, int count) {
        Tensor zeros = Tensor.zeros(values.shape().with(0, count), values.dtype());
        return Rows.add(zeros, places, values.detach());
    }

    /// {@return which rows, int64 `[k]`, ascending, each once}
    public Tensor rows() {
        return rows;
    }

    /// {@return the gradient of these rows, `[k, ..]`}
    public Tensor values() {
        return values;
    }

    /// {@return the sum of this and another of the same table}
    ///
    /// @param other of the same type and, but for the number of rows, shape
    public RowGradient plus(RowGradient other) {
        return of(Tensor.concat(0, rows, other.rows), Tensor.concat(0, values, other.values));
    }

    /// {@return the same rows with other values}
    ///
    /// @param change gives them, of the same shape; what it makes of 0 does not matter
    public RowGradient map(UnaryOperator<Tensor> change) {
        return new RowGradient(rows, change.apply(values));
    }

    /// {@return the gradient of a whole table, with its zeros}
    ///
    /// @param table its shape
    /// @throws ShapeException if the rows are not of its shape
    /// @throws IndexOutOfBoundsException if it has not so many rows
    public Tensor dense(Shape table) {
        return values.device()
                .with(() -> Rows.add(Tensor.zeros(table, values.dtype()), rows, values));
    }

    /// {@return the same, loose}
    RowGradient taken() {
        return new RowGradient(TensorScope.take(rows), TensorScope.take(values));
    }

    /// Gives it to the current scope.
    void give() {
        TensorScope.give(rows);
        TensorScope.give(values);
    }

    /// `RowGradient [12, 64] float32`, the shape of the values.
    @Override
    public String toString() {
        return "RowGradient " + values.shape() + " " + values.dtype();
    }
}
