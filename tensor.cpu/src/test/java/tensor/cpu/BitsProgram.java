package tensor.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.StringJoiner;
import java.util.function.IntToDoubleFunction;
import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.spi.Backend;
import tensor.spi.BinaryOp;
import tensor.spi.Contraction;
import tensor.spi.Extent;
import tensor.spi.Operand;
import tensor.spi.PositionOp;
import tensor.spi.Program;
import tensor.spi.ReduceOp;
import tensor.spi.SortOrder;
import tensor.spi.Step;
import tensor.spi.UnaryOp;

/// Prints a line for each operation: what it is, and a digest of the bits of its result.
///
/// The lines must be the same in every JVM. Argument: `small` or `large`.
final class BitsProgram {
    private static final List<DType> WIDE = List.of(DType.FLOAT32, DType.FLOAT64, DType.INT64);
    private static final List<DType> COMPUTED =
            List.of(DType.FLOAT32, DType.FLOAT64, DType.INT64, DType.INT32, DType.UINT8);
    private static final List<DType> FLOATS = List.of(DType.FLOAT32, DType.FLOAT64);

    private final Backend backend;
    private final List<String> lines = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(20_260_101);

    private BitsProgram(Backend backend) {
        this.backend = backend;
    }

    public static void main(String[] arguments) {
        Backend backend = new CpuProvider().open(0);
        System.out.println(arguments[0].equals("small") ? small(backend) : large(backend));
    }

    /// Every kernel on sizes around a vector and a block; fit for the interpreter.
    static String small(Backend backend) {
        BitsProgram program = new BitsProgram(backend);
        for (int size : new int[] {1, 17, 67}) {
            program.elements(Shape.of(size), UnaryOp.values());
        }
        program.elements(Shape.of(3, 13));
        program.reductions(Shape.of(5, 37));
        program.reductions(Shape.of(70, 3));
        program.reductions(Shape.of(2, 3, 17));
        program.products(Shape.of(3, 5), Shape.of(5, 7));
        program.products(Shape.of(9, 17), Shape.of(17, 34));
        program.products(Shape.of(2, 2, 259), Shape.of(2, 259, 3));
        program.positions(Shape.of(4, 9));
        program.programs(Shape.of(5, 37));
        program.programs(Shape.of(3, 64));
        program.windows(3, 5, 9);
        program.parts(Shape.of(3, 38));
        return program.text();
    }

    /// Sizes above every grain, so that several threads take part, and many blocks.
    static String large(Backend backend) {
        BitsProgram program = new BitsProgram(backend);
        program.elements(
                Shape.of(66_003), UnaryOp.EXP); // one will do: each takes seconds to warm up
        program.elements(Shape.of(311, 213));
        program.reductions(Shape.of(140_007));
        program.reductions(Shape.of(531, 213));
        program.reductions(Shape.of(2, 66_001));
        program.reductions(Shape.of(70, 11, 130));
        program.products(Shape.of(141, 517), Shape.of(517, 613));
        program.products(Shape.of(20, 130, 71), Shape.of(20, 71, 45));
        program.products(Shape.of(7, 3000), Shape.of(3000, 700));
        program.positions(Shape.of(700, 130));
        program.programs(Shape.of(300, 240));
        program.windows(30, 12, 37);
        program.parts(Shape.of(311, 226));
        return program.text();
    }

    private String text() {
        StringJoiner text = new StringJoiner("\n");
        lines.forEach(text::add);
        return text.toString();
    }

    private void elements(Shape shape, UnaryOp... unary) {
        for (DType dtype : FLOATS) {
            Operand x = given(dtype, shape);
            for (UnaryOp op : unary) {
                Operand out = Memory.empty(backend, dtype, shape);
                backend.unary(op, x, out);
                record(op, out);
            }
        }
        for (DType dtype : COMPUTED) {
            Operand a = given(dtype, shape);
            Operand b = given(dtype, shape);
            Operand row = broadcast(given(dtype, Shape.of(shape.size(-1))), shape);
            for (BinaryOp op : BinaryOp.values()) {
                DType result = op.isComparison() ? DType.BOOL : dtype;
                for (Operand right : List.of(b, row)) {
                    boolean mayBeZero = op == BinaryOp.DIV && dtype.isInteger();
                    if (op.isDefinedOn(dtype) && !mayBeZero) {
                        Operand out = Memory.empty(backend, result, shape);
                        backend.binary(op, a, right, out);
                        record(op, out);
                    }
                }
            }
            choices(a, b, row);
        }
        for (DType dtype : List.of(DType.FLOAT16, DType.BFLOAT16)) {
            casts(given(dtype, shape));
        }
        for (DType dtype : WIDE) {
            Operand uniform = Memory.empty(backend, dtype, shape);
            backend.random(7, 11, uniform);
            record("random", uniform);
        }
    }

    private void choices(Operand a, Operand b, Operand row) {
        Shape shape = a.shape();
        Operand less = Memory.empty(backend, DType.BOOL, shape);
        backend.binary(BinaryOp.LESS, a, b, less);
        Operand chosen = Memory.empty(backend, a.dtype(), shape);
        backend.where(less, a, row, chosen);
        record("where", chosen);
        casts(a);
    }

    private void casts(Operand a) {
        Shape shape = a.shape();
        for (DType to : DType.values()) {
            Operand cast = Memory.empty(backend, to, shape);
            backend.cast(a, cast);
            record("cast to " + to, cast);
            Operand back = Memory.empty(backend, a.dtype(), shape);
            backend.cast(cast, back);
            record("cast back", back);
        }
    }

    private void reductions(Shape shape) {
        for (DType dtype : COMPUTED) {
            Operand x = given(dtype, shape);
            for (ReduceOp op : ReduceOp.values()) {
                for (int axis = 0; op.isDefinedOn(dtype) && axis < shape.rank(); axis++) {
                    Operand out = Memory.empty(backend, dtype, shape.with(axis, 1));
                    backend.reduce(op, x, new int[] {axis}, out);
                    record(op, out);
                }
            }
        }
    }

    private void products(Shape left, Shape right) {
        for (DType dtype : FLOATS) {
            Operand a = plain(dtype, left);
            Operand b = plain(dtype, right);
            int[] sizes = left.sizes();
            sizes[sizes.length - 1] = right.size(-1);
            for (Operand second : List.of(b, transposed(b))) {
                Operand out = Memory.empty(backend, dtype, Shape.of(sizes));
                backend.matMul(a, second, out);
                record("matMul", out);
            }
        }
    }

    private void positions(Shape shape) {
        long[] positions = new long[Math.toIntExact(shape.elementCount())];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = random.nextInt(shape.size(0));
        }
        Operand index = Memory.of(backend, shape, positions);
        for (DType dtype : COMPUTED) {
            Operand x = given(dtype, shape);
            Operand out = Memory.empty(backend, dtype, shape);
            backend.gather(x, index, 0, out);
            record("gather", out);
            backend.scatterAdd(index, x, 0, out);
            record("scatterAdd", out);
            scans(x);
        }
    }

    private void scans(Operand x) {
        for (int axis = 0; axis < x.shape().rank(); axis++) {
            if (WIDE.contains(x.dtype())) {
                Operand sums = Memory.empty(backend, x.dtype(), x.shape());
                backend.cumSum(x, axis, sums);
                record("cumSum", sums);
            }
            for (PositionOp op : PositionOp.values()) {
                Operand first = Memory.empty(backend, DType.INT64, x.shape().with(axis, 1));
                backend.position(op, x, axis, first);
                record(op, first);
            }
            for (SortOrder order : SortOrder.values()) {
                Operand sorted = Memory.empty(backend, DType.INT64, x.shape());
                backend.argSort(order, x, axis, sorted);
                record(order, sorted);
            }
        }
    }

    /// A function of what each row is less than its greatest number, with all else that the loop of a program may have.
    private void programs(Shape shape) {
        for (DType dtype : FLOATS) {
            for (UnaryOp op : UnaryOp.values()) {
                Operand out = Memory.empty(backend, dtype, shape);
                Operand sums = Memory.empty(backend, dtype, shape.with(1, 1));
                Operand x = plain(dtype, shape);
                backend.run(program(op, dtype), shape, List.of(x), List.of(out, sums));
                record("program of " + op, out);
                record("its sums", sums);
            }
        }
    }

    private static Program program(UnaryOp op, DType dtype) {
        return new Program(
                List.of(
                        new Step.Input(0, dtype, Extent.ALL),
                        new Step.Fold(ReduceOp.MAX, 0, dtype),
                        new Step.Spread(1, dtype),
                        new Step.Map2(BinaryOp.SUB, 2, 0, dtype, Extent.ALL),
                        new Step.Map1(op, 3, dtype, Extent.ALL),
                        new Step.Constant(dtype.bits(0.5), dtype),
                        new Step.Map2(BinaryOp.LESS, 4, 5, DType.BOOL, Extent.ALL),
                        new Step.Map2(BinaryOp.MUL, 4, 3, dtype, Extent.ALL),
                        new Step.Where(6, 7, 4, dtype, Extent.ALL),
                        new Step.Fold(ReduceOp.SUM, 8, dtype),
                        new Step.Spread(9, dtype),
                        new Step.Map2(BinaryOp.DIV, 8, 10, dtype, Extent.ALL)),
                List.of(new Program.Output(11, Extent.ALL), new Program.Output(9, Extent.ROW)));
    }

    /// Products of kernels of 3 × 3 with windows of two images, which lie on top of each other.
    private void windows(int channels, int high, int wide) {
        for (DType dtype : FLOATS) {
            Operand images = plain(dtype, Shape.of(2, channels, high, wide));
            Layout view = images.layout().windows(2, 3, 1, 1).windows(3, 3, 1, 1);
            Operand kernels = plain(dtype, Shape.of(7, channels, 3, 3));
            Operand out = Memory.empty(backend, dtype, Shape.of(2, 7, high - 2, wide - 2));
            Contraction by =
                    new Contraction(
                            List.of(0, 1, 2, 3), List.of(4, 1, 5, 6, 2, 3), List.of(4, 0, 5, 6));
            backend.contract(by, kernels, Memory.view(images, view), out);
            record("contract", out);
        }
    }

    /// Every second column, and every second row the other way.
    private void parts(Shape shape) {
        for (DType dtype : COMPUTED) {
            Operand x = given(dtype, shape);
            for (int axis = 0; axis < 2; axis++) {
                Layout part = x.layout().slice(axis, 0, shape.size(axis), 2);
                Operand out = Memory.empty(backend, dtype, part.shape());
                backend.copy(Memory.view(x, part), out);
                record("part", out);
                backend.binary(BinaryOp.ADD, Memory.view(x, part), out, out);
                record("added to itself", out);
                backend.copy(out, Memory.view(x, part));
                record("put back", x);
            }
        }
    }

    /// The same numbers behind swapped strides.
    private Operand transposed(Operand x) {
        int rank = x.shape().rank();
        int[] axes = new int[rank];
        for (int axis = 0; axis < rank; axis++) {
            axes[axis] = axis < rank - 2 ? axis : 2 * rank - 3 - axis;
        }
        Layout swapped = x.layout().permute(axes);
        Operand copy = Memory.empty(backend, x.dtype(), swapped.shape());
        backend.copy(Memory.view(x, swapped), copy);
        return Memory.view(copy, copy.layout().permute(axes));
    }

    private static Operand broadcast(Operand row, Shape shape) {
        return Memory.view(row, row.layout().expand(shape));
    }

    private Operand given(DType dtype, Shape shape) {
        double[] specials = {
            Double.NaN, 0, -0.0, 1e-40, 1e-310, 1e30, -1e19, Double.POSITIVE_INFINITY
        };
        return fill(dtype, shape, i -> i % 11 == 5 ? specials[i / 11 % 8] : ordinary());
    }

    private Operand plain(DType dtype, Shape shape) {
        return fill(dtype, shape, _ -> ordinary());
    }

    private double ordinary() {
        return random.nextDouble(-1, 1) * Math.scalb(1.0, random.nextInt(-8, 12));
    }

    private Operand fill(DType dtype, Shape shape, IntToDoubleFunction value) {
        int count = Math.toIntExact(shape.elementCount());
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = value.applyAsDouble(i);
        }
        Operand doubles = Memory.of(backend, shape, values);
        if (dtype == DType.FLOAT64) {
            return doubles;
        }
        Operand out = Memory.empty(backend, dtype, shape);
        backend.cast(doubles, out);
        return out;
    }

    private void record(Object name, Operand out) {
        long digest = Memory.digest(backend, out);
        lines.add("%s %s %s %016x".formatted(name, out.dtype(), out.shape(), digest));
    }
}
