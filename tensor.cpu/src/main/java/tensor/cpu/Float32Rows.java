package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// Rows of float32, two of the result at a time, with four of the right matrix.
final class Float32Rows implements Rows {
    private static final ValueLayout.OfFloat ELEMENT = ValueLayout.JAVA_FLOAT;
    private static final int COLUMNS = ROW_BYTES / Float.BYTES;

    private final float[][] right = new float[DEPTH][COLUMNS];
    private final float[][] left = new float[2][DEPTH];
    private final float[][] sums = new float[2][COLUMNS];
    private final long[] depthPlaces = new long[DEPTH];
    private final long[] columnPlaces = new long[COLUMNS];
    private int k;
    private int column;
    private int depth;
    private int columns;

    @Override
    public void load(Matrix x, int k, int column, int depth, int columns) {
        this.k = k;
        this.column = column;
        this.depth = depth;
        this.columns = columns;
        x.rows().list(k, depth, depthPlaces);
        x.columns().list(column, columns, columnPlaces);
        boolean neighbours = x.columns().run(column) >= columns;
        for (int p = 0; p < depth; p++) {
            read(
                    x.segment(),
                    x.start() + depthPlaces[p],
                    columnPlaces,
                    neighbours,
                    right[p],
                    columns);
        }
    }

    private static void read(
            MemorySegment from, long start, long[] places, boolean neighbours, float[] to, int n) {
        if (neighbours) {
            MemorySegment.copy(from, ELEMENT, 4 * (start + places[0]), to, 0, n);
        } else {
            for (int i = 0; i < n; i++) {
                to[i] = from.get(ELEMENT, 4 * (start + places[i]));
            }
        }
    }

    @Override
    public void multiply(Matrix x, Matrix out, int row, int rows, boolean add) {
        x.columns().list(k, depth, depthPlaces);
        out.columns().list(column, columns, columnPlaces);
        boolean leftNeighbours = x.columns().run(k) >= depth;
        boolean outNeighbours = out.columns().run(column) >= columns;
        for (int i = row; i < row + rows; i += 2) {
            int count = Math.min(2, row + rows - i);
            for (int r = 0; r < count; r++) {
                long start = x.start() + x.rows().at(i + r);
                read(x.segment(), start, depthPlaces, leftNeighbours, left[r], depth);
            }
            multiply();
            for (int r = 0; r < count; r++) {
                long start = out.start() + out.rows().at(i + r);
                if (add) {
                    add(out.segment(), start, sums[r]);
                }
                write(sums[r], out.segment(), start, outNeighbours);
            }
        }
    }

    private void multiply() {
        Arrays.fill(sums[0], 0, columns, 0);
        Arrays.fill(sums[1], 0, columns, 0);
        int p = 0;
        for (; p + 4 <= depth; p += 4) {
            addFour(sums[0], sums[1], p, left[0], left[1]);
        }
        for (; p < depth; p++) {
            addOne(sums[0], right[p], left[0][p]);
            addOne(sums[1], right[p], left[1][p]);
        }
    }

    private void addFour(float[] upper, float[] lower, int p, float[] a, float[] b) {
        float[] r0 = right[p];
        float[] r1 = right[p + 1];
        float[] r2 = right[p + 2];
        float[] r3 = right[p + 3];
        float a0 = a[p];
        float a1 = a[p + 1];
        float a2 = a[p + 2];
        float a3 = a[p + 3];
        float b0 = b[p];
        float b1 = b[p + 1];
        float b2 = b[p + 2];
        float b3 = b[p + 3];
        int n = columns;
        for (int j = 0; j < n; j++) {
            float x0 = r0[j];
            float x1 = r1[j];
            float x2 = r2[j];
            float x3 = r3[j];
            float s = Math.fma(a1, x1, Math.fma(a0, x0, upper[j]));
            float t = Math.fma(b1, x1, Math.fma(b0, x0, lower[j]));
            upper[j] = Math.fma(a3, x3, Math.fma(a2, x2, s));
            lower[j] = Math.fma(b3, x3, Math.fma(b2, x2, t));
        }
    }

    private void addOne(float[] sum, float[] row, float a) {
        int n = columns;
        for (int j = 0; j < n; j++) {
            sum[j] = Math.fma(a, row[j], sum[j]);
        }
    }

    private void add(MemorySegment out, long start, float[] sum) {
        for (int j = 0; j < columns; j++) {
            sum[j] += out.get(ELEMENT, 4 * (start + columnPlaces[j]));
        }
    }

    private void write(float[] sum, MemorySegment out, long start, boolean neighbours) {
        if (neighbours) {
            MemorySegment.copy(sum, 0, out, ELEMENT, 4 * (start + columnPlaces[0]), columns);
        } else {
            for (int j = 0; j < columns; j++) {
                out.set(ELEMENT, 4 * (start + columnPlaces[j]), sum[j]);
            }
        }
    }
}
