package tensor.api;

import java.util.Arrays;
import tensor.layout.Shape;

/// Some columns, reflected one by one on the host: each step needs the one before and is too little work for a device.
///
/// Columns are divided by their greatest element before they are squared, so that nothing overflows or underflows and the
/// reflections are orthogonal to rounding, whatever the columns are.
final class Panel {
    static final int MOST_COLUMNS = 32;

    private final int rows;
    private final int columns;

    /// Row by row; the normals come to stand below the diagonal.
    private final double[] a;

    private final double[] t;

    private Panel(int rows, int columns, double[] a) {
        this.rows = rows;
        this.columns = columns;
        this.a = a;
        this.t = new double[columns * columns];
    }

    /// {@return the reflections of stacked matrices}
    ///
    /// @param matrices `[.., m, n]`, m at least n
    static Reflections reflected(Tensor matrices) {
        int rows = matrices.size(-2);
        int columns = matrices.size(-1);
        double[] all = matrices.toDoubles();
        int size = rows * columns;
        int corner = columns * columns;
        double[] v = new double[all.length];
        double[] t = new double[all.length / size * corner];
        double[] r = new double[t.length];
        for (int matrix = 0; matrix < all.length / size; matrix++) {
            double[] a = Arrays.copyOfRange(all, matrix * size, (matrix + 1) * size);
            Panel panel = new Panel(rows, columns, a);
            for (int column = 0; column < columns; column++) {
                panel.reflect(column);
            }
            System.arraycopy(panel.t, 0, t, matrix * corner, corner);
            panel.split(v, matrix * size, r, matrix * corner);
        }
        Shape square = matrices.shape().with(-2, columns);
        return new Reflections(
                like(matrices, v, matrices.shape()),
                like(matrices, t, square),
                like(matrices, r, square));
    }

    private static Tensor like(Tensor of, double[] values, Shape shape) {
        return of.device().with(() -> Tensor.of(values, shape)).cast(of.dtype());
    }

    /// Brings a column `x` to `β·e₁` by `1 − τ·v·vᵀ`. β has the sign that `x₁` has not, so that nothing cancels.
    private void reflect(int column) {
        double greatest = 0;
        for (int row = column; row < rows; row++) {
            greatest = Math.max(greatest, Math.abs(at(row, column)));
        }
        if (greatest == 0) {
            return; // τ is 0, and zeros stay
        }
        double squares = 0;
        for (int row = column; row < rows; row++) {
            double x = at(row, column) / greatest;
            squares += x * x;
        }
        double first = at(column, column) / greatest;
        double image = first < 0 ? Math.sqrt(squares) : -Math.sqrt(squares);
        for (int row = column + 1; row < rows; row++) {
            a[row * columns + column] = at(row, column) / greatest / (first - image);
        }
        a[column * columns + column] = image * greatest;
        double tau = 1 - first / image;
        double[] products = products(column);
        reflectOthers(column, tau, products);
        enter(column, tau, products);
    }

    /// With the normals of all columns before, and with all columns behind.
    private double[] products(int column) {
        double[] products = new double[columns];
        for (int row = column; row < rows; row++) {
            double normal = normal(row, column);
            for (int other = 0; other < columns; other++) {
                products[other] += normal * at(row, other);
            }
        }
        return products;
    }

    private void reflectOthers(int column, double tau, double[] products) {
        for (int row = column; row < rows; row++) {
            double by = tau * normal(row, column);
            for (int other = column + 1; other < columns; other++) {
                a[row * columns + other] -= by * products[other];
            }
        }
    }

    /// Column `j` of `T` is τ on the diagonal and `−τ·T·Vᵀ·v` above, where `V` has the normals before `v`.
    private void enter(int column, double tau, double[] products) {
        for (int row = 0; row < column; row++) {
            double sum = 0;
            for (int k = row; k < column; k++) {
                sum += t[row * columns + k] * products[k];
            }
            t[row * columns + column] = -tau * sum;
        }
        t[column * columns + column] = tau;
    }

    private double at(int row, int column) {
        return a[row * columns + column];
    }

    private double normal(int row, int column) {
        return row == column ? 1 : at(row, column);
    }

    /// Writes the normals, and what is on and above the diagonal.
    private void split(double[] v, int vStart, double[] r, int rStart) {
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                int i = row * columns + column;
                if (row >= column) {
                    v[vStart + i] = normal(row, column);
                }
                if (row <= column) {
                    r[rStart + i] = a[i];
                }
            }
        }
    }
}
