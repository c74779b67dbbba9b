package tensor.api;

import java.lang.ref.Reference;
import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.layout.ShapeException;
import tensor.spi.Backend;
import tensor.spi.BinaryOp;
import tensor.spi.Contraction;
import tensor.spi.Operand;
import tensor.spi.PositionOp;
import tensor.spi.ReduceOp;
import tensor.spi.SortOrder;
import tensor.spi.Storage;
import tensor.spi.UnaryOp;

/// The one door to a backend: checks, computes one primitive, records it.
final class Dispatch {
    private Dispatch() {}

    /// {@return the result of a primitive, recorded if an input is tracked and recording is on}
    ///
    /// @param op the primitive
    /// @param in its inputs, all alive and on one device; the array is kept
    static Tensor apply(Op op, Tensor... in) {
        Device device = in[0].device();
        boolean tracked = false;
        for (Tensor x : in) {
            x.checkAlive();
            Checks.sameDevice(op, in[0], x);
            tracked |= x.tracked();
        }
        Operand out;
        try {
            out = compute(op, in, device);
        } finally {
            Reference.reachabilityFence(in); // the cleaner must not take memory that a kernel reads
        }
        Node node = tracked && out.dtype().isFloating() && Recording.on() ? new Node(op, in) : null;
        Tensor result = Tensor.made(op instanceof Op.Transfer(Device to) ? to : device, out, node);
        if (AnomalyMode.on()) {
            AnomalyMode.check(op, in, result);
        }
        return result;
    }

    /// {@return whether an operation on `x` would be recorded, or looked at}
    static boolean records(Tensor x) {
        return (x.tracked() && Recording.on()) || AnomalyMode.on();
    }

    /// {@return the elements of `x` elsewhere: a view that is not recorded}
    ///
    /// @param layout where they are in its memory
    static Tensor view(Tensor x, Layout layout) {
        x.checkAlive();
        return Tensor.made(x.device(), view(x.data(), layout), null);
    }

    /// {@return new memory for a dense result, owned by the current scope}
    static Operand fresh(Device device, DType dtype, Shape shape) {
        Storage storage = allocate(device, dtype, shape);
        TensorScope.own(storage);
        return new Operand(storage, Layout.contiguous(shape));
    }

    private static Storage allocate(Device device, DType dtype, Shape shape) {
        if (shape.elementCount() > Long.MAX_VALUE / dtype.byteSize()) {
            throw new ShapeException(
                    "%s %s takes more than %d bytes".formatted(shape, dtype, Long.MAX_VALUE),
                    shape);
        }
        try {
            return device.backend().allocate(dtype, shape.elementCount());
        } catch (OutOfMemoryError e) {
            var error = new OutOfMemoryError("%s %s: %s".formatted(shape, dtype, e.getMessage()));
            error.initCause(e);
            throw error;
        }
    }

    private static Operand compute(Op op, Tensor[] in, Device device) {
        Backend backend = device.backend();
        Operand x = in[0].data();
        return switch (op) {
            case Op.Map1(UnaryOp f) -> {
                Checks.floating(op, in[0]);
                Operand out = fresh(device, x.dtype(), x.shape());
                backend.unary(f, x, out);
                yield out;
            }
            case Op.Map2(BinaryOp f) -> {
                Checks.sameShape(op, in[0], in[1]);
                Operand out = fresh(device, f.isComparison() ? DType.BOOL : x.dtype(), x.shape());
                backend.binary(f, x, in[1].data(), out);
                yield out;
            }
            case Op.Where() -> {
                Checks.sameShape(op, in[0], in[1]);
                Checks.sameShape(op, in[0], in[2]);
                Operand out = fresh(device, in[1].dtype(), x.shape());
                backend.where(x, in[1].data(), in[2].data(), out);
                yield out;
            }
            case Op.Reduce(ReduceOp f, Axes axes) -> {
                Operand out = fresh(device, x.dtype(), axes.folded(x.shape()));
                backend.reduce(f, x, axes.numbers(), out);
                yield out;
            }
            case Op.CumSum(int axis) -> {
                Operand out = fresh(device, x.dtype(), x.shape());
                backend.cumSum(x, axis, out);
                yield out;
            }
            case Op.Position(PositionOp f, int axis) -> {
                Operand out = fresh(device, DType.INT64, x.shape().with(axis, 1));
                backend.position(f, x, axis, out);
                yield out;
            }
            case Op.ArgSort(SortOrder order, int axis) -> {
                Operand out = fresh(device, DType.INT64, x.shape());
                backend.argSort(order, x, axis, out);
                yield out;
            }
            case Op.MatMul() -> {
                Operand b = in[1].data();
                Operand out = fresh(device, x.dtype(), Checks.product(x.shape(), b.shape()));
                backend.matMul(x, b, out);
                yield out;
            }
            case Op.Contract(Contraction by) -> {
                Checks.floating(op, in[0]);
                Operand out = fresh(device, x.dtype(), Checks.contraction(by, in[0], in[1]));
                backend.contract(by, x, in[1].data(), out);
                yield out;
            }
            case Op.Gather(int axis) -> {
                Checks.index(op, in[1], in[0], axis, "x");
                Operand out = fresh(device, x.dtype(), in[1].shape());
                backend.gather(x, in[1].data(), axis, out);
                yield out;
            }
            case Op.ScatterAdd(int axis) -> {
                Checks.index(op, in[1], in[0], axis, "the tensor");
                Checks.sameShape(op, in[1], in[2]);
                Operand out = fresh(device, x.dtype(), x.shape());
                backend.copy(x, out);
                backend.scatterAdd(in[1].data(), in[2].data(), axis, out);
                yield out;
            }
            case Op.Cast(DType to) -> {
                Operand out = fresh(device, to, x.shape());
                backend.cast(x, out);
                yield out;
            }
            case Op.Copy() -> {
                Operand out = fresh(device, x.dtype(), x.shape());
                backend.copy(x, out);
                yield out;
            }
            case Op.Transfer(Device to) -> Host.transfer(in[0], to);
            case Op.Reshape(Shape to) -> view(x, x.layout().reshape(to).orElseThrow());
            case Op.Permute(Axes axes) -> view(x, x.layout().permute(axes.numbers()));
            case Op.Expand(Shape to) -> view(x, x.layout().expand(to));
            case Op.Slice(int axis, long start, long end, long step) ->
                    view(x, x.layout().slice(axis, start, end, step));
            case Op.Windows(int axis, int size, int step, int dilation) ->
                    view(x, x.layout().windows(axis, size, step, dilation));
            case Op.Pad(Shape to, int axis, long start, long step, double value) -> {
                Operand out = fresh(device, x.dtype(), to);
                long end = start + x.shape().size(axis) * step;
                Layout rest = rest(out.layout(), axis, start, end, step);
                if (rest.shape().elementCount() > 0) {
                    backend.fill(view(out, rest), x.dtype().bits(value));
                }
                backend.copy(x, view(out, out.layout().slice(axis, start, end, step)));
                yield out;
            }
            case Op.Concat(int axis) -> {
                Operand out = fresh(device, x.dtype(), Checks.joined(in, axis));
                long start = 0;
                for (Tensor part : in) {
                    long end = start + part.size(axis);
                    backend.copy(part.data(), view(out, out.layout().slice(axis, start, end, 1)));
                    start = end;
                }
                yield out;
            }
            case Op.Ours(_, _), Op.Fused(_, _), Op.Whole(_, _), Op.Custom(_, _) ->
                    throw new AssertionError("what has a derivative of its own computes itself");
        };
    }

    /// {@return where a padded tensor has its padding, or more than that} Most are padded on one side.
    private static Layout rest(Layout all, int axis, long start, long end, long step) {
        long size = all.shape().size(axis);
        if (step == 1 && (start == 0 || end == size)) {
            return all.slice(axis, start == 0 ? end : 0, start == 0 ? size : start, 1);
        }
        return all;
    }

    private static Operand view(Operand of, Layout layout) {
        return new Operand(of.storage(), layout);
    }
}
