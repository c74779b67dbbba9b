package tensor.cpu;

import static java.util.Objects.requireNonNull;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import tensor.layout.Layout;
import tensor.spi.Operand;

/// An operand of a program: read where it lies if it has no gaps, else loaded into a register, block by block: in runs of
/// neighbours, of one element again and again, or of every second element. One whose runs are short is copied first.
final class ProgramInput implements AutoCloseable {
    /// A shorter run takes longer to find than to copy.
    private static final int SHORTEST_RUN = 6;

    /// The same for runs that are not loaded by vectors, many at once.
    private static final int SHORTEST_SINGLE_RUN = 16;

    private final int bytes;
    private final MemorySegment segment;
    private final long start;
    private final long run;
    private final long step;
    private final @Nullable Walk runs;
    private final MemoryPool.@Nullable Block copy;

    /// @param start the place of the first element
    /// @param run how many elements have one distance
    /// @param step from one element of a run to the next
    /// @param runs over the beginnings of runs; null if there is one
    private ProgramInput(
            int bytes,
            MemorySegment segment,
            long start,
            long run,
            long step,
            @Nullable Walk runs,
            MemoryPool.@Nullable Block copy) {
        this.bytes = bytes;
        this.segment = segment;
        this.start = start;
        this.run = run;
        this.step = step;
        this.runs = runs;
        this.copy = copy;
    }

    static ProgramInput of(Operand x, MemoryPool pool, CopyKernel copies) {
        MemorySegment segment = ((CpuStorage) x.storage()).segment();
        int bytes = x.dtype().byteSize();
        Layout layout = x.layout();
        long count = layout.shape().elementCount();
        if (layout.isContiguous()) {
            return new ProgramInput(bytes, segment, layout.offset(), count, 1, null, null);
        }
        if (repeatsOne(layout)) {
            return new ProgramInput(bytes, segment, layout.offset(), count, 0, null, null);
        }
        Walk walk = Walk.of(layout);
        int inner = walk.rank() - 1;
        int run = walk.sizes[inner];
        long step = walk.sourceStrides[inner];
        int shortest = areRows(step, bytes) ? SHORTEST_RUN : SHORTEST_SINGLE_RUN;
        if ((inner == 0 || run >= shortest) && isLoaded(step, bytes)) {
            Walk runs = inner == 0 ? null : walk.without(inner);
            return new ProgramInput(bytes, segment, layout.offset(), run, step, runs, null);
        }
        MemoryPool.Block block = pool.take(count * bytes);
        copies.run(segment, layout, block.segment(), Layout.contiguous(layout.shape()), bytes);
        return new ProgramInput(bytes, block.segment(), 0, count, 1, null, block);
    }

    private static boolean repeatsOne(Layout layout) {
        for (int axis = 0; axis < layout.shape().rank(); axis++) {
            if (layout.stride(axis) != 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLoaded(long step, int bytes) {
        return step == 0 || step == 1 || areRows(step, bytes);
    }

    /// Whether many runs are loaded at once.
    private static boolean areRows(long step, int bytes) {
        return bytes == Integer.BYTES && (step == 1 || step == 2);
    }

    /// {@return whether it is read where it lies}
    boolean isDense() {
        return step == 1 && runs == null;
    }

    /// {@return whether all blocks of so many elements are alike}
    boolean repeats(long blockElements) {
        if (runs == null) {
            return step == 0;
        }
        for (long stride : runs.sourceStrides) {
            if (stride != 0) {
                return false;
            }
        }
        return blockElements % run == 0;
    }

    /// {@return the memory where it lies}
    MemorySegment segment() {
        return segment;
    }

    /// {@return the place of an element in bytes, where it lies without gaps}
    long offset(long element) {
        return (start + element) * bytes;
    }

    /// {@return a place among its runs, for one thread; null if there is one run}
    Walk.@Nullable Position place() {
        return runs == null ? null : runs.position(0);
    }

    /// Copies elements to a register, in order.
    ///
    /// @param p the thread's place
    void load(
            Walk.@Nullable Position p,
            long first,
            long count,
            MemorySegment register,
            long offset) {
        if (p == null) {
            loadRun(start + first * step, count, register, offset);
            return;
        }
        p.go(first / run);
        long at = first % run;
        for (long done = 0; done < count; ) {
            long length = Math.min(run - at, count - done);
            int whole = at == 0 ? (int) Math.min(p.left(), (count - done) / run) : 0;
            if (whole > 1 && areRows(step, bytes)) {
                loadRows(p.source(), whole, register, offset + done * bytes);
                length = whole * run;
                p.advance(whole);
            } else {
                loadRun(p.source() + at * step, length, register, offset + done * bytes);
                p.advance();
            }
            at = 0;
            done += length;
        }
    }

    /// Loads whole runs; the register has room for a vector more.
    private void loadRows(long place, int rows, MemorySegment register, long offset) {
        long[] strides = requireNonNull(runs).sourceStrides;
        long next = strides[strides.length - 1] * bytes;
        RowCopy.LOOPS.load(
                segment, place * bytes, next, rows, step == 2, register, offset, run * bytes);
    }

    private void loadRun(long place, long count, MemorySegment register, long offset) {
        long from = place * bytes;
        if (step == 0) {
            long bits = Dense.element(segment, from, bytes);
            FillLoop.run(register, offset, bits, bytes, count);
        } else if (step == 2) {
            RowCopy.LOOPS.fromEverySecond(segment, from, 0, register, offset, 0, 1, count * bytes);
        } else if (bytes == Integer.BYTES) {
            RowCopy.LOOPS.dense(segment, from, 0, register, offset, 0, 1, count * bytes);
        } else {
            MemorySegment.copy(segment, from, register, offset, count * bytes);
        }
    }

    /// Gives the memory of the copy back, if there is one.
    @Override
    public void close() {
        if (copy != null) {
            copy.giveBack();
        }
    }
}
