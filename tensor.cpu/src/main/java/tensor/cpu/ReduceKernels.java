package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.VectorOperators;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.spi.Operand;
import tensor.spi.ReduceOp;

/// Sums and maxima along axes, built from the loops of [tensor.spi.BinaryOp#ADD] and [tensor.spi.BinaryOp#MAX].
///
/// Neighbouring axes of one kind are merged; then the last group of reduced axes is folded, and so on to the first.
/// One fold sees `[outer, r, inner]`:
///
/// - *rows*, where `inner` is 1: blocks of 2,048 elements are folded in halves, vector on vector, until fewer than 32
///   are left (128 single bytes); those and the blocks are added in order in float64; results of 65,536 elements by a
///   binary tree.
/// - *columns*: of 64 rows, those that are 8 apart are added in order, and the eight sums are folded in halves. The sums
///   of 64 rows each are rows again.
///
/// So the order of additions follows from the shape and the axes alone, and the error of a sum of `n` numbers grows with
/// `log n`. Sums begin with −0, the neutral element of addition, so that a sum of nothing but −0 is −0. A maximum has no
/// rounding and needs no order; NaN wins.
final class ReduceKernels {
    /// Elements that are folded in halves.
    static final int BLOCK = 2048;

    private static final int CHUNK = 1 << 16;

    /// Up to so many elements a row is folded in one go.
    static final int LONGEST_ROW = CHUNK;

    private static final int ROWS = 64;
    private static final int GROUP = 8;
    private static final int COLUMNS = 1024;

    /// Halves are whole multiples of this, so that no loop runs over into the other half.
    private static final int LANES = 16;

    private static final int VECTOR_BYTES = 64;

    /// Fewer rows do not pay for transposing what is left of them.
    private static final int FEWEST_ROWS = 4;

    private final Once<SideBySide> sums = sideBySide(VectorOperators.ADD, true);
    private final Once<SideBySide> maxima = sideBySide(VectorOperators.MAX, false);
    private final MemoryPool pool;
    private final CopyKernel copies;
    private final Parallel parallel;

    ReduceKernels(MemoryPool pool, CopyKernel copies, Parallel parallel) {
        this.pool = pool;
        this.copies = copies;
        this.parallel = parallel;
    }

    /// Folds `axes` of `x` into `out`.
    ///
    /// @param pairwise the dense loop of the operator and type
    void run(ReduceOp op, BinaryKernel pairwise, Operand x, int[] axes, Operand out) {
        if (out.shape().elementCount() == 0) {
            return;
        }
        Fold fold = new Fold(op, x.dtype(), pairwise);
        MemorySegment target = ((CpuStorage) out.storage()).segment();
        long targetOffset = out.layout().offset() * fold.bytes;
        if (x.shape().elementCount() == 0) {
            long count = out.shape().elementCount();
            MemorySegment zeros = target.asSlice(targetOffset, count * fold.bytes);
            parallel.alone(() -> zeros.fill((byte) 0));
            return;
        }
        List<Long> groups = groups(x.shape(), axes);
        try (Dense dense = Dense.of(x, pool, copies)) {
            fold.groups(dense.segment(), dense.offset(), groups, target, targetOffset);
        }
    }

    /// {@return what folds rows that lie one after the other, on the thread that calls it}
    ///
    /// @param pairwise the dense loop of the operator and type
    RowFold rows(ReduceOp op, DType dtype, BinaryKernel pairwise) {
        var fold = new Fold(op, dtype, pairwise);
        return fold::each;
    }

    private static Once<SideBySide> sideBySide(VectorOperators.Associative op, boolean isSum) {
        return new Once<>(() -> Specialize.copy(Float32RowFold.class, SideBySide.class, op, isSum));
    }

    /// Folds rows of at most [#LONGEST_ROW] elements.
    interface RowFold {
        /// Folds each of some rows.
        ///
        /// @param count how many rows
        /// @param length of a row
        /// @param scratch memory for [#BLOCK] elements
        void fold(
                MemorySegment x,
                long offset,
                int count,
                int length,
                MemorySegment out,
                long outOffset,
                MemorySegment scratch);
    }

    /// Folds several rows of float32 at once, of at most [#BLOCK] elements.
    interface SideBySide extends RowFold {
        /// {@return the fold of what each of some rows is folded to, in order, not rounded}
        ///
        /// @param count how many rows, from 1
        /// @param length of a row
        /// @param scratch memory for [#BLOCK] elements
        double foldAll(MemorySegment x, long offset, int count, int length, MemorySegment scratch);
    }

    /// The sizes of merged axes: kept, reduced, kept, … and a kept one last; 1 where there is none.
    private static List<Long> groups(Shape shape, int[] axes) {
        List<Long> groups = new ArrayList<>();
        long size = 1;
        boolean reducing = false;
        int next = 0;
        for (int axis = 0; axis < shape.rank(); axis++) {
            boolean reduced = next < axes.length && axes[next] == axis;
            next += reduced ? 1 : 0;
            if (shape.size(axis) == 1) {
                continue;
            }
            if (reduced != reducing) {
                groups.add(size);
                size = 1;
                reducing = reduced;
            }
            size *= shape.size(axis);
        }
        groups.add(size);
        if (reducing) {
            groups.add(1L);
        }
        return groups;
    }

    /// One operator on one type. Single values travel as the bits of a double or as a long.
    private final class Fold {
        private final ReduceOp op;
        private final DType dtype;
        private final BinaryKernel pairwise;
        private final int bytes;
        private final int lanes;
        private final long identity;

        private Fold(ReduceOp op, DType dtype, BinaryKernel pairwise) {
            this.op = op;
            this.dtype = dtype;
            this.pairwise = pairwise;
            this.bytes = dtype.byteSize();
            this.lanes = Math.max(LANES, VECTOR_BYTES / bytes);
            this.identity = dtype.bits(op == ReduceOp.SUM ? -0.0 : Double.NEGATIVE_INFINITY);
        }

        /// Folds the last reduced group into scratch memory, or into the target if it is the only one, and goes on.
        private void groups(
                MemorySegment x,
                long xOffset,
                List<Long> groups,
                MemorySegment out,
                long outOffset) {
            int last = groups.size() - 2;
            if (last < 1) { // nothing but axes of size 1 is reduced
                long size = groups.getFirst() * bytes;
                parallel.alone(() -> MemorySegment.copy(x, xOffset, out, outOffset, size));
                return;
            }
            long outer = 1;
            for (long size : groups.subList(0, last)) {
                outer *= size;
            }
            long inner = groups.getLast();
            long r = groups.get(last);
            if (last == 1) {
                one(x, xOffset, outer, r, inner, out, outOffset);
                return;
            }
            List<Long> rest = new ArrayList<>(groups.subList(0, last));
            rest.set(last - 1, rest.get(last - 1) * inner);
            try (MemoryPool.Block scratch = pool.take(outer * inner * bytes)) {
                one(x, xOffset, outer, r, inner, scratch.segment(), 0);
                groups(scratch.segment(), 0, rest, out, outOffset);
            }
        }

        private void one(
                MemorySegment x,
                long xOffset,
                long outer,
                long r,
                long inner,
                MemorySegment out,
                long outOffset) {
            if (inner > 1) {
                columns(x, xOffset, outer, r, inner, out, outOffset);
            } else if (r <= CHUNK) {
                rows(x, xOffset, outer, r, out, outOffset);
            } else {
                longRows(x, xOffset, outer, r, out, outOffset);
            }
        }

        private void each(
                MemorySegment x,
                long offset,
                int count,
                int length,
                MemorySegment out,
                long outOffset,
                MemorySegment scratch) {
            if (dtype == DType.FLOAT32
                    && count >= FEWEST_ROWS
                    && length % Float32RowFold.LEFT == 0
                    && length <= BLOCK
                    && length > 0) {
                sideBySide().fold(x, offset, count, length, out, outOffset, scratch);
                return;
            }
            for (int row = 0; row < count; row++) {
                long value = chunk(x, offset + (long) row * length * bytes, length, scratch);
                store(out, outOffset + (long) row * bytes, value);
            }
        }

        private void rows(
                MemorySegment x,
                long xOffset,
                long outer,
                long r,
                MemorySegment out,
                long outOffset) {
            parallel.ranges(
                    outer,
                    Math.max(1, CHUNK / r),
                    (first, last) -> {
                        try (MemoryPool.Block scratch = pool.take((long) BLOCK * bytes)) {
                            each(
                                    x,
                                    xOffset + first * r * bytes,
                                    (int) (last - first),
                                    (int) r,
                                    out,
                                    outOffset + first * bytes,
                                    scratch.segment());
                        }
                    });
        }

        private void longRows(
                MemorySegment x,
                long xOffset,
                long outer,
                long r,
                MemorySegment out,
                long outOffset) {
            int chunks = Math.toIntExact(Math.ceilDiv(r, CHUNK));
            long[] values = new long[chunks];
            for (long row = 0; row < outer; row++) {
                long rowOffset = xOffset + row * r * bytes;
                parallel.ranges(
                        r,
                        CHUNK,
                        (first, last) -> {
                            try (MemoryPool.Block scratch = pool.take((long) BLOCK * bytes)) {
                                int count = (int) (last - first);
                                long from = rowOffset + first * bytes;
                                values[(int) (first / CHUNK)] =
                                        chunk(x, from, count, scratch.segment());
                            }
                        });
                long at = outOffset + row * bytes;
                parallel.alone(() -> store(out, at, tree(values, 0, chunks)));
            }
        }

        private long tree(long[] values, int from, int to) {
            if (to - from == 1) {
                return values[from];
            }
            int middle = (from + to) >>> 1;
            return combine(tree(values, from, middle), tree(values, middle, to));
        }

        private SideBySide sideBySide() {
            return (op == ReduceOp.SUM ? sums : maxima).get();
        }

        private long chunk(MemorySegment x, long offset, int count, MemorySegment scratch) {
            int first = Math.min(count, BLOCK);
            long value;
            if (dtype == DType.FLOAT32 && count > BLOCK) {
                first = count / BLOCK * BLOCK;
                double all = sideBySide().foldAll(x, offset, first / BLOCK, BLOCK, scratch);
                value = Double.doubleToRawLongBits(all);
            } else {
                value = block(x, offset, first, scratch);
            }
            for (int i = first; i < count; i += BLOCK) {
                long at = offset + (long) i * bytes;
                value = combine(value, block(x, at, Math.min(count - i, BLOCK), scratch));
            }
            return value;
        }

        /// Adds the upper half to the lower half, in whole multiples of the lanes, as long as there are as many.
        private long block(MemorySegment x, long offset, int count, MemorySegment scratch) {
            int half = half(count);
            if (half == 0) {
                return ends(x, offset, count);
            }
            int left = count - half;
            pairwise.run(x, offset, x, offset + (long) left * bytes, scratch, 0, half);
            long halfBytes = (long) half * bytes;
            MemorySegment.copy(
                    x, offset + halfBytes, scratch, halfBytes, (long) (left - half) * bytes);
            for (half = half(left); half > 0; half = half(left)) {
                left -= half;
                pairwise.run(scratch, 0, scratch, (long) left * bytes, scratch, 0, half);
            }
            return ends(scratch, 0, left);
        }

        private int half(int count) {
            return count / (2 * lanes) * lanes;
        }

        private void columns(
                MemorySegment x,
                long xOffset,
                long outer,
                long r,
                long inner,
                MemorySegment out,
                long outOffset) {
            long parts = Math.ceilDiv(r, ROWS);
            if (parts == 1) {
                columnsOnce(x, xOffset, outer, r, inner, out, outOffset);
                return;
            }
            try (MemoryPool.Block scratch = pool.take(outer * parts * inner * bytes)) {
                columnsOnce(x, xOffset, outer, r, inner, scratch.segment(), 0);
                columns(scratch.segment(), 0, outer, parts, inner, out, outOffset);
            }
        }

        /// `[outer, r, inner] → [outer, ⌈r / 64⌉, inner]`.
        private void columnsOnce(
                MemorySegment x,
                long xOffset,
                long outer,
                long r,
                long inner,
                MemorySegment out,
                long outOffset) {
            long parts = Math.ceilDiv(r, ROWS);
            long strips = Math.ceilDiv(inner, COLUMNS);
            int strip = (int) Math.min(inner, COLUMNS);
            long sumBytes = (long) GROUP * strip * bytes;
            parallel.ranges(
                    outer * parts * strips,
                    Math.max(1, CHUNK / (Math.min(r, ROWS) * strip)),
                    (first, last) -> {
                        try (MemoryPool.Block sums = pool.take(sumBytes);
                                MemoryPool.Block group = pool.take(sumBytes)) {
                            for (long i = first; i < last; i++) {
                                long column = i % strips * COLUMNS;
                                long part = i / strips % parts;
                                long o = i / strips / parts;
                                int width = (int) Math.min(strip, inner - column);
                                int height = (int) Math.min(ROWS, r - part * ROWS);
                                long row = o * r + part * ROWS;
                                long from = xOffset + (row * inner + column) * bytes;
                                long to = ((o * parts + part) * inner + column) * bytes;
                                FillLoop.run(
                                        sums.segment(), 0, identity, bytes, (long) GROUP * strip);
                                if (strips == 1) {
                                    addGroups(x, from, strip, height, sums, group);
                                } else {
                                    addRows(x, from, inner * bytes, width, height, sums);
                                }
                                for (int half = GROUP / 2 * strip; half >= strip; half /= 2) {
                                    pairwise.run(
                                            sums.segment(),
                                            0,
                                            sums.segment(),
                                            (long) half * bytes,
                                            sums.segment(),
                                            0,
                                            half);
                                }
                                MemorySegment.copy(
                                        sums.segment(),
                                        0,
                                        out,
                                        outOffset + to,
                                        (long) width * bytes);
                            }
                        }
                    });
        }

        /// Adds 8 rows at once, which lie one after the other.
        private void addGroups(
                MemorySegment x,
                long offset,
                int columns,
                int rows,
                MemoryPool.Block sums,
                MemoryPool.Block group) {
            int count = GROUP * columns;
            int row = 0;
            for (; row + GROUP <= rows; row += GROUP) {
                long at = offset + (long) row * columns * bytes;
                pairwise.run(sums.segment(), 0, x, at, sums.segment(), 0, count);
            }
            if (row < rows) { // filled up, for a loop may run over
                FillLoop.run(group.segment(), 0, identity, bytes, count);
                long at = offset + (long) row * columns * bytes;
                long rest = (long) (rows - row) * columns * bytes;
                MemorySegment.copy(x, at, group.segment(), 0, rest);
                pairwise.run(sums.segment(), 0, group.segment(), 0, sums.segment(), 0, count);
            }
        }

        /// Adds the same part of every row; wide ones, so one at a time.
        private void addRows(
                MemorySegment x,
                long offset,
                long rowBytes,
                int columns,
                int rows,
                MemoryPool.Block sums) {
            for (int row = 0; row < rows; row++) {
                long to = (long) (row % GROUP) * COLUMNS * bytes;
                pairwise.run(
                        sums.segment(),
                        to,
                        x,
                        offset + row * rowBytes,
                        sums.segment(),
                        to,
                        columns);
            }
        }

        private long combine(long a, long b) {
            if (dtype.isInteger()) {
                return op == ReduceOp.SUM ? a + b : Math.max(a, b);
            }
            double x = Double.longBitsToDouble(a);
            double y = Double.longBitsToDouble(b);
            return Double.doubleToRawLongBits(op == ReduceOp.SUM ? x + y : Math.max(x, y));
        }

        /// Few elements, in order.
        private long ends(MemorySegment x, long offset, int count) {
            return switch (dtype) {
                case FLOAT32 -> Double.doubleToRawLongBits(floats(x, offset, count));
                case FLOAT64 -> Double.doubleToRawLongBits(doubles(x, offset, count));
                default -> integers(x, offset, count);
            };
        }

        private double floats(MemorySegment x, long offset, int count) {
            double value = op == ReduceOp.SUM ? -0.0 : Double.NEGATIVE_INFINITY;
            for (int i = 0; i < count; i++) {
                double element = x.get(ValueLayout.JAVA_FLOAT, offset + 4L * i);
                value = op == ReduceOp.SUM ? value + element : Math.max(value, element);
            }
            return value;
        }

        private double doubles(MemorySegment x, long offset, int count) {
            double value = op == ReduceOp.SUM ? -0.0 : Double.NEGATIVE_INFINITY;
            for (int i = 0; i < count; i++) {
                double element = x.get(ValueLayout.JAVA_DOUBLE, offset + 8L * i);
                value = op == ReduceOp.SUM ? value + element : Math.max(value, element);
            }
            return value;
        }

        private long integers(MemorySegment x, long offset, int count) {
            long value = op == ReduceOp.SUM ? 0 : Long.MIN_VALUE;
            for (int i = 0; i < count; i++) {
                long element = integer(x, offset + (long) bytes * i);
                value = op == ReduceOp.SUM ? value + element : Math.max(value, element);
            }
            return value;
        }

        private long integer(MemorySegment x, long offset) {
            return switch (bytes) {
                case 1 -> Byte.toUnsignedLong(x.get(ValueLayout.JAVA_BYTE, offset));
                case 4 -> x.get(ValueLayout.JAVA_INT, offset);
                default -> x.get(ValueLayout.JAVA_LONG, offset);
            };
        }

        private void store(MemorySegment out, long offset, long value) {
            if (dtype == DType.FLOAT32) {
                out.set(ValueLayout.JAVA_FLOAT, offset, (float) Double.longBitsToDouble(value));
                return;
            }
            switch (bytes) {
                case 1 -> out.set(ValueLayout.JAVA_BYTE, offset, (byte) value);
                case 4 -> out.set(ValueLayout.JAVA_INT, offset, (int) value);
                default -> out.set(ValueLayout.JAVA_LONG, offset, value);
            }
        }
    }
}
