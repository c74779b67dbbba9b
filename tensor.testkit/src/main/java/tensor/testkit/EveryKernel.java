package tensor.testkit;

import java.util.List;
import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.spi.Backend;
import tensor.spi.BinaryOp;
import tensor.spi.Extent;
import tensor.spi.Operand;
import tensor.spi.PositionOp;
import tensor.spi.Program;
import tensor.spi.ReduceOp;
import tensor.spi.SortOrder;
import tensor.spi.Step;
import tensor.spi.UnaryOp;

/// Calls all that a backend computes, once for each of its types, at small sizes that are no multiples of anything: so a tool
/// that watches memory, or a compiler, sees every kernel.
public final class EveryKernel {
    private static final Shape MATRIX = Shape.of(5, 37);

    private final Backend backend;

    private EveryKernel(Backend backend) {
        this.backend = backend;
    }

    /// Calls everything, and waits for it.
    ///
    /// @param backend of any device
    public static void of(Backend backend) {
        var every = new EveryKernel(backend);
        every.folds();
        every.products();
        every.elements();
        every.positions();
        every.programs();
        backend.synchronize();
    }

    /// Calls programs of elements and of rows, of short types and of long ones, and waits for them.
    ///
    /// @param backend of any device
    public static void programs(Backend backend) {
        new EveryKernel(backend).programs();
        backend.synchronize();
    }

    /// Calls a product that is large enough for a kernel of its own, but too large for a tool that takes its time.
    ///
    /// @param backend of any device
    public static void largeProduct(Backend backend) {
        var every = new EveryKernel(backend);
        Operand x = every.ones(DType.FLOAT32, Shape.of(128, 128, 3));
        backend.matMul(x, seen(x), every.fresh(DType.FLOAT32, 128, 128, 128));
        backend.synchronize();
    }

    /// Calls what differs between kinds of devices, and waits for it.
    ///
    /// @param backend of any device
    public static void foldsAndProducts(Backend backend) {
        var every = new EveryKernel(backend);
        every.folds();
        every.products();
        backend.synchronize();
    }

    /// Calls products of matrices, and waits for them.
    ///
    /// @param backend of any device
    public static void products(Backend backend) {
        new EveryKernel(backend).products();
        backend.synchronize();
    }

    private void elements() {
        for (DType dtype : DType.values()) {
            Operand x = ones(dtype, MATRIX);
            Operand y = fresh(dtype, MATRIX);
            backend.copy(x, y);
            backend.where(ones(DType.BOOL, MATRIX), x, ones(dtype, MATRIX), y);
            for (DType to : DType.values()) {
                backend.cast(x, fresh(to, MATRIX));
            }
            for (BinaryOp op : BinaryOp.values()) {
                if (op.isDefinedOn(dtype)) {
                    DType result = op.isComparison() ? DType.BOOL : dtype;
                    backend.binary(op, x, y, fresh(result, MATRIX));
                }
            }
            if (dtype.isFloating()) {
                for (UnaryOp op : UnaryOp.values()) {
                    backend.unary(op, x, y);
                }
            }
        }
        backend.random(1, 2, fresh(DType.FLOAT32, Shape.of(7)));
        backend.random(1, 2, fresh(DType.FLOAT64, Shape.of(7)));
        backend.random(1, 2, fresh(DType.INT64, Shape.of(7)));
    }

    private void folds() {
        for (ReduceOp op : ReduceOp.values()) {
            for (DType dtype : DType.values()) {
                if (op.isDefinedOn(dtype)) {
                    backend.reduce(op, ones(dtype, MATRIX), new int[] {1}, fresh(dtype, 5, 1));
                    backend.reduce(op, ones(dtype, MATRIX), new int[] {0}, fresh(dtype, 1, 37));
                }
            }
        }
        for (int length : new int[] {3, 70, 1100}) {
            softmax(DType.FLOAT32, length);
        }
        Shape high = Shape.of(70, 3);
        backend.reduce(
                ReduceOp.SUM, ones(DType.FLOAT32, high), new int[] {0}, fresh(DType.FLOAT32, 1, 3));
    }

    private void programs() {
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
            softmax(dtype, 3);
            softmax(dtype, 70);
            Operand x = ones(dtype, MATRIX);
            backend.run(square(dtype), MATRIX, List.of(x), List.of(fresh(dtype, MATRIX)));
        }
    }

    private static Program square(DType dtype) {
        return new Program(
                List.of(
                        new Step.Input(0, dtype, Extent.ALL),
                        new Step.Map2(BinaryOp.MUL, 0, 0, dtype, Extent.ALL)),
                List.of(new Program.Output(1, Extent.ALL)));
    }

    private void softmax(DType dtype, int length) {
        Shape rows = Shape.of(3, length);
        Operand x = ones(dtype, rows);
        backend.run(softmax(dtype), rows, List.of(x), List.of(fresh(dtype, rows)));
    }

    private static Program softmax(DType dtype) {
        return new Program(
                List.of(
                        new Step.Input(0, dtype, Extent.ALL),
                        new Step.Fold(ReduceOp.MAX, 0, dtype),
                        new Step.Spread(1, dtype),
                        new Step.Map2(BinaryOp.SUB, 0, 2, dtype, Extent.ALL),
                        new Step.Map1(UnaryOp.EXP, 3, dtype, Extent.ALL),
                        new Step.Fold(ReduceOp.SUM, 4, dtype),
                        new Step.Spread(5, dtype),
                        new Step.Map2(BinaryOp.DIV, 4, 6, dtype, Extent.ALL)),
                List.of(new Program.Output(7, Extent.ALL)));
    }

    private void products() {
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
            Operand a = ones(dtype, Shape.of(2, 9, 19));
            Operand b = ones(dtype, Shape.of(2, 19, 67));
            backend.matMul(a, b, fresh(dtype, 2, 9, 67));
            Operand turned = new Operand(b.storage(), b.layout().permute(0, 2, 1));
            backend.matMul(turned, seen(a), fresh(dtype, 2, 67, 9));
        }
    }

    private static Operand seen(Operand a) {
        return new Operand(a.storage(), a.layout().permute(0, 2, 1));
    }

    private void positions() {
        for (DType dtype : DType.values()) {
            Operand x = ones(dtype, MATRIX);
            Operand index = ones(DType.INT64, Shape.of(5, 2));
            backend.gather(x, index, 1, fresh(dtype, 5, 2));
            if (dtype.isFloating() || dtype.isInteger()) {
                backend.scatterAdd(index, ones(dtype, Shape.of(5, 2)), 1, x);
                backend.position(PositionOp.MAX, x, 1, fresh(DType.INT64, 5, 1));
                backend.argSort(SortOrder.DESCENDING, x, 1, fresh(DType.INT64, MATRIX));
            }
            if (dtype.isFloating() || dtype == DType.INT64) {
                backend.cumSum(x, 1, fresh(dtype, MATRIX));
            }
        }
    }

    private Operand ones(DType dtype, Shape shape) {
        Operand x = fresh(dtype, shape);
        backend.fill(x, dtype.bits(1.0));
        return x;
    }

    private Operand fresh(DType dtype, int... sizes) {
        return fresh(dtype, Shape.of(sizes));
    }

    private Operand fresh(DType dtype, Shape shape) {
        return new Operand(backend.allocate(dtype, shape.elementCount()), Layout.contiguous(shape));
    }
}
