package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.spi.Operand;

/// An operand as dense loops see it: elements in row-major order without gaps, or a run of them that repeats.
///
/// Where the layout does not allow that, the elements are copied to memory of the pool, which [#close] gives back.
/// A broadcast operand, whose leading axes have stride 0 and whose trailing axes are contiguous, becomes its *period*:
/// some copies of the trailing part, so that their length is a multiple of [#UNIT] and long enough for a loop.
final class Dense implements AutoCloseable {
    /// Every period is a multiple of this; so blocks of a loop begin on multiples of it.
    static final int UNIT = 64;

    private static final int SHORTEST_PERIOD = 512;

    private final MemorySegment segment;
    private final long offset;
    private final long period;
    private final MemoryPool.@Nullable Block copy;

    private Dense(
            MemorySegment segment, long offset, long period, MemoryPool.@Nullable Block copy) {
        this.segment = segment;
        this.offset = offset;
        this.period = period;
        this.copy = copy;
    }

    /// {@return all elements of `x`, one after the other}
    static Dense of(Operand x, MemoryPool pool, CopyKernel copies) {
        Layout layout = x.layout();
        MemorySegment segment = ((CpuStorage) x.storage()).segment();
        int byteSize = x.dtype().byteSize();
        if (layout.isContiguous()) {
            return new Dense(segment, layout.offset() * byteSize, Long.MAX_VALUE, null);
        }
        Shape shape = layout.shape();
        MemoryPool.Block block = pool.take(shape.elementCount() * byteSize);
        copies.run(segment, layout, block.segment(), Layout.contiguous(shape), byteSize);
        return new Dense(block.segment(), 0, Long.MAX_VALUE, block);
    }

    /// {@return whether `x` has no gaps, or is broadcast along leading axes}
    static boolean repeats(Operand x) {
        return x.layout().isContiguous() || trailingRun(x.layout()) > 0;
    }

    /// {@return the elements of `x`, of which only the period is in memory if `x` is broadcast along leading axes}
    static Dense repeating(Operand x, MemoryPool pool, CopyKernel copies) {
        Layout layout = x.layout();
        long count = layout.shape().elementCount();
        long run = layout.isContiguous() ? count : trailingRun(layout);
        if (run == count || run == 0) {
            return of(x, pool, copies);
        }
        MemorySegment segment = ((CpuStorage) x.storage()).segment();
        int byteSize = x.dtype().byteSize();
        long offset = layout.offset() * byteSize;
        if (run >= SHORTEST_PERIOD && run % UNIT == 0) {
            return new Dense(segment, offset, run, null);
        }
        long whole = run * (UNIT / gcd(run)); // the least multiple of both
        long period = whole * Math.ceilDiv(SHORTEST_PERIOD, whole);
        long needed = Math.min(period, count);
        MemoryPool.Block block = pool.take(needed * byteSize);
        copies.repeat(segment, offset, run, block.segment(), needed, byteSize);
        return new Dense(block.segment(), 0, period, block);
    }

    /// How many elements, counted from the back, lie without gaps when all axes before them have stride 0; 0 if there is
    /// no such split.
    private static long trailingRun(Layout layout) {
        Shape shape = layout.shape();
        long run = 1;
        int axis = shape.rank() - 1;
        while (axis >= 0 && (shape.size(axis) == 1 || layout.stride(axis) == run)) {
            run *= shape.size(axis);
            axis--;
        }
        for (; axis >= 0; axis--) {
            if (shape.size(axis) != 1 && layout.stride(axis) != 0) {
                return 0;
            }
        }
        return run;
    }

    private static long gcd(long run) {
        return Math.min(UNIT, Long.lowestOneBit(run)); // UNIT is a power of two
    }

    /// {@return the bits of one element}
    static long element(MemorySegment segment, long offset, int byteSize) {
        return switch (byteSize) {
            case 1 -> segment.get(ValueLayout.JAVA_BYTE, offset);
            case 2 -> segment.get(ValueLayout.JAVA_SHORT, offset);
            case 4 -> segment.get(ValueLayout.JAVA_INT, offset);
            default -> segment.get(ValueLayout.JAVA_LONG, offset);
        };
    }

    MemorySegment segment() {
        return segment;
    }

    /// {@return the place of the first element in bytes}
    long offset() {
        return offset;
    }

    /// {@return after how many elements it begins anew; [Long#MAX_VALUE] if it does not}
    long period() {
        return period;
    }

    /// Gives the memory of the copy back, if there is one.
    @Override
    public void close() {
        if (copy != null) {
            copy.giveBack();
        }
    }
}
