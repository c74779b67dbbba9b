package tensor.gpu;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.spi.Backend;
import tensor.spi.BinaryOp;
import tensor.spi.Capture;
import tensor.spi.Operand;
import tensor.spi.PositionOp;
import tensor.spi.Program;
import tensor.spi.ReduceOp;
import tensor.spi.SortOrder;
import tensor.spi.Step;
import tensor.spi.Storage;
import tensor.spi.UnaryOp;

/// The backend of one device behind a [Driver].
///
/// The bits of a result are the same from run to run on one device; another device may round functions and order sums
/// differently. What may be an error of its elements (positions, divisors) waits for the device; everything else returns as
/// soon as it is launched.
public final class GpuBackend implements Backend {
    /// The types that stand for all of their size, where elements are moved and not looked at.
    static final List<DType> BITS = List.of(DType.UINT8, DType.FLOAT16, DType.INT32, DType.INT64);

    private final String name;
    private final Recorder driver;
    private final DeviceMemory memory;
    private final Kernels kernels;
    private final Programs programs;
    private final Primitives primitives;
    private final Reductions reductions;
    private final AxisKernels axes;
    private final IndexKernels indices;
    private final MatrixProducts products;
    private final Moves moves;
    private final RandomNumbers random;

    /// Makes the backend of a device.
    ///
    /// @param name of the device, as in `Device.of(name)`
    /// @param driver which no one else uses
    /// @param debug whether returned memory is overwritten, so that who reads it gets NaN
    public GpuBackend(String name, Driver driver, boolean debug) {
        this(name, driver, driver.traits(), debug);
    }

    /// Makes the backend of a device with the kernels for other traits than its own, for tests.
    ///
    /// @param name as above
    /// @param of as above
    /// @param traits in place of the driver's
    /// @param debug as above
    public GpuBackend(String name, Driver of, DeviceTraits traits, boolean debug) {
        this.name = name;
        this.driver = new Recorder(of);
        this.memory = new DeviceMemory(of, debug); // what it fills is not done again
        this.kernels = new Kernels(driver);
        RowFolding folding = RowFolding.of(traits.kind());
        this.programs = Programs.of(traits, kernels, folding);
        this.primitives = new Primitives(kernels, folding);
        this.reductions = new Reductions(this, kernels, folding, primitives);
        this.axes = new AxisKernels(this, kernels);
        this.indices = new IndexKernels(this, kernels, new Faults(driver, memory));
        this.products = new MatrixProducts(this, driver, kernels, traits);
        this.moves = new Moves(kernels);
        this.random = new RandomNumbers(kernels);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Storage allocate(DType dtype, long elementCount) {
        long byteSize = Math.multiplyExact(elementCount, (long) dtype.byteSize());
        return new GpuStorage(this, dtype, elementCount, memory.take(byteSize));
    }

    @Override
    public void upload(MemorySegment host, Storage target) {
        long byteSize = target.byteSize();
        if (byteSize > 0) {
            Driver.Memory to = ((GpuStorage) target).memory();
            holding(() -> driver.upload(host.asSlice(0, byteSize), to), target);
        }
    }

    @Override
    public void download(Storage source, MemorySegment host) {
        long byteSize = source.byteSize();
        if (byteSize > 0) {
            Driver.Memory from = ((GpuStorage) source).memory();
            holding(() -> driver.download(from, host.asSlice(0, byteSize)), source);
        }
    }

    @Override
    public void unary(UnaryOp op, Operand x, Operand out) {
        map(primitives.unary(op, x.dtype()), out, x);
    }

    @Override
    public void binary(BinaryOp op, Operand a, Operand b, Operand out) {
        if (op == BinaryOp.DIV && b.dtype().isInteger()) {
            holding(() -> indices.checkDivisor(b), b);
        }
        map(primitives.binary(op, a.dtype()), out, a, b);
    }

    @Override
    public void where(Operand condition, Operand a, Operand b, Operand out) {
        map(primitives.where(bits(a.dtype())), out, condition, a, b);
    }

    @Override
    public void reduce(ReduceOp op, Operand x, int[] axes, Operand out) {
        if (!op.isDefinedOn(x.dtype())) {
            throw new IllegalArgumentException(
                    "%s: not defined on %s; cast first".formatted(op, x.dtype()));
        }
        holding(() -> reductions.run(op, x, axes, out), x, out);
    }

    @Override
    public void cumSum(Operand x, int axis, Operand out) {
        holding(() -> axes.cumSum(x, axis, out), x, out);
    }

    @Override
    public void position(PositionOp op, Operand x, int axis, Operand out) {
        holding(() -> axes.position(op, x, axis, out), x, out);
    }

    @Override
    public void argSort(SortOrder order, Operand x, int axis, Operand out) {
        holding(() -> axes.argSort(order, x, axis, out), x, out);
    }

    @Override
    public void matMul(Operand a, Operand b, Operand out) {
        holding(() -> products.run(a, b, out), a, b, out);
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
        if (x.dtype() == out.dtype()) {
            copy(x, out);
        } else {
            holding(() -> moves.cast(x, out), x, out);
        }
    }

    @Override
    public void copy(Operand x, Operand out) {
        map(primitives.copy(bits(x.dtype())), out, x);
    }

    @Override
    public void fill(Operand out, long bits) {
        holding(() -> moves.fill(out, bits), out);
    }

    @Override
    public void random(long key, long stream, Operand out) {
        holding(() -> random.run(key, stream, out), out);
    }

    @Override
    public void run(Program program, Shape domain, List<Operand> inputs, List<Operand> outputs) {
        if (isOnePass(program, domain) && programs.takes(program, domain, inputs.size())) {
            holding(() -> programs.run(program, domain, inputs, outputs), inputs, outputs);
        } else {
            Backend.super.run(program, domain, inputs, outputs);
        }
    }

    /// {@return whether it may be one launch} Not where rows are folded in parts, nor with division of whole numbers, which may
    /// be an error.
    private static boolean isOnePass(Program program, Shape domain) {
        return !(program.hasRows() && domain.size(domain.rank() - 1) > RowText.LONGEST)
                && program.steps().stream().noneMatch(GpuBackend::mayFail);
    }

    private static boolean mayFail(Step step) {
        return step instanceof Step.Map2(BinaryOp op, _, _, var dtype, _)
                && op == BinaryOp.DIV
                && dtype.isInteger();
    }

    @Override
    public Optional<Capture> capture(List<Storage> given, Runnable body) {
        List<Driver.Memory> memories =
                given.stream().map(storage -> ((GpuStorage) storage).memory()).toList();
        return Optional.of(GpuCapture.of(driver, memory, memories, body));
    }

    @Override
    public void synchronize() {
        driver.synchronize();
    }

    private void map(Driver.Kernel kernel, Operand out, Operand... inputs) {
        List<Operand> operands = new ArrayList<>(List.of(out));
        operands.addAll(List.of(inputs));
        holding(() -> kernels.elements(kernel, operands), operands);
    }

    /// {@return the memory in which an operand lies}
    static Driver.Memory memory(Operand operand) {
        return ((GpuStorage) operand.storage()).memory();
    }

    /// {@return the one of [#BITS] that has the size of a type}
    static DType bits(DType dtype) {
        return BITS.stream()
                .filter(each -> each.byteSize() == dtype.byteSize())
                .findFirst()
                .orElseThrow();
    }

    /// Runs `work` and keeps `owners` reachable until it is launched.
    private static void holding(Runnable work, Object... owners) {
        try {
            work.run();
        } finally {
            Reference.reachabilityFence(owners);
        }
    }
}
