package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.spi.Operand;

/// Reading and adding along one axis at positions that a tensor tells.
///
/// The index tensor is walked side by side with the places that its elements count from. Where the index is the same for
/// whole rows of the axes behind `axis` (the rows of a table), rows move at once.
final class IndexKernels {
    private static final long GRAIN_ELEMENTS = 1 << 15;

    private final MemoryPool pool;
    private final CopyKernel copies;
    private final Parallel parallel;

    IndexKernels(MemoryPool pool, CopyKernel copies, Parallel parallel) {
        this.pool = pool;
        this.copies = copies;
        this.parallel = parallel;
    }

    /// `out[.., i, ..] = x[.., index[.., i, ..], ..]`.
    void gather(Operand x, Operand index, int axis, Operand out) {
        if (index.shape().elementCount() == 0) {
            return;
        }
        int bytes = x.dtype().byteSize();
        Along along = Along.of(index.layout(), x.layout(), axis);
        MemorySegment positions = segment(index);
        MemorySegment from = segment(x);
        MemorySegment to = segment(out);
        long toOffset = out.layout().offset() * bytes;
        long step = along.row * bytes;
        Idle<Walk.Position> places = new Idle<>(() -> along.walk.position(0));
        parallel.ranges(
                along.walk.count(),
                Math.max(1, GRAIN_ELEMENTS / along.row),
                (first, last) -> {
                    Walk.Position p = places.take();
                    p.go(first);
                    for (long i = first; i < last; i++) {
                        long position = positions.get(ValueLayout.JAVA_LONG, 8 * p.source());
                        long at = (p.target() + along.shift(position)) * bytes;
                        move(from, at, to, toOffset + i * step, along.row, bytes);
                        p.advance();
                    }
                    places.giveBack(p);
                });
    }

    /// `out[.., index[.., i, ..], ..] += source[.., i, ..]`, in the order of the index.
    void scatterAdd(Operand index, Operand source, int axis, Operand out) {
        if (index.shape().elementCount() == 0) {
            return;
        }
        Along along = Along.of(index.layout(), out.layout(), axis);
        MemorySegment positions = segment(index);
        MemorySegment to = segment(out);
        int bytes = out.dtype().byteSize();
        long count = along.walk.count();
        Walk.Position p = along.walk.position(0);
        try (Dense dense = Dense.of(source, pool, copies)) {
            parallel.alone(() -> {
                p.go(0);
                for (long i = 0; i < count; i++) {
                    long position = positions.get(ValueLayout.JAVA_LONG, 8 * p.source());
                    long at = (p.target() + along.shift(position)) * bytes;
                    long from = dense.offset() + i * along.row * bytes;
                    add(out.dtype(), dense.segment(), from, to, at, along.row);
                    p.advance();
                }
            });
        }
    }

    private static MemorySegment segment(Operand operand) {
        return ((CpuStorage) operand.storage()).segment();
    }

    private static void move(
            MemorySegment from, long at, MemorySegment to, long toOffset, long row, int bytes) {
        if (row > 1) {
            MemorySegment.copy(from, at, to, toOffset, row * bytes);
            return;
        }
        switch (bytes) {
            case 1 -> to.set(ValueLayout.JAVA_BYTE, toOffset, from.get(ValueLayout.JAVA_BYTE, at));
            case 2 ->
                    to.set(ValueLayout.JAVA_SHORT, toOffset, from.get(ValueLayout.JAVA_SHORT, at));
            case 4 -> to.set(ValueLayout.JAVA_INT, toOffset, from.get(ValueLayout.JAVA_INT, at));
            default -> to.set(ValueLayout.JAVA_LONG, toOffset, from.get(ValueLayout.JAVA_LONG, at));
        }
    }

    private static void add(
            DType dtype, MemorySegment from, long at, MemorySegment to, long toOffset, long row) {
        switch (dtype) {
            case FLOAT32 -> floats(from, at, to, toOffset, row);
            case FLOAT64 -> doubles(from, at, to, toOffset, row);
            case INT64 -> longs(from, at, to, toOffset, row);
            case INT32 -> ints(from, at, to, toOffset, row);
            case UINT8 -> bytes(from, at, to, toOffset, row);
            case FLOAT16, BFLOAT16, BOOL ->
                    throw new IllegalArgumentException(
                            "scatterAdd: not defined on " + dtype + "; cast first");
        }
    }

    private static void floats(MemorySegment from, long at, MemorySegment to, long t, long row) {
        for (long i = 0; i < 4 * row; i += 4) {
            float sum =
                    to.get(ValueLayout.JAVA_FLOAT, t + i)
                            + from.get(ValueLayout.JAVA_FLOAT, at + i);
            to.set(ValueLayout.JAVA_FLOAT, t + i, sum);
        }
    }

    private static void doubles(MemorySegment from, long at, MemorySegment to, long t, long row) {
        for (long i = 0; i < 8 * row; i += 8) {
            double sum =
                    to.get(ValueLayout.JAVA_DOUBLE, t + i)
                            + from.get(ValueLayout.JAVA_DOUBLE, at + i);
            to.set(ValueLayout.JAVA_DOUBLE, t + i, sum);
        }
    }

    private static void longs(MemorySegment from, long at, MemorySegment to, long t, long row) {
        for (long i = 0; i < 8 * row; i += 8) {
            long sum =
                    to.get(ValueLayout.JAVA_LONG, t + i) + from.get(ValueLayout.JAVA_LONG, at + i);
            to.set(ValueLayout.JAVA_LONG, t + i, sum);
        }
    }

    private static void ints(MemorySegment from, long at, MemorySegment to, long t, long row) {
        for (long i = 0; i < 4 * row; i += 4) {
            int sum = to.get(ValueLayout.JAVA_INT, t + i) + from.get(ValueLayout.JAVA_INT, at + i);
            to.set(ValueLayout.JAVA_INT, t + i, sum);
        }
    }

    private static void bytes(MemorySegment from, long at, MemorySegment to, long t, long row) {
        for (long i = 0; i < row; i++) {
            int sum =
                    to.get(ValueLayout.JAVA_BYTE, t + i) + from.get(ValueLayout.JAVA_BYTE, at + i);
            to.set(ValueLayout.JAVA_BYTE, t + i, (byte) sum);
        }
    }

    /// The walk over the index (its source) and the places that indices count from (its target), a step an index.
    ///
    /// @param row how many neighbouring elements one index moves
    /// @param table the shape that indices point into
    /// @param stride from one position to the next, in elements
    private record Along(Walk walk, long row, int axis, Shape table, long stride) {

        /// @param table what the index points into
        private static Along of(Layout index, Layout table, int axis) {
            Shape shape = index.shape();
            int[] sizes = shape.sizes();
            long[] steps = index.strides();
            long[] bases = table.strides();
            long row = 1;
            int rank = sizes.length;
            boolean rows = true;
            for (int i = rank - 1; i > axis && rows; i--) {
                rows =
                        sizes[i] == table.shape().size(i)
                                && (sizes[i] == 1 || (steps[i] == 0 && bases[i] == row));
                row *= sizes[i];
            }
            if (rows) {
                rank = axis + 1;
            } else {
                row = 1;
            }
            long stride = bases[axis];
            bases[axis] = 0;
            Shape walked = Shape.of(Arrays.copyOf(sizes, rank));
            Walk walk =
                    Walk.of(
                            Layout.of(walked, Arrays.copyOf(steps, rank), index.offset()),
                            Layout.of(walked, Arrays.copyOf(bases, rank), table.offset()));
            return new Along(walk, row, axis, table.shape(), stride);
        }

        /// How far the element at this position lies from where positions count from.
        private long shift(long position) {
            int size = table.size(axis);
            if (position < 0 || position >= size) {
                throw new IndexOutOfBoundsException(
                        "index "
                                + position
                                + " is outside axis "
                                + axis
                                + " of "
                                + table
                                + ", which has "
                                + size
                                + " elements");
            }
            return position * stride;
        }
    }
}
