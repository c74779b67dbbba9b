package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.spi.Backend;
import tensor.spi.BinaryOp;
import tensor.spi.Capture;
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

    private final Recorder recorder = new Recorder();
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
        this.pool = new MemoryPool(debug, KEPT_IDLE_BYTES, recorder);
        this.parallel = new Parallel(threads, recorder);
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
        long bytes = target.byteSize();
        CpuCapture capture = recorder.current();
        if (capture == null) {
            holding(() -> MemorySegment.copy(host, 0, to, 0, bytes), target);
            return;
        }
        byte[] kept = host.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE);
        MemorySegment from = MemorySegment.ofArray(kept);
        Runnable copy = () -> MemorySegment.copy(from, 0, to, 0, bytes);
        Operand all = new Operand(target, Layout.contiguous(Shape.of())); // names the storage
        run(new Uploaded(ByteBuffer.wrap(kept)), () -> parallel.alone(copy), all);
    }

    @Override
    public void download(Storage source, MemorySegment host) {
        CpuCapture capture = recorder.current();
        if (capture != null) {
            throw capture.refuse(
                    "capture: elements are read on the host, which cannot be done again; return the tensor and read it afterwards");
        }
        MemorySegment from = segment(source);
        holding(() -> MemorySegment.copy(from, 0, host, 0, source.byteSize()), source);
    }

    @Override
    public void unary(UnaryOp op, Operand x, Operand out) {
        UnaryKernel loop = loops.unary(op, x.dtype());
        if (Dense.repeats(x)) {
            run(op, () -> elementwise.unary(loop, x, out), x, out);
        } else {
            runBlocks(singles.unary(op, x.dtype()), List.of(x), out);
        }
    }

    @Override
    public void binary(BinaryOp op, Operand a, Operand b, Operand out) {
        BinaryKernel loop = loops.binary(op, a.dtype());
        if (Dense.repeats(a) && Dense.repeats(b)) {
            run(op, () -> elementwise.binary(loop, a, b, out), a, b, out);
        } else {
            runBlocks(singles.binary(op, a.dtype()), List.of(a, b), out);
        }
    }

    @Override
    public void where(Operand condition, Operand a, Operand b, Operand out) {
        WhereKernel loop = loops.where(a.dtype());
        if (Dense.repeats(condition) && Dense.repeats(a) && Dense.repeats(b)) {
            run("where", () -> elementwise.where(loop, condition, a, b, out), condition, a, b, out);
        } else {
            runBlocks(singles.where(a.dtype()), List.of(condition, a, b), out);
        }
    }

    /// Elements of the host.
    private record Uploaded(ByteBuffer elements) {
        @Override
        public String toString() {
            byte[] all = new byte[elements.remaining()];
            elements.duplicate().get(all);
            return "upload " + Arrays.toString(all);
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
        Object what = recorder.current() == null ? op : List.of(op, Arrays.toString(axes));
        run(what, () -> reductions.run(op, pairwise, x, axes, out), x, out);
    }

    @Override
    public void cumSum(Operand x, int axis, Operand out) {
        run(List.of("cumSum", axis), () -> scans.cumSum(x, axis, out), x, out);
    }

    @Override
    public void position(PositionOp op, Operand x, int axis, Operand out) {
        run(List.of(op, axis), () -> scans.position(op, x, axis, out), x, out);
    }

    @Override
    public void argSort(SortOrder order, Operand x, int axis, Operand out) {
        run(List.of(order, axis), () -> scans.argSort(order, x, axis, out), x, out);
    }

    @Override
    public void matMul(Operand a, Operand b, Operand out) {
        MatMulKernel kernel = (a.dtype() == DType.FLOAT32 ? matMul32 : matMul64).get();
        run("matMul", () -> kernel.run(a, b, out), a, b, out);
    }

    @Override
    public void contract(Contraction by, Operand a, Operand b, Operand out) {
        MatMulKernel kernel = (a.dtype() == DType.FLOAT32 ? matMul32 : matMul64).get();
        run(by, () -> kernel.run(by, a, b, out), a, b, out);
    }

    @Override
    public void gather(Operand x, Operand index, int axis, Operand out) {
        run(List.of("gather", axis), () -> indices.gather(x, index, axis, out), x, index, out);
    }

    @Override
    public void scatterAdd(Operand index, Operand source, int axis, Operand out) {
        run(
                List.of("scatterAdd", axis),
                () -> indices.scatterAdd(index, source, axis, out),
                index,
                source,
                out);
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
            run("cast", () -> elementwise.binary(loop, x, zero, out), x, zero, out);
            zero.storage().release("cast");
        } else {
            UnaryKernel loop = loops.cast(from, to);
            run("cast", () -> elementwise.unary(loop, x, out), x, out);
        }
    }

    @Override
    public void copy(Operand x, Operand out) {
        MemorySegment from = segment(x.storage());
        MemorySegment to = segment(out.storage());
        int byteSize = x.dtype().byteSize();
        run("copy", () -> copies.run(from, x.layout(), to, out.layout(), byteSize), x, out);
    }

    @Override
    public void fill(Operand out, long bits) {
        Layout layout = out.layout();
        Storage storage = out.storage();
        int byteSize = out.dtype().byteSize();
        long count = layout.shape().elementCount();
        if (layout.isContiguous() && layout.offset() == 0 && count == storage.elementCount()) {
            MemorySegment to = segment(storage);
            Runnable loop = () -> FillLoop.run(to, 0, bits, byteSize, count);
            run(bits, () -> parallel.alone(loop), out);
        } else if (layout.isContiguous() && count * byteSize >= FillLoop.BYTES) {
            MemorySegment to = segment(storage);
            long start = layout.offset() * byteSize;
            Runnable loop = () -> FillLoop.exactly(to, start, bits, byteSize, count);
            run(bits, () -> parallel.alone(loop), out);
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
        long count = out.shape().elementCount();
        run(List.of(key, stream), () -> parallel.ranges(count, Philox.GRAIN, body), out);
    }

    @Override
    public void run(Program program, Shape domain, List<Operand> inputs, List<Operand> outputs) {
        if (programs.takes(program, domain)) {
            CpuCapture capture = recorder.current();
            if (capture != null) {
                capture.ask(
                        List.of(program.steps(), program.outputs()),
                        Stream.concat(inputs.stream(), outputs.stream()));
            }
            holding(() -> programs.run(program, domain, inputs, outputs), inputs, outputs);
        } else {
            Backend.super.run(program, domain, inputs, outputs);
        }
    }

    @Override
    public Optional<Capture> capture(List<Storage> given, Runnable body) {
        return Optional.of(CpuCapture.of(recorder, parallel, pool, given, body));
    }

    @Override
    public void synchronize() {
        // every method returns when its work is done
    }

    private Operand constant(DType dtype, long bits, Layout shaped) {
        Storage storage = allocate(dtype, 1);
        MemorySegment to = segment(storage);
        Layout layout = Layout.of(shaped.shape(), new long[shaped.shape().rank()], 0);
        Operand constant = new Operand(storage, layout);
        Runnable loop = () -> FillLoop.run(to, 0, bits, dtype.byteSize(), 1);
        run(bits, () -> parallel.alone(loop), constant);
        return constant;
    }

    private static MemorySegment segment(Storage storage) {
        return ((CpuStorage) storage).segment();
    }

    /// Does an operation, which a thread that is recorded writes down.
    ///
    /// @param what it is, and what the host says in it
    private void run(Object what, Runnable work, Operand... operands) {
        CpuCapture capture = recorder.current();
        if (capture != null) {
            capture.ask(what, Stream.of(operands));
        }
        holding(work, (Object[]) operands);
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
