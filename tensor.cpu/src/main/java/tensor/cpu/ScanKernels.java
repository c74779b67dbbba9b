package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.spi.Operand;
import tensor.spi.PositionOp;
import tensor.spi.SortOrder;

/// What goes along one axis in order: cumulative sums, positions of extremes, sorting.
///
/// A tensor is seen as lines along the axis, whose elements lie `inner` apart. Lines are independent of each other.
final class ScanKernels {
    private static final long GRAIN_ELEMENTS = 1 << 14;

    private final MemoryPool pool;
    private final CopyKernel copies;
    private final Parallel parallel;

    ScanKernels(MemoryPool pool, CopyKernel copies, Parallel parallel) {
        this.pool = pool;
        this.copies = copies;
        this.parallel = parallel;
    }

    /// What is done with one line. Places and steps are in bytes, of `x` and of `out`.
    private interface Line {
        void run(Lines lines, long at, long outAt);
    }

    /// The lines of an operation.
    ///
    /// @param x the memory of the input
    /// @param dtype its type
    /// @param count how many elements a line has
    /// @param step from one of them to the next, in bytes
    /// @param out the memory of the result
    /// @param outStep from one of its elements to the next, in bytes
    private record Lines(
            MemorySegment x, DType dtype, int count, long step, MemorySegment out, long outStep) {}

    /// `out[.., i, ..]` is the sum of `x[.., 0, ..]` to `x[.., i, ..]`; floats are accumulated in float64.
    void cumSum(Operand x, int axis, Operand out) {
        Line line =
                switch (x.dtype()) {
                    case FLOAT32 -> ScanKernels::sumFloats;
                    case FLOAT64 -> ScanKernels::sumDoubles;
                    case INT64 -> ScanKernels::sumLongs;
                    case FLOAT16, BFLOAT16, INT32, UINT8, BOOL ->
                            throw new IllegalArgumentException(
                                    "cumSum: not defined on " + x.dtype() + "; cast first");
                };
        each(x, axis, out, line);
    }

    private static void sumFloats(Lines lines, long at, long outAt) {
        double sum = -0.0;
        for (int i = 0; i < lines.count; i++) {
            sum += lines.x.get(ValueLayout.JAVA_FLOAT, at + i * lines.step);
            lines.out.set(ValueLayout.JAVA_FLOAT, outAt + i * lines.outStep, (float) sum);
        }
    }

    private static void sumDoubles(Lines lines, long at, long outAt) {
        double sum = -0.0;
        for (int i = 0; i < lines.count; i++) {
            sum += lines.x.get(ValueLayout.JAVA_DOUBLE, at + i * lines.step);
            lines.out.set(ValueLayout.JAVA_DOUBLE, outAt + i * lines.outStep, sum);
        }
    }

    private static void sumLongs(Lines lines, long at, long outAt) {
        long sum = 0;
        for (int i = 0; i < lines.count; i++) {
            sum += lines.x.get(ValueLayout.JAVA_LONG, at + i * lines.step);
            lines.out.set(ValueLayout.JAVA_LONG, outAt + i * lines.outStep, sum);
        }
    }

    /// `out[.., 0, ..]` is the first position of an extreme, or of NaN.
    void position(PositionOp op, Operand x, int axis, Operand out) {
        // negated keys come in the opposite order; NaN has to stay the greatest
        long mask = op == PositionOp.MAX ? 0 : -1;
        each(
                x,
                axis,
                out,
                (lines, at, outAt) -> {
                    long best = Long.MIN_VALUE;
                    int place = 0;
                    for (int i = 0; i < lines.count; i++) {
                        long key = SortKeys.of(lines.x, lines.dtype, at + i * lines.step);
                        boolean nan = key == SortKeys.NAN && lines.dtype.isFloating();
                        long rank = nan ? key : key ^ mask;
                        if (rank > best || i == 0) {
                            best = rank;
                            place = i;
                        }
                    }
                    lines.out.set(ValueLayout.JAVA_LONG, outAt, place);
                });
    }

    /// `out[.., i, ..]` is the position of the element that is the i-th in order; equal ones keep theirs.
    void argSort(SortOrder order, Operand x, int axis, Operand out) {
        long mask = order == SortOrder.ASCENDING ? 0 : -1;
        each(
                x,
                axis,
                out,
                (lines, at, outAt) -> {
                    long[] keys = new long[lines.count];
                    for (int i = 0; i < keys.length; i++) {
                        keys[i] = SortKeys.of(lines.x, lines.dtype, at + i * lines.step) ^ mask;
                    }
                    int[] sorted = SortKeys.sort(keys);
                    for (int i = 0; i < sorted.length; i++) {
                        lines.out.set(ValueLayout.JAVA_LONG, outAt + i * lines.outStep, sorted[i]);
                    }
                });
    }

    private void each(Operand x, int axis, Operand out, Line line) {
        Shape shape = x.shape();
        if (shape.elementCount() == 0) {
            return;
        }
        int count = shape.size(axis);
        long inner = 1;
        for (int i = axis + 1; i < shape.rank(); i++) {
            inner *= shape.size(i);
        }
        long within = inner;
        int bytes = x.dtype().byteSize();
        int outBytes = out.dtype().byteSize();
        int outCount = out.shape().size(axis);
        MemorySegment target = ((CpuStorage) out.storage()).segment();
        long outOffset = out.layout().offset() * outBytes;
        try (Dense dense = Dense.of(x, pool, copies)) {
            Lines lines =
                    new Lines(
                            dense.segment(),
                            x.dtype(),
                            count,
                            within * bytes,
                            target,
                            within * outBytes);
            parallel.ranges(
                    shape.elementCount() / count,
                    Math.max(1, GRAIN_ELEMENTS / count),
                    (first, last) -> {
                        for (long i = first; i < last; i++) {
                            long block = i / within;
                            long column = i % within;
                            long at = dense.offset() + (block * count * within + column) * bytes;
                            long outAt =
                                    outOffset + (block * outCount * within + column) * outBytes;
                            line.run(lines, at, outAt);
                        }
                    });
        }
    }
}
