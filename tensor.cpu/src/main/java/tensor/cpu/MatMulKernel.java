package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;
import jdk.incubator.vector.FloatVector;
import tensor.layout.DType;
import tensor.spi.Contraction;
import tensor.spi.Operand;

/// `out[.., i, j] = Σ_k a[.., i, k] · b[.., k, j]` on float32 or float64.
///
/// An element is the sum over blocks of 256 `k`, in order, of chains of `fma` in order of `k` that start from 0, all in
/// the operands' type. Its bits depend on nothing else: how rows and columns are cut into blocks and tiles, whether
/// operands are packed, transposed or expanded, how many threads and lanes there are, changes nothing.
///
/// The result is cut into blocks, each of which one thread computes alone: it packs slabs of the right matrix, which stay in
/// the third-level cache, then some rows of the left one, which stay in the second, and goes along these rows tile by tile, for one
/// slab after the other. So a tile's rows of the left matrix stay in the first-level cache, panels come from the second, and
/// the rows of the result stay there until they are whole. (When the result was walked through once for each slab, and a panel
/// at a time, it came late: a fifth of the time at 1024.) What two blocks share is packed twice, which costs less than
/// to hand it around.
final class MatMulKernel {
    private static final long GRAIN_OPERATIONS = 1 << 20;

    /// No block is made smaller than this for the sake of more blocks.
    private static final int LEAST_BLOCK = 128;

    /// Up to so many rows, packing the right matrix costs more than it saves.
    private static final int FEW_ROWS = 64;

    /// The same where rows of the right matrix are at most [#CLOSE_BYTES] apart.
    private static final int MORE_ROWS = 528;

    private static final long CLOSE_BYTES = 2048;

    /// With more rows than these, all slabs of the right matrix are packed before the first one is used.
    private static final int TALL_ROWS = 264;

    private static final int LANES = FloatVector.SPECIES_PREFERRED.length();

    private final Parallel parallel;
    private final int bytes;
    private final Idle<Worker> workers;
    private final RowProduct byRows;

    /// @param dtype float32 or float64
    MatMulKernel(DType dtype, Parallel parallel) {
        this.parallel = parallel;
        this.bytes = dtype.byteSize();
        this.byRows = new RowProduct(bytes, parallel);
        boolean single = dtype == DType.FLOAT32;
        Supplier<Tiles> tiles = single ? Float32Tiles.factory() : Float64Tiles.factory();
        Panels.Transpose transpose = Panels.Transpose.of(bytes);
        this.workers =
                new Idle<>(() -> {
                    Panels.Transpose own = transpose.another();
                    return new Worker(
                            tiles.get(),
                            new Panels(own, bytes),
                            new TurnedBlock(own, bytes),
                            new Matrix(),
                            new Matrix(),
                            new Matrix());
                });
    }

    /// What a thread works with.
    private record Worker(
            Tiles tiles,
            Panels panels,
            TurnedBlock turned,
            Matrix left,
            Matrix right,
            Matrix out) {}

    /// Computes the product into `out`, which is contiguous.
    void run(Operand a, Operand b, Operand out) {
        run(ProductAxes.ofMatrices(a.layout(), b.layout(), out.layout()), a, b, out);
    }

    /// Computes a sum of products over any axes, likewise: `k` counts through those that are summed over.
    void run(Contraction by, Operand a, Operand b, Operand out) {
        run(ProductAxes.of(by, a.layout(), b.layout(), out.layout()), a, b, out);
    }

    private void run(ProductAxes axes, Operand a, Operand b, Operand out) {
        long count = out.shape().elementCount();
        if (count == 0) {
            return;
        }
        if (axes.isEmptySum()) {
            MemorySegment storage = ((CpuStorage) out.storage()).segment();
            MemorySegment zeros = storage.asSlice(out.layout().offset() * bytes, count * bytes);
            parallel.alone(() -> zeros.fill((byte) 0));
            return;
        }
        ProductAxes.Factors given = axes.factors(a, b, out);
        if (LANES == 1) {
            byRows.run(given);
            return;
        }
        ProductAxes.Factors factors = isBetterTurned(given) ? given.turned() : given;
        int m = factors.left().rows().count();
        int k = factors.right().rows().count();
        int n = factors.right().columns().count();
        boolean turned = TurnedBlock.takes(factors.out());
        boolean tall = m > TALL_ROWS && !turned;
        Blocks blocks =
                Blocks.of(
                        factors.out().batch().count(),
                        m,
                        n,
                        k,
                        turned ? TurnedBlock.MOST_ROWS : m,
                        tall ? Panels.mostColumns(bytes) : Panels.cachedColumns(bytes),
                        tall ? Tiles.SLABS : 1,
                        parallel.threads());
        parallel.ranges(
                blocks.count(),
                Math.max(1, GRAIN_OPERATIONS / blocks.operations()),
                (first, last) -> {
                    Worker worker = workers.take();
                    for (long i = first; i < last; i++) {
                        block(factors, blocks, i, worker);
                    }
                    workers.giveBack(worker);
                });
    }

    /// Whether it is better to compute the transposed product, though its result is transposed then.
    ///
    /// A right matrix whose columns are contiguous, as a weight's are for few inputs, would be transposed when it is packed,
    /// which costs more than to transpose the left one and the result. Where columns of both are summed over, as for a
    /// weight's gradient, the left one is packed, and the right one may be read where it lies: then the left one is to be the
    /// smaller.
    private static boolean isBetterTurned(ProductAxes.Factors factors) {
        Matrices left = factors.left();
        Matrices right = factors.right();
        long m = left.rows().count();
        long k = right.rows().count();
        long n = right.columns().count();
        if (k * Math.abs(n - m) <= m * n) {
            return false;
        }
        boolean better =
                n > m
                        ? right.rows().longestRun() > right.columns().longestRun()
                        : left.rows().longestRun() > 1
                                && right.columns().longestRun() > 1
                                && n <= TurnedBlock.MOST_ROWS;
        return better && TurnedBlock.takes(factors.out().transposed());
    }

    /// Whether panels of the right matrix are read where they lie.
    private boolean isReadInPlace(Matrix right, int column, int rows, int columns, Panels panels) {
        return panels.mayLie(right, column, columns)
                && (rows <= FEW_ROWS
                        || (rows <= MORE_ROWS && right.rows().step() * bytes <= CLOSE_BYTES));
    }

    private void block(ProductAxes.Factors factors, Blocks blocks, long number, Worker worker) {
        int batch = blocks.batch(number);
        Matrix left = worker.left.look(factors.left(), batch);
        Matrix right = worker.right.look(factors.right(), batch);
        Matrix out = worker.out.look(factors.out(), batch);
        int row = blocks.row(number);
        int column = blocks.column(number);
        int rows = Math.min(blocks.rows(), out.rows().count() - row);
        int columns = Math.min(blocks.columns(), out.columns().count() - column);
        boolean direct = isReadInPlace(right, column, rows, columns, worker.panels);
        int inner = right.rows().count();
        boolean turned = TurnedBlock.takes(factors.out());
        Matrix target = turned ? worker.turned.matrix(columns) : out;
        int down = turned ? 0 : row;
        int across = turned ? 0 : column;
        int most = blocks.slabs() * Tiles.SLAB_DEPTH;
        int cached = Panels.cachedColumns(bytes);
        for (int k = 0; k < inner; k += most) {
            int depth = Math.min(most, inner - k);
            if (direct) {
                worker.panels.inPlace(right, k, column, depth, columns);
            } else {
                worker.panels.pack(right, k, column, depth, columns);
            }
            for (int i = 0; i < rows; i += Tiles.BLOCK_ROWS) {
                int high = Math.min(Tiles.BLOCK_ROWS, rows - i);
                worker.tiles.pack(left, row + i, k, high, depth);
                worker.tiles.aim(target, down + i, high);
                for (int j = 0; j < columns; j += cached) {
                    int wide = Math.min(cached, columns - j);
                    for (int slab = 0; slab * Tiles.SLAB_DEPTH < depth; slab++) {
                        multiply(worker, slab, high, target, across, j, wide, k + slab > 0);
                    }
                }
            }
        }
        if (turned) {
            worker.turned.write(out, row, column, rows, columns);
        }
    }

    /// Computes what a slab contributes to `rows × columns` elements of the result, tile by tile along the rows.
    ///
    /// @param across the result's column at which the block begins
    /// @param first the block's column at which they begin
    private static void multiply(
            Worker worker,
            int slab,
            int rows,
            Matrix out,
            int across,
            int first,
            int columns,
            boolean add) {
        int step = worker.panels.panelColumns();
        Panels.Slab panels = worker.panels.slab(slab);
        for (int row = 0; row < rows; row += Tiles.ROWS) {
            for (int j = first; j < first + columns; j += step) {
                int wide = Math.min(step, first + columns - j);
                worker.tiles.multiply(row, slab, panels, j / step, wide);
                worker.tiles.store(row, out, across + j, add);
            }
        }
    }

    /// How a batch of results is cut into blocks. One that is to be split further is cut across first: what is packed twice
    /// then is the left matrix, which is cheaper.
    private record Blocks(int batch, int m, int n, int k, int rows, int columns, int slabs) {
        /// @param mostRows how many rows a block has at most
        /// @param mostColumns how many columns
        /// @param slabs how many are packed at once
        static Blocks of(
                int batch,
                int m,
                int n,
                int k,
                int mostRows,
                int mostColumns,
                int slabs,
                int threads) {
            long operations = (long) batch * m * n * k;
            long wanted = threads == 1 ? 1 : Math.min(2L * threads, operations / GRAIN_OPERATIONS);
            int down = Math.ceilDiv(m, mostRows);
            int across = Math.ceilDiv(n, mostColumns);
            while ((long) batch * across < wanted && n / across >= 2 * LEAST_BLOCK) {
                across++;
            }
            while ((long) batch * down * across < wanted && m / down >= 2 * LEAST_BLOCK) {
                down++;
            }
            int rows = Math.ceilDiv(m, down * Tiles.ROWS) * Tiles.ROWS;
            int columns = Math.ceilDiv(n, across * Panels.ROW_BYTES) * Panels.ROW_BYTES;
            return new Blocks(batch, m, n, k, rows, columns, slabs);
        }

        private int across() {
            return Math.ceilDiv(n, columns);
        }

        private int down() {
            return Math.ceilDiv(m, rows);
        }

        long count() {
            return (long) batch * across() * down();
        }

        long operations() {
            return (long) rows * columns * k;
        }

        int batch(long number) {
            return (int) (number / across() / down());
        }

        int row(long number) {
            return (int) (number / across() % down()) * rows;
        }

        int column(long number) {
            return (int) (number % across()) * columns;
        }
    }
}
