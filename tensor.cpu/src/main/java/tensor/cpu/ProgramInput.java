package tensor.cpu;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.spi.Operand;

/// An operand of a program: read where it lies if it has no gaps, else loaded into a register, block by block, run by run of
/// neighbours. One whose runs are short is copied first.
final class ProgramInput implements AutoCloseable {
    /// A shorter run takes longer to find than to copy.
    private static final int SHORTEST_RUN = 16;

    private final int bytes;
    private final MemorySegment segment;
    private final Layout layout;
    private final long run;
    private final MemoryPool.@Nullable Block copy;

    private ProgramInput(
            int bytes,
            MemorySegment segment,
            Layout layout,
            long run,
            MemoryPool.@Nullable Block copy) {
        this.bytes = bytes;
        this.segment = segment;
        this.layout = layout;
        this.run = run;
        this.copy = copy;
    }

    static ProgramInput of(Operand x, MemoryPool pool, CopyKernel copies) {
        MemorySegment segment = ((CpuStorage) x.storage()).segment();
        int bytes = x.dtype().byteSize();
        Layout layout = x.layout();
        long count = layout.shape().elementCount();
        if (layout.isContiguous()) {
            return new ProgramInput(bytes, segment, layout, count, null);
        }
        long run = run(layout);
        if (run >= SHORTEST_RUN || isOne(layout)) {
            return new ProgramInput(bytes, segment, layout, run, null);
        }
        Layout dense = Layout.contiguous(layout.shape());
        MemoryPool.Block block = pool.take(count * bytes);
        copies.run(segment, layout, block.segment(), dense, bytes);
        return new ProgramInput(bytes, block.segment(), dense, count, block);
    }

    /// How many elements, counted along the last axes, are neighbours.
    private static long run(Layout layout) {
        Shape shape = layout.shape();
        long run = 1;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            if (shape.size(axis) != 1) {
                if (layout.stride(axis) != run) {
                    break;
                }
                run *= shape.size(axis);
            }
        }
        return run;
    }

    /// Whether it is one element, again and again.
    private static boolean isOne(Layout layout) {
        for (int axis = 0; axis < layout.shape().rank(); axis++) {
            if (layout.shape().size(axis) != 1 && layout.stride(axis) != 0) {
                return false;
            }
        }
        return true;
    }

    /// {@return whether it is read where it lies}
    boolean isDense() {
        return run == layout.shape().elementCount();
    }

    /// {@return whether all blocks of so many elements are alike}
    boolean repeats(long blockElements) {
        if (isDense() || blockElements % run != 0) {
            return false;
        }
        Shape shape = layout.shape();
        long inner = 1;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            inner *= shape.size(axis);
            if (inner > run && shape.size(axis) != 1 && layout.stride(axis) != 0) {
                return false;
            }
        }
        return true;
    }

    /// {@return the memory where it lies}
    MemorySegment segment() {
        return segment;
    }

    /// {@return the place of an element in bytes, where it lies without gaps}
    long offset(long element) {
        return (layout.offset() + element) * bytes;
    }

    /// Copies elements to a register, in order.
    void load(long first, long count, MemorySegment register, long offset) {
        if (isOne(layout)) {
            long bits = Dense.element(segment, layout.offset() * bytes, bytes);
            FillLoop.run(register, offset, bits, bytes, count);
            return;
        }
        for (long done = 0; done < count; ) {
            long at = first + done;
            long length = Math.min(run - at % run, count - done);
            MemorySegment.copy(
                    segment, place(at) * bytes, register, offset + done * bytes, length * bytes);
            done += length;
        }
    }

    /// Where an element lies, in elements.
    private long place(long element) {
        long rest = element;
        long place = layout.offset();
        for (int axis = layout.shape().rank() - 1; axis >= 0 && rest > 0; axis--) {
            int size = layout.shape().size(axis);
            place += rest % size * layout.stride(axis);
            rest /= size;
        }
        return place;
    }

    /// Gives the memory of the copy back, if there is one.
    @Override
    public void close() {
        if (copy != null) {
            copy.giveBack();
        }
    }
}
