package tensor.testkit;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongUnaryOperator;
import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.spi.Backend;
import tensor.spi.BinaryOp;
import tensor.spi.Operand;
import tensor.spi.PositionOp;
import tensor.spi.Program;
import tensor.spi.ReduceOp;
import tensor.spi.SortOrder;
import tensor.spi.Storage;
import tensor.spi.UnaryOp;

/// The reference backend with one planted fault.
final class FaultyBackend implements Backend {
    /// What goes wrong.
    enum Fault {
        NONE,
        TANH_DROPS_THE_SIGN_OF_ZERO,
        EXP_IS_FIVE_ULP_OFF,
        MAX_FORGETS_NAN,
        ADD_READS_STRIDED_INPUT_AS_DENSE,
        WHERE_EXCHANGES_ITS_INPUTS,
        SUM_LOSES_THE_LAST_ELEMENT,
        REDUCED_MAX_STARTS_AT_ZERO,
        CUM_SUM_FORGETS_THE_LAST,
        POSITION_IS_THAT_OF_THE_LAST,
        SORT_TURNS_EQUAL_ELEMENTS,
        MAT_MUL_IGNORES_THE_STACK,
        GATHER_TAKES_THE_FIRST_AXIS,
        SCATTER_ADD_OVERWRITES,
        CAST_ROUNDS_INSTEAD_OF_TRUNCATING,
        CAST_TO_TWO_BYTES_ROUNDS_TWICE,
        COPY_WRITES_BETWEEN_THE_ELEMENTS,
        FILL_ROUNDS_TO_INTEGERS,
        RANDOM_IGNORES_THE_STREAM,
        UPLOAD_SKIPS_A_BYTE,
        PROGRAM_IS_A_LITTLE_OFF
    }

    private final Backend right = new ReferenceBackend();
    private final Fault fault;

    FaultyBackend(Fault fault) {
        this.fault = fault;
    }

    @Override
    public String name() {
        return "faulty";
    }

    @Override
    public Storage allocate(DType dtype, long elementCount) {
        return new ReferenceStorage(this, dtype, elementCount);
    }

    @Override
    public void upload(MemorySegment host, Storage target) {
        right.upload(host, target);
        if (fault == Fault.UPLOAD_SKIPS_A_BYTE && target.elementCount() > 16) {
            right.fill(new Operand(target, Layout.contiguous(Shape.of(1))), 1);
        }
    }

    @Override
    public void download(Storage source, MemorySegment host) {
        right.download(source, host);
    }

    @Override
    public void run(Program program, Shape domain, List<Operand> inputs, List<Operand> outputs) {
        Backend.super.run(program, domain, inputs, outputs);
        if (fault == Fault.PROGRAM_IS_A_LITTLE_OFF && outputs.getFirst().dtype().isFloating()) {
            change(outputs.getFirst(), y -> y * 1.000001);
        }
    }

    @Override
    public void unary(UnaryOp op, Operand x, Operand out) {
        right.unary(op, x, out);
        if (fault == Fault.TANH_DROPS_THE_SIGN_OF_ZERO && op == UnaryOp.TANH) {
            change(out, y -> y == 0 ? 0 : y);
        }
        if (fault == Fault.EXP_IS_FIVE_ULP_OFF && op == UnaryOp.EXP) {
            change(
                    out,
                    y ->
                            y
                                    + 5
                                            * (out.dtype() == DType.FLOAT32
                                                    ? Math.ulp((float) y)
                                                    : Math.ulp(y)));
        }
    }

    @Override
    public void binary(BinaryOp op, Operand a, Operand b, Operand out) {
        boolean dense = fault == Fault.ADD_READS_STRIDED_INPUT_AS_DENSE && op == BinaryOp.ADD;
        right.binary(
                op, dense ? new Operand(a.storage(), Layout.contiguous(a.shape())) : a, b, out);
        if (fault == Fault.MAX_FORGETS_NAN && op == BinaryOp.MAX && out.dtype().isFloating()) {
            change(out, y -> Double.isNaN(y) ? 0 : y);
        }
    }

    @Override
    public void where(Operand condition, Operand a, Operand b, Operand out) {
        boolean exchange = fault == Fault.WHERE_EXCHANGES_ITS_INPUTS;
        right.where(condition, exchange ? b : a, exchange ? a : b, out);
    }

    @Override
    public void reduce(ReduceOp op, Operand x, int[] axes, Operand out) {
        Operand all = x;
        int first = axes[0];
        if (fault == Fault.SUM_LOSES_THE_LAST_ELEMENT
                && op == ReduceOp.SUM
                && x.shape().size(first) > 1000) {
            all =
                    new Operand(
                            x.storage(), x.layout().slice(first, 0, x.shape().size(first) - 1L, 1));
        }
        right.reduce(op, all, axes, out);
        if (fault == Fault.REDUCED_MAX_STARTS_AT_ZERO
                && op == ReduceOp.MAX
                && out.dtype().isFloating()) {
            change(out, y -> Math.max(y, 0));
        }
    }

    @Override
    public void cumSum(Operand x, int axis, Operand out) {
        right.cumSum(x, axis, out);
        if (fault == Fault.CUM_SUM_FORGETS_THE_LAST && x.dtype().isFloating()) {
            right.binary(BinaryOp.SUB, out, x, out);
        }
    }

    @Override
    public void position(PositionOp op, Operand x, int axis, Operand out) {
        boolean backwards = fault == Fault.POSITION_IS_THAT_OF_THE_LAST;
        int last = x.shape().size(axis) - 1;
        right.position(op, backwards ? flipped(x, axis) : x, axis, out);
        if (backwards) {
            changeIntegers(out, i -> last - i);
        }
    }

    @Override
    public void argSort(SortOrder order, Operand x, int axis, Operand out) {
        boolean turned = fault == Fault.SORT_TURNS_EQUAL_ELEMENTS && x.shape().size(axis) > 0;
        int last = x.shape().size(axis) - 1;
        right.argSort(order, turned ? flipped(x, axis) : x, axis, out);
        if (turned) {
            changeIntegers(out, i -> last - i);
        }
    }

    @Override
    public void matMul(Operand a, Operand b, Operand out) {
        boolean ignore = fault == Fault.MAT_MUL_IGNORES_THE_STACK && a.shape().rank() > 2;
        right.matMul(
                a,
                ignore
                        ? new Operand(
                                b.storage(),
                                Layout.contiguous(b.shape().with(0, 1)).expand(b.shape()))
                        : b,
                out);
        if (ignore) {
            change(out, y -> y + 1);
        }
    }

    @Override
    public void gather(Operand x, Operand index, int axis, Operand out) {
        right.gather(x, index, axis, out);
        if (fault == Fault.GATHER_TAKES_THE_FIRST_AXIS && axis > 0 && out.dtype().isFloating()) {
            change(out, y -> y + 1);
        }
    }

    @Override
    public void scatterAdd(Operand index, Operand source, int axis, Operand out) {
        if (fault == Fault.SCATTER_ADD_OVERWRITES) {
            right.fill(out, 0);
        }
        right.scatterAdd(index, source, axis, out);
    }

    @Override
    public void cast(Operand x, Operand out) {
        if (fault == Fault.CAST_TO_TWO_BYTES_ROUNDS_TWICE && out.dtype().isStorageOnly()) {
            Storage floats = allocate(DType.FLOAT32, x.shape().elementCount());
            Operand once = new Operand(floats, Layout.contiguous(x.shape()));
            right.cast(x, once);
            right.cast(once, out);
            return;
        }
        right.cast(x, out);
        if (fault == Fault.CAST_ROUNDS_INSTEAD_OF_TRUNCATING
                && x.dtype().isFloating()
                && out.dtype() == DType.INT64) {
            Storage half = allocate(x.dtype(), 1);
            right.fill(new Operand(half, Layout.contiguous(Shape.scalar())), x.dtype().bits(0.5));
            Operand sum =
                    new Operand(
                            allocate(x.dtype(), x.shape().elementCount()),
                            Layout.contiguous(x.shape()));
            right.binary(
                    BinaryOp.ADD,
                    x,
                    new Operand(half, Layout.contiguous(Shape.scalar()).expand(x.shape())),
                    sum);
            right.cast(sum, out);
        }
    }

    @Override
    public void copy(Operand x, Operand out) {
        if (fault == Fault.COPY_WRITES_BETWEEN_THE_ELEMENTS && !out.layout().isContiguous()) {
            Shape whole = Shape.of((int) out.storage().elementCount());
            right.fill(new Operand(out.storage(), Layout.contiguous(whole)), 0);
        }
        right.copy(x, out);
    }

    @Override
    public void fill(Operand out, long bits) {
        boolean round = fault == Fault.FILL_ROUNDS_TO_INTEGERS && out.dtype() == DType.FLOAT64;
        right.fill(out, round ? out.dtype().bits(Math.rint(Double.longBitsToDouble(bits))) : bits);
    }

    @Override
    public void random(long key, long stream, Operand out) {
        right.random(key, fault == Fault.RANDOM_IGNORES_THE_STREAM ? 0 : stream, out);
    }

    @Override
    public void synchronize() {
        right.synchronize();
    }

    private static Operand flipped(Operand x, int axis) {
        long last = x.shape().size(axis) - 1L;
        return new Operand(x.storage(), x.layout().slice(axis, last, -1, -1));
    }

    private void changeIntegers(Operand out, LongUnaryOperator change) {
        ReferenceStorage storage = (ReferenceStorage) out.storage();
        for (int i = 0; i < storage.elementCount(); i++) {
            storage.integer(i, change.applyAsLong(storage.integer(i)));
        }
    }

    private void change(Operand out, DoubleUnaryOperator change) {
        ReferenceStorage storage = (ReferenceStorage) out.storage();
        for (int i = 0; i < storage.elementCount(); i++) {
            storage.real(i, change.applyAsDouble(storage.real(i)));
        }
    }
}
