package tensor.cpu;

import java.util.function.Supplier;

/// The matrix product where vectors have one lane, with the bits of [MatMulKernel], which calls it: block by block, whose rows
/// are long.
final class RowProduct {
    private static final long GRAIN_OPERATIONS = 1 << 20;

    /// Rows of a block, so that what is loaded of the right matrix is used often.
    private static final int BLOCK_ROWS = 128;

    private final Parallel parallel;
    private final int columns;
    private final Idle<Worker> workers;

    /// @param bytes of an element, 4 or 8
    RowProduct(int bytes, Parallel parallel) {
        this.parallel = parallel;
        this.columns = Rows.ROW_BYTES / bytes;
        Supplier<Rows> rows = bytes == Float.BYTES ? Float32Rows::new : Float64Rows::new;
        this.workers =
                new Idle<>(() -> new Worker(rows.get(), new Matrix(), new Matrix(), new Matrix()));
    }

    /// Computes a product that is not empty.
    void run(ProductAxes.Factors given) {
        boolean isTall =
                given.out().columns().count() < Math.min(columns, given.out().rows().count());
        ProductAxes.Factors factors = isTall ? given.turned() : given;
        int m = factors.out().rows().count();
        int n = factors.out().columns().count();
        int k = factors.right().rows().count();
        int down = Math.ceilDiv(m, BLOCK_ROWS);
        int across = Math.ceilDiv(n, columns);
        long operations = (long) Math.min(m, BLOCK_ROWS) * Math.min(n, columns) * k;
        parallel.ranges(
                (long) factors.out().batch().count() * down * across,
                Math.max(1, GRAIN_OPERATIONS / operations),
                (first, last) -> {
                    Worker worker = workers.take();
                    for (long i = first; i < last; i++) {
                        int batch = (int) (i / across / down);
                        int row = (int) (i / across % down) * BLOCK_ROWS;
                        block(factors, batch, row, (int) (i % across) * columns, worker);
                    }
                    workers.giveBack(worker);
                });
    }

    /// What a thread works with.
    private record Worker(Rows rows, Matrix left, Matrix right, Matrix out) {}

    private void block(ProductAxes.Factors factors, int batch, int row, int column, Worker worker) {
        Rows rows = worker.rows;
        Matrix left = worker.left.look(factors.left(), batch);
        Matrix right = worker.right.look(factors.right(), batch);
        Matrix out = worker.out.look(factors.out(), batch);
        int inner = right.rows().count();
        int high = Math.min(BLOCK_ROWS, out.rows().count() - row);
        int wide = Math.min(columns, out.columns().count() - column);
        for (int k = 0; k < inner; k += Rows.DEPTH) {
            rows.load(right, k, column, Math.min(Rows.DEPTH, inner - k), wide);
            rows.multiply(left, out, row, high, k > 0);
        }
    }
}
