package tensor.cpu;

import java.lang.foreign.MemorySegment;
import tensor.layout.Layout;

/// Copies elements from one layout to another; their bits pass unchanged.
///
/// Axes that lie without a gap on both sides are merged first. What is left is one of three: rows that are contiguous on
/// both sides, or one element again and again; a [plane][PlaneCopy] that is contiguous along different axes; or strided
/// rows.
final class CopyKernel {
    private static final long GRAIN_ELEMENTS = 1 << 16;

    /// An element that is repeated as often is a row of its own.
    private static final int SHORTEST_REPEAT = 16;

    private final Parallel parallel;
    private final PlaneCopy planes;

    CopyKernel(Parallel parallel) {
        this.parallel = parallel;
        this.planes = new PlaneCopy(parallel);
    }

    /// Copies all elements of `from` in `source` to their places of `to` in `target`; equal shapes.
    ///
    /// @param byteSize of an element: 1, 2, 4 or 8
    void run(MemorySegment source, Layout from, MemorySegment target, Layout to, int byteSize) {
        if (from.shape().elementCount() == 0) {
            return;
        }
        if (from.isContiguous() && to.isContiguous()) {
            long bytes = from.shape().elementCount() * byteSize;
            long start = from.offset() * byteSize;
            long end = to.offset() * byteSize;
            parallel.alone(() -> MemorySegment.copy(source, start, target, end, bytes));
            return;
        }
        Walk walk = Walk.of(from, to);
        int inner = walk.rank() - 1;
        int along = walk.axisOfSourceStride1();
        boolean repeats = walk.sourceStrides[inner] == 0 && walk.sizes[inner] >= SHORTEST_REPEAT;
        if (walk.targetStrides[inner] == 1 && along >= 0 && along != inner && !repeats) {
            planes.run(source, target, walk, along, byteSize);
        } else {
            rows(source, target, walk, byteSize);
        }
    }

    /// Copies a run of elements again and again, until there are `count`.
    void repeat(
            MemorySegment source,
            long offset,
            long run,
            MemorySegment target,
            long count,
            int byteSize) {
        parallel.alone(() -> repeated(source, offset, run, target, count, byteSize));
    }

    private static void repeated(
            MemorySegment source,
            long offset,
            long run,
            MemorySegment target,
            long count,
            int byteSize) {
        if (run == 1) {
            FillLoop.run(target, 0, Dense.element(source, offset, byteSize), byteSize, count);
            return;
        }
        long bytes = count * byteSize;
        long done = Math.min(run * byteSize, bytes);
        MemorySegment.copy(source, offset, target, 0, done);
        while (done < bytes) { // what is there already, so the steps double
            long step = Math.min(done, bytes - done);
            MemorySegment.copy(target, 0, target, done, step);
            done += step;
        }
    }

    private void rows(MemorySegment source, MemorySegment target, Walk walk, int byteSize) {
        int inner = walk.rank() - 1;
        int count = walk.sizes[inner];
        long sourceStep = walk.sourceStrides[inner];
        long targetStep = walk.targetStrides[inner];
        Rows rows = rows(sourceStep, targetStep, byteSize);
        Walk outer = walk.without(inner);
        if (count <= GRAIN_ELEMENTS) {
            shortRows(source, target, rows, outer, count, byteSize);
        } else {
            longRows(
                    source,
                    target,
                    rows,
                    outer,
                    count,
                    sourceStep * byteSize,
                    targetStep * byteSize,
                    byteSize);
        }
    }

    private void shortRows(
            MemorySegment source,
            MemorySegment target,
            Rows rows,
            Walk outer,
            int count,
            int byteSize) {
        int last = outer.rank() - 1;
        long sourceNext = last < 0 ? 0 : outer.sourceStrides[last] * byteSize;
        long targetNext = last < 0 ? 0 : outer.targetStrides[last] * byteSize;
        Idle<Walk.Position> places = new Idle<>(() -> outer.position(0));
        parallel.ranges(
                outer.count(),
                Math.max(1, GRAIN_ELEMENTS / count),
                (first, end) -> {
                    Walk.Position p = places.take();
                    p.go(first);
                    for (long row = first; row < end; ) {
                        int together = last < 0 ? 1 : (int) Math.min(p.left(), end - row);
                        long s = p.source() * byteSize;
                        rows.copy(
                                source,
                                s,
                                sourceNext,
                                target,
                                p.target() * byteSize,
                                targetNext,
                                together,
                                count);
                        row += together;
                        if (row < end) {
                            p.advance(together);
                        }
                    }
                    places.giveBack(p);
                });
    }

    /// Row by row, each in parts.
    private void longRows(
            MemorySegment source,
            MemorySegment target,
            Rows rows,
            Walk outer,
            int count,
            long sourceStep,
            long targetStep,
            int byteSize) {
        long parts = Math.ceilDiv((long) count, GRAIN_ELEMENTS);
        Idle<Walk.Position> places = new Idle<>(() -> outer.position(0));
        parallel.ranges(
                outer.count() * parts,
                1,
                (first, last) -> {
                    Walk.Position p = places.take();
                    p.go(first / parts);
                    for (long part = first; part < last; part++) {
                        long from = part % parts * GRAIN_ELEMENTS;
                        rows.copy(
                                source,
                                p.source() * byteSize + from * sourceStep,
                                0,
                                target,
                                p.target() * byteSize + from * targetStep,
                                0,
                                1,
                                Math.min(count - from, GRAIN_ELEMENTS));
                        if ((part + 1) % parts == 0) {
                            p.advance();
                        }
                    }
                    places.giveBack(p);
                });
    }

    /// Copies rows of `count` elements each; offsets and distances in bytes.
    interface Rows {
        /// Copies.
        void copy(
                MemorySegment source,
                long s,
                long sNext,
                MemorySegment target,
                long t,
                long tNext,
                int rows,
                long count);
    }

    /// How rows are copied; steps in elements.
    static Rows rows(long sourceStep, long targetStep, int byteSize) {
        if (byteSize == Integer.BYTES) { // these hold nothing, so they are no new objects
            if (sourceStep == 1 && targetStep == 1) {
                return (source, s, sNext, target, t, tNext, rows, n) ->
                        RowCopy.LOOPS.dense(
                                source, s, sNext, target, t, tNext, rows, n * Integer.BYTES);
            }
            if (sourceStep == 2 && targetStep == 1) {
                return (source, s, sNext, target, t, tNext, rows, n) ->
                        RowCopy.LOOPS.fromEverySecond(
                                source, s, sNext, target, t, tNext, rows, n * Integer.BYTES);
            }
            if (sourceStep == 1 && targetStep == 2) {
                return (source, s, sNext, target, t, tNext, rows, n) ->
                        RowCopy.LOOPS.toEverySecond(
                                source, s, sNext, target, t, tNext, rows, n * Integer.BYTES);
            }
        }
        return (source, s, sNext, target, t, tNext, rows, n) -> {
            for (int r = 0; r < rows; r++) {
                row(
                        source,
                        s + r * sNext,
                        sourceStep,
                        target,
                        t + r * tNext,
                        targetStep,
                        n,
                        byteSize);
            }
        };
    }

    /// One row; offsets in bytes, steps in elements.
    private static void row(
            MemorySegment source,
            long s,
            long sourceStep,
            MemorySegment target,
            long t,
            long targetStep,
            long n,
            int byteSize) {
        if (sourceStep == 1 && targetStep == 1) {
            MemorySegment.copy(source, s, target, t, n * byteSize);
        } else if (sourceStep == 0 && targetStep == 1 && n * byteSize >= FillLoop.BYTES) {
            long bits = Dense.element(source, s, byteSize);
            FillLoop.exactly(target, t, bits, byteSize, n);
        } else {
            long from = sourceStep * byteSize;
            long to = targetStep * byteSize;
            StridedRow.copy(source, s, from, target, t, to, (int) n, byteSize);
        }
    }
}
