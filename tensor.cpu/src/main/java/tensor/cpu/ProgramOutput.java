package tensor.cpu;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import tensor.layout.Layout;
import tensor.spi.Operand;

/// A result of a program: written where it belongs if it has no gaps, else from a register, block by block, in runs of one
/// distance.
final class ProgramOutput {
    private final Layout layout;
    private final MemorySegment segment;
    private final int bytes;
    private final boolean isWhole;
    private final boolean isEven;
    private final int run;
    private final long step;
    private final @Nullable Walk runs;
    private final CopyKernel.Rows rows;

    ProgramOutput(Operand out) {
        this.layout = out.layout();
        this.segment = ((CpuStorage) out.storage()).segment();
        this.bytes = out.dtype().byteSize();
        long count = layout.shape().elementCount();
        boolean isDense = layout.isContiguous();
        this.isWhole = isDense && layout.offset() == 0 && count == out.storage().elementCount();
        this.isEven = isDense && count % Dense.UNIT == 0;
        if (isDense) {
            run = 1;
            step = 1;
            runs = null;
        } else {
            Walk walk = Walk.of(layout);
            int inner = walk.rank() - 1;
            run = walk.sizes[inner];
            step = walk.sourceStrides[inner];
            runs = inner == 0 ? null : walk.without(inner);
        }
        rows = CopyKernel.rows(1, step, bytes);
    }

    /// {@return whether it is all of its storage, in order, so that loops may run over its end}
    boolean isWhole() {
        return isWhole;
    }

    /// {@return whether it has no gaps, and loops end where it does}
    boolean isEven() {
        return isEven;
    }

    MemorySegment segment() {
        return segment;
    }

    /// {@return the place of an element in bytes, where it lies without gaps}
    long offset(long element) {
        return (layout.offset() + element) * bytes;
    }

    /// {@return a place among its runs, for one thread; null if there is one run}
    Walk.@Nullable Position place() {
        return runs == null ? null : runs.position(0);
    }

    /// Writes elements of a register to their places.
    ///
    /// @param p the thread's place
    /// @param first the number of the first one
    void store(
            Walk.@Nullable Position p,
            MemorySegment register,
            long offset,
            long first,
            long count) {
        if (p == null || runs == null) {
            long at = (layout.offset() + first * step) * bytes;
            rows.copy(register, offset, 0, segment, at, 0, 1, count);
            return;
        }
        long next = runs.sourceStrides[runs.rank() - 1] * bytes;
        p.go(first / run);
        long at = first % run;
        for (long done = 0; done < count; ) {
            long length = Math.min(run - at, count - done);
            int whole = at == 0 ? (int) Math.min(p.left(), (count - done) / run) : 0;
            int together = Math.max(1, whole);
            long target = (p.source() + at * step) * bytes;
            long from = offset + done * bytes;
            long apart = (long) run * bytes;
            rows.copy(register, from, apart, segment, target, next, together, length);
            p.advance(together);
            at = 0;
            done += together * length;
        }
    }
}
