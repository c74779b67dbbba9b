package tensor.testkit;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tensor.api.RandomKey;
import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.spi.Backend;
import tensor.spi.BinaryOp;
import tensor.spi.Operand;
import tensor.spi.PositionOp;
import tensor.spi.ReduceOp;
import tensor.spi.SortOrder;
import tensor.spi.Storage;
import tensor.spi.UnaryOp;

/// The oracle: every primitive as its definition says, one element after another.
///
/// Floating point is computed and accumulated in float64 and rounded once, at the end. Slow on
/// purpose: nothing here is clever, so that reading it is checking it.
public final class ReferenceBackend implements Backend {

    /// Makes a backend with memory of its own.
    public ReferenceBackend() {}

    @Override
    public String name() {
        return "reference";
    }

    @Override
    public Storage allocate(DType dtype, long elementCount) {
        return new ReferenceStorage(this, dtype, elementCount);
    }

    @Override
    public void upload(MemorySegment host, Storage target) {
        ((ReferenceStorage) target).read(host);
    }

    @Override
    public void download(Storage source, MemorySegment host) {
        ((ReferenceStorage) source).write(host);
    }

    @Override
    public void unary(UnaryOp op, Operand x, Operand out) {
        long[] from = places(x);
        long[] to = places(out);
        for (int i = 0; i < to.length; i++) {
            double value = memory(x).real(from[i]);
            memory(out).real(to[i], compute(op, value));
        }
    }

    private static double compute(UnaryOp op, double x) {
        return switch (op) {
            case NEG -> -x;
            case EXP -> Math.exp(x);
            case LOG -> Math.log(x);
            case SIN -> Math.sin(x);
            case COS -> Math.cos(x);
            case SQRT -> Math.sqrt(x);
            case TANH -> Math.tanh(x);
            case EXPM1 -> Math.expm1(x);
            case LOG1P -> Math.log1p(x);
            case ERF -> ErrorFunction.of(x);
        };
    }

    @Override
    public void binary(BinaryOp op, Operand a, Operand b, Operand out) {
        long[] left = places(a);
        long[] right = places(b);
        long[] to = places(out);
        for (int i = 0; i < to.length; i++) {
            if (a.dtype().isFloating()) {
                double x = memory(a).real(left[i]);
                double y = memory(b).real(right[i]);
                if (op.isComparison()) {
                    memory(out).integer(to[i], compare(op, x, y) ? 1 : 0);
                } else {
                    memory(out).real(to[i], compute(op, x, y));
                }
            } else {
                memory(out)
                        .integer(
                                to[i],
                                compute(
                                        op,
                                        a.dtype(),
                                        memory(a).integer(left[i]),
                                        memory(b).integer(right[i])));
            }
        }
    }

    private static double compute(BinaryOp op, double a, double b) {
        return switch (op) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> a / b;
            case MAX -> Math.max(a, b);
            case POW -> power(a, b);
            case LESS, EQUAL -> throw new AssertionError(op + " gives bool");
        };
    }

    /// Java's power but where C's is 1 and Java's NaN.
    private static double power(double a, double b) {
        return a == 1 || (a == -1 && Double.isInfinite(b)) ? 1 : Math.pow(a, b);
    }

    private static boolean compare(BinaryOp op, double a, double b) {
        return op == BinaryOp.LESS ? a < b : a == b;
    }

    private static long compute(BinaryOp op, DType dtype, long a, long b) {
        return switch (op) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> {
                if (b == 0) {
                    throw new ArithmeticException(
                            "div: " + dtype + " is divided by 0; compare with 0 first");
                }
                yield a / b;
            }
            case MAX -> Math.max(a, b);
            case POW -> throw new AssertionError("pow is for floating point");
            case LESS -> a < b ? 1 : 0;
            case EQUAL -> a == b ? 1 : 0;
        };
    }

    @Override
    public void where(Operand condition, Operand a, Operand b, Operand out) {
        long[] which = places(condition);
        long[] left = places(a);
        long[] right = places(b);
        long[] to = places(out);
        for (int i = 0; i < to.length; i++) {
            if (memory(condition).integer(which[i]) != 0) {
                memory(out).element(to[i], memory(a), left[i]);
            } else {
                memory(out).element(to[i], memory(b), right[i]);
            }
        }
    }

    @Override
    public void reduce(ReduceOp op, Operand x, int[] axes, Operand out) {
        long[] from = places(x);
        // the place in out of each element of x: out seen in x's shape, folded axes repeated
        long[] to = places(new Operand(out.storage(), out.layout().expand(x.shape())));
        double[] reals = new double[(int) out.storage().elementCount()];
        double[] lost =
                new double[reals.length]; // of sums, to rounding: what makes this exact enough
        long[] integers = new long[reals.length];
        boolean[] begun = new boolean[reals.length];
        for (int i = 0; i < from.length; i++) {
            int at = (int) to[i];
            if (x.dtype().isFloating()) {
                double value = memory(x).real(from[i]);
                if (begun[at] && op == ReduceOp.SUM) {
                    lost[at] += lostBySum(reals[at], value);
                }
                reals[at] =
                        !begun[at]
                                ? value
                                : op == ReduceOp.SUM
                                        ? reals[at] + value
                                        : Math.max(reals[at], value);
            } else {
                long value = memory(x).integer(from[i]);
                integers[at] =
                        !begun[at]
                                ? value
                                : op == ReduceOp.SUM
                                        ? integers[at] + value
                                        : Math.max(integers[at], value);
            }
            begun[at] = true;
        }
        for (long place : places(out)) {
            if (x.dtype().isFloating()) {
                int at = (int) place;
                memory(out).real(place, lost[at] == 0 ? reals[at] : reals[at] + lost[at]);
            } else {
                memory(out).integer(place, integers[(int) place]);
            }
        }
    }

    /// The difference between `a + b` and its rounded value, which is a double; 0 where the sum is
    /// not finite.
    private static double lostBySum(double a, double b) {
        double sum = a + b;
        double part = sum - a;
        return Double.isFinite(sum) ? (a - (sum - part)) + (b - part) : 0;
    }

    @Override
    public void cumSum(Operand x, int axis, Operand out) {
        Index line = new Index(x.shape().with(axis, Math.min(1, x.shape().size(axis))));
        while (line.next()) {
            int[] at = line.numbers();
            double real = 0;
            long integer = 0;
            for (int i = 0; i < x.shape().size(axis); i++) {
                at[axis] = i;
                long from = x.layout().place(at);
                long to = out.layout().place(at);
                if (x.dtype().isFloating()) {
                    real = i == 0 ? memory(x).real(from) : real + memory(x).real(from);
                    memory(out).real(to, real);
                } else {
                    integer += memory(x).integer(from);
                    memory(out).integer(to, integer);
                }
            }
        }
    }

    @Override
    public void position(PositionOp op, Operand x, int axis, Operand out) {
        Index line = new Index(out.shape());
        while (line.next()) {
            int best = 0;
            for (int i = 1; i < x.shape().size(axis); i++) {
                if (!isNaN(x, axis, line, best)) {
                    int order = order(x, axis, line, i, best);
                    boolean better = op == PositionOp.MAX ? order > 0 : order < 0;
                    best = better || isNaN(x, axis, line, i) ? i : best;
                }
            }
            memory(out).integer(out.layout().place(line.numbers()), best);
        }
    }

    @Override
    public void argSort(SortOrder order, Operand x, int axis, Operand out) {
        Index line = new Index(x.shape().with(axis, Math.min(1, x.shape().size(axis))));
        while (line.next()) {
            Comparator<Integer> ascending = (a, b) -> order(x, axis, line, a, b);
            List<Integer> sorted = new ArrayList<>();
            for (int i = 0; i < x.shape().size(axis); i++) {
                sorted.add(i);
            }
            sorted.sort(order == SortOrder.ASCENDING ? ascending : ascending.reversed());
            int[] at = line.numbers();
            for (int i = 0; i < sorted.size(); i++) {
                at[axis] = i;
                memory(out).integer(out.layout().place(at), sorted.get(i));
            }
        }
    }

    /// {@return the place of the `i`-th element of a line}
    private static long place(Operand x, int axis, Index line, int i) {
        int[] at = line.numbers();
        at[axis] = i;
        return x.layout().place(at);
    }

    private static boolean isNaN(Operand x, int axis, Index line, int i) {
        return x.dtype().isFloating() && Double.isNaN(memory(x).real(place(x, axis, line, i)));
    }

    /// How two elements of a line compare: NaN is the greatest, zeros of both signs are equal.
    private static int order(Operand x, int axis, Index line, int i, int j) {
        long left = place(x, axis, line, i);
        long right = place(x, axis, line, j);
        return x.dtype().isFloating()
                ? Double.compare(memory(x).real(left) + 0.0, memory(x).real(right) + 0.0)
                : Long.compare(memory(x).integer(left), memory(x).integer(right));
    }

    @Override
    public void matMul(Operand a, Operand b, Operand out) {
        int rank = out.shape().rank();
        int inner = a.shape().size(-1);
        long along = a.layout().stride(-1);
        long down = b.layout().stride(-2);
        Index at = new Index(out.shape());
        while (at.next()) {
            int[] left = at.numbers(); // [.., row, 0]
            left[rank - 1] = 0;
            int[] right = at.numbers(); // [.., 0, column]
            right[rank - 2] = 0;
            long x = a.layout().place(left);
            long y = b.layout().place(right);
            double sum = 0;
            for (int k = 0; k < inner; k++) {
                sum += memory(a).real(x + k * along) * memory(b).real(y + k * down);
            }
            memory(out).real(out.layout().place(at.numbers()), sum);
        }
    }

    @Override
    public void gather(Operand x, Operand index, int axis, Operand out) {
        Index at = new Index(out.shape());
        while (at.next()) {
            int[] from = at.numbers();
            from[axis] = position(index, at, axis, x.shape());
            memory(out)
                    .element(out.layout().place(at.numbers()), memory(x), x.layout().place(from));
        }
    }

    @Override
    public void scatterAdd(Operand index, Operand source, int axis, Operand out) {
        Index at = new Index(index.shape());
        while (at.next()) {
            int[] target = at.numbers();
            target[axis] = position(index, at, axis, out.shape());
            long to = out.layout().place(target);
            long from = source.layout().place(at.numbers());
            if (out.dtype().isFloating()) {
                memory(out).real(to, memory(out).real(to) + memory(source).real(from));
            } else {
                memory(out).integer(to, memory(out).integer(to) + memory(source).integer(from));
            }
        }
    }

    private static int position(Operand index, Index at, int axis, Shape shape) {
        long position = memory(index).integer(index.layout().place(at.numbers()));
        if (position < 0 || position >= shape.size(axis)) {
            throw new IndexOutOfBoundsException(
                    "index "
                            + position
                            + " is outside axis "
                            + axis
                            + " of "
                            + shape
                            + ", which has "
                            + shape.size(axis)
                            + " elements");
        }
        return (int) position;
    }

    @Override
    public void cast(Operand x, Operand out) {
        long[] from = places(x);
        long[] to = places(out);
        for (int i = 0; i < to.length; i++) {
            if (ReferenceStorage.isReal(x.dtype())) {
                cast(memory(x).real(from[i]), memory(out), to[i]);
            } else {
                cast(memory(x).integer(from[i]), memory(out), to[i]);
            }
        }
    }

    private static void cast(double value, ReferenceStorage out, long place) {
        switch (out.dtype()) {
            case FLOAT32, FLOAT64, FLOAT16, BFLOAT16 -> out.real(place, value);
            case INT64 -> out.integer(place, (long) value);
            case INT32 -> out.integer(place, (int) value);
            case UINT8 -> out.integer(place, Math.clamp((long) value, 0, 255));
            case BOOL -> out.integer(place, value == 0 ? 0 : 1);
        }
    }

    private static void cast(long value, ReferenceStorage out, long place) {
        switch (out.dtype()) {
            case FLOAT32 -> out.real(place, (float) value); // rounded once, not by way of double
            case FLOAT64 -> out.real(place, (double) value);
            case FLOAT16, BFLOAT16 -> out.bits(place, HalfFormat.of(out.dtype()).bits(value));
            case INT64, INT32, UINT8 -> out.integer(place, value);
            case BOOL -> out.integer(place, value == 0 ? 0 : 1);
        }
    }

    @Override
    public void copy(Operand x, Operand out) {
        long[] from = places(x);
        long[] to = places(out);
        for (int i = 0; i < to.length; i++) {
            memory(out).element(to[i], memory(x), from[i]);
        }
    }

    @Override
    public void fill(Operand out, long bits) {
        for (long place : places(out)) {
            memory(out).bits(place, bits);
        }
    }

    @Override
    public void random(long key, long stream, Operand out) {
        RandomKey numbers = new RandomKey(key, stream);
        long[] to = places(out);
        for (int i = 0; i < to.length; i++) {
            switch (out.dtype()) {
                case FLOAT32 -> {
                    long pair = numbers.bits(i / 2);
                    int word = (int) (i % 2 == 0 ? pair : pair >>> 32);
                    memory(out).real(to[i], (word >>> 8) * 0x1p-24);
                }
                case FLOAT64 -> memory(out).real(to[i], numbers.uniform(i));
                case INT64 -> memory(out).integer(to[i], numbers.bits(i));
                case FLOAT16, BFLOAT16, INT32, UINT8, BOOL ->
                        throw new IllegalArgumentException(
                                "random: not defined on " + out.dtype() + "; cast afterwards");
            }
        }
    }

    @Override
    public void synchronize() {
        // everything is done when its call returns
    }

    private static ReferenceStorage memory(Operand operand) {
        return (ReferenceStorage) operand.storage();
    }

    /// {@return the place of each element, in row-major order}
    private static long[] places(Operand operand) {
        Layout layout = operand.layout();
        long[] places = new long[Math.toIntExact(layout.shape().elementCount())];
        Index at = new Index(layout.shape());
        for (int i = 0; at.next(); i++) {
            places[i] = layout.place(at.numbers());
        }
        return places;
    }
}
