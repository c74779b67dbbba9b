package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.List;
import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.spi.Backend;
import tensor.spi.BinaryOp;
import tensor.spi.Contraction;
import tensor.spi.Operand;
import tensor.spi.PositionOp;
import tensor.spi.Program;
import tensor.spi.ReduceOp;
import tensor.spi.SingleSteps;
import tensor.spi.SortOrder;
import tensor.spi.Storage;
import tensor.spi.UnaryOp;

/// The backend on the CPU: every operation is done when its method returns.
///
/// Each method chooses the loop and calls the kernels, which settle layouts. While they run it holds its operands: else
/// the cleaner of a tensor that is used here for the last time could give its memory back to the pool too early.
final class CpuBackend implements Backend {
    private static final long KEPT_IDLE_BYTES = 256L << 20;

    private final MemoryPool pool;
    private final Parallel parallel;
    private final CopyKernel copies;
    private final Elementwise elementwise;
    private final ReduceKernels reductions;
    private final IndexKernels indices;
    private final ScanKernels scans;
    private final Loops loops = new Loops();
    private final ProgramKernel programs;
    private final SingleSteps singles = new SingleSteps();
    private final Once<MatMulKernel> matMul32;
    private final Once<MatMulKernel> matMul64;

    /// @param threads how many threads work on one operation, at least 1
    /// @param debug whether released memory is filled with NaN
    CpuBackend(int threads, boolean debug) {
        this.pool = new MemoryPool(debug, KEPT_IDLE_BYTES);
        this.parallel = new Parallel(threads);
        this.copies = new CopyKernel(parallel);
        this.elementwise = new Elementwise(pool, copies, parallel);
        this.reductions = new ReduceKernels(pool, copies, parallel);
        this.indices = new IndexKernels(pool, copies, parallel);
        this.programs = new ProgramKernel(pool, copies, reductions, loops, parallel);
        this.scans = new ScanKernels(pool, copies, parallel);
        this.matMul32 = new Once<>(() -> new MatMulKernel(DType.FLOAT32, parallel));
        this.matMul64 = new Once<>(() -> new MatMulKernel(DType.FLOAT64, parallel));
    }

    /// {@return the memory of this backend}
    MemoryPool pool() {
        return pool;
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public Storage allocate(DType dtype, long elementCount) {
        long byteSize = Math.multiplyExact(elementCount, (long) dtype.byteSize());
        return new CpuStorage(this, dtype, elementCount, pool.take(byteSize));
    }

    @Override
    public void upload(MemorySegment host, Storage target) {
        MemorySegment to = segment(target);
        holding(() -> MemorySegment.copy(host, 0, to, 0, target.byteSize()), target);
    }

    @Override
    public void download(Storage source, MemorySegment host) {
        MemorySegment from = segment(source);
        holding(() -> MemorySegment.copy(from, 0, host, 0, source.byteSize()), source);
    }

    @Override
    public void unary(UnaryOp op, Operand x, Operand out) {
        UnaryKernel loop = loops.unary(op, x.dtype());
        if (Dense.repeats(x)) {
            holding(() -> elementwise.unary(loop, x, out), x, out);
        } else {
            runBlocks(singles.unary(op, x.dtype()), List.of(x), out);
        }
    }

    @Override
    public void binary(BinaryOp op, Operand a, Operand b, Operand out) {
        BinaryKernel loop = loops.binary(op, a.dtype());
        if (Dense.repeats(a) && Dense.repeats(b)) {
            holding(() -> elementwise.binary(loop, a, b, out), a, b, out);
        } else {
            runBlocks(singles.binary(op, a.dtype()), List.of(a, b), out);
        }
    }

    @Override
    public void where(Operand condition, Operand a, Operand b, Operand out) {
        WhereKernel loop = loops.where(a.dtype());
        if (Dense.repeats(condition) && Dense.repeats(a) && Dense.repeats(b)) {
            holding(() -> elementwise.where(loop, condition, a, b, out), condition, a, b, out);
        } else {
            runBlocks(singles.where(a.dtype()), List.of(condition, a, b), out);
        }
    }

    /// For operands that no loop can read where they lie: they are loaded block by block, and not copied as a whole first.
    private void runBlocks(Program program, List<Operand> inputs, Operand out) {
        if (out.shape().elementCount() > 0) {
            run(program, out.shape(), inputs, List.of(out));
        }
    }

    @Override
    public void reduce(ReduceOp op, Operand x, int[] axes, Operand out) {
        if (!op.isDefinedOn(x.dtype())) {
            throw Loops.unsupported(op, x.dtype());
        }
        BinaryKernel pairwise = loops.binary(op.pairwise(), x.dtype());
        holding(() -> reductions.run(op, pairwise, x, axes, out), x, out);
    }

    @Override
    public void cumSum(Operand x, int axis, Operand out) {
        holding(() -> scans.cumSum(x, axis, out), x, out);
    }

    @Override
    public void position(PositionOp op, Operand x, int axis, Operand out) {
        holding(() -> scans.position(op, x, axis, out), x, out);
    }

    @Override
    public void argSort(SortOrder order, Operand x, int axis, Operand out) {
        holding(() -> scans.argSort(order, x, axis, out), x, out);
    }

    @Override
    public void matMul(Operand a, Operand b, Operand out) {
        MatMulKernel kernel = (a.dtype() == DType.FLOAT32 ? matMul32 : matMul64).get();
        holding(() -> kernel.run(a, b, out), a, b, out);
    }

    @Override
    public void contract(Contraction by, Operand a, Operand b, Operand out) {
        MatMulKernel kernel = (a.dtype() == DType.FLOAT32 ? matMul32 : matMul64).get();
        holding(() -> kernel.run(by, a, b, out), a, b, out);
    }

    @Override
    public void gather(Operand x, Operand index, int axis, Operand out) {
        holding(() -> indices.gather(x, index, axis, out), x, index, out);
    }

    @Override
    public void scatterAdd(Operand index, Operand source, int axis, Operand out) {
        holding(() -> indices.scatterAdd(index, source, axis, out), index, source, out);
    }

    @Override
    public void cast(Operand x, Operand out) {
        DType from = x.dtype();
        DType to = out.dtype();
        if (from == to) {
            copy(x, out);
        } else if (from == DType.BOOL) {
            Operand one = constant(to, to.bits(1.0), out.layout());
            Operand zero = constant(to, 0, out.layout());
            where(x, one, zero, out);
            one.storage().release("cast");
            zero.storage().release("cast");
        } else if (to == DType.BOOL && from.isStorageOnly()) {
            Operand number =
                    new Operand(
                            allocate(DType.FLOAT32, x.shape().elementCount()),
                            Layout.contiguous(x.shape()));
            cast(x, number);
            cast(number, out);
            number.storage().release("cast");
        } else if (to == DType.BOOL) {
            Operand zero = constant(from, 0, x.layout());
            BinaryKernel loop = loops.notEqual(from);
            holding(() -> elementwise.binary(loop, x, zero, out), x, zero, out);
            zero.storage().release("cast");
        } else {
            UnaryKernel loop = loops.cast(from, to);
            holding(() -> elementwise.unary(loop, x, out), x, out);
        }
    }

    @Override
    public void copy(Operand x, Operand out) {
        MemorySegment from = segment(x.storage());
        MemorySegment to = segment(out.storage());
        int byteSize = x.dtype().byteSize();
        holding(() -> copies.run(from, x.layout(), to, out.layout(), byteSize), x, out);
    }

    @Override
    public void fill(Operand out, long bits) {
        Layout layout = out.layout();
        Storage storage = out.storage();
        int byteSize = out.dtype().byteSize();
        long count = layout.shape().elementCount();
        if (layout.isContiguous() && layout.offset() == 0 && count == storage.elementCount()) {
            holding(() -> FillLoop.run(segment(storage), 0, bits, byteSize, count), storage);
        } else {
            Operand value = constant(out.dtype(), bits, layout);
            copy(value, out);
            value.storage().release("fill");
        }
    }

    @Override
    public void random(long key, long stream, Operand out) {
        DType dtype = out.dtype();
        long offset = out.layout().offset() * dtype.byteSize();
        MemorySegment target = segment(out.storage()).asSlice(offset);
        Parallel.Body body = (from, to) -> Philox.fill(dtype, key, stream, target, from, to);
        holding(() -> parallel.ranges(out.shape().elementCount(), Philox.GRAIN, body), out);
    }

    @Override
    public void run(Program program, Shape domain, List<Operand> inputs, List<Operand> outputs) {
        if (programs.takes(program, domain)) {
            holding(() -> programs.run(program, domain, inputs, outputs), inputs, outputs);
        } else {
            Backend.super.run(program, domain, inputs, outputs);
        }
    }

    @Override
    public void synchronize() {
        // every method returns when its work is done
    }

    private Operand constant(DType dtype, long bits, Layout shaped) {
        Storage storage = allocate(dtype, 1);
        FillLoop.run(segment(storage), 0, bits, dtype.byteSize(), 1);
        return new Operand(storage, Layout.of(shaped.shape(), new long[shaped.shape().rank()], 0));
    }

    private static MemorySegment segment(Storage storage) {
        return ((CpuStorage) storage).segment();
    }

    /// Runs `work` and keeps `owners` reachable until it ends.
    private static void holding(Runnable work, Object... owners) {
        try {
            work.run();
        } finally {
            Reference.reachabilityFence(owners);
        }
    }
}
