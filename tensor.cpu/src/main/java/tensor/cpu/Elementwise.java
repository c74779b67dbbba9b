package tensor.cpu;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import tensor.layout.Layout;
import tensor.spi.Operand;

/// Runs dense loops over operands of any layout: settles the layouts first, then goes over blocks in which no operand
/// repeats, in pieces for several threads where the tensor is large.
final class Elementwise {
    private static final long GRAIN_ELEMENTS = 1 << 16;

    private final MemoryPool pool;
    private final CopyKernel copies;
    private final Parallel parallel;

    Elementwise(MemoryPool pool, CopyKernel copies, Parallel parallel) {
        this.pool = pool;
        this.copies = copies;
        this.parallel = parallel;
    }

    /// `out = kernel(x)`.
    void unary(UnaryKernel kernel, Operand x, Operand out) {
        long count = out.shape().elementCount();
        if (count == 0) {
            return;
        }
        int xBytes = x.dtype().byteSize();
        int outBytes = out.dtype().byteSize();
        try (Dense dense = Dense.of(x, pool, copies);
                Target target = new Target(out)) {
            MemorySegment from = dense.segment();
            long offset = dense.offset();
            MemorySegment to = target.segment;
            parallel.ranges(
                    count,
                    GRAIN_ELEMENTS,
                    (first, last) ->
                            kernel.run(
                                    from,
                                    offset + first * xBytes,
                                    to,
                                    first * outBytes,
                                    (int) (last - first)));
        }
    }

    /// `out = kernel(a, b)`.
    void binary(BinaryKernel kernel, Operand a, Operand b, Operand out) {
        long count = out.shape().elementCount();
        if (count == 0) {
            return;
        }
        int inBytes = a.dtype().byteSize();
        int outBytes = out.dtype().byteSize();
        try (Dense x = Dense.repeating(a, pool, copies);
                Dense y = Dense.repeating(b, pool, copies);
                Target target = new Target(out)) {
            MemorySegment to = target.segment;
            parallel.ranges(
                    count,
                    GRAIN_ELEMENTS,
                    (first, last) -> {
                        for (long at = first; at < last; ) {
                            long xAt = at % x.period();
                            long yAt = at % y.period();
                            long left = Math.min(x.period() - xAt, y.period() - yAt);
                            int length = (int) Math.min(last - at, left);
                            kernel.run(
                                    x.segment(),
                                    x.offset() + xAt * inBytes,
                                    y.segment(),
                                    y.offset() + yAt * inBytes,
                                    to,
                                    at * outBytes,
                                    length);
                            at += length;
                        }
                    });
        }
    }

    /// `out = condition ? a : b`.
    void where(WhereKernel kernel, Operand condition, Operand a, Operand b, Operand out) {
        long count = out.shape().elementCount();
        if (count == 0) {
            return;
        }
        int bytes = out.dtype().byteSize();
        try (Dense c = Dense.repeating(condition, pool, copies);
                Dense x = Dense.repeating(a, pool, copies);
                Dense y = Dense.repeating(b, pool, copies);
                Target target = new Target(out)) {
            MemorySegment to = target.segment;
            parallel.ranges(
                    count,
                    GRAIN_ELEMENTS,
                    (first, last) -> {
                        for (long at = first; at < last; ) {
                            long cAt = at % c.period();
                            long xAt = at % x.period();
                            long yAt = at % y.period();
                            long left =
                                    Math.min(
                                            c.period() - cAt,
                                            Math.min(x.period() - xAt, y.period() - yAt));
                            int length = (int) Math.min(last - at, left);
                            kernel.run(
                                    c.segment(),
                                    c.offset() + cAt,
                                    x.segment(),
                                    x.offset() + xAt * bytes,
                                    y.segment(),
                                    y.offset() + yAt * bytes,
                                    to,
                                    at * bytes,
                                    length);
                            at += length;
                        }
                    });
        }
    }

    /// Where a loop writes: the storage itself if `out` is all of it, for then the loop may write into the slack;
    /// otherwise a block of the pool, copied at the end.
    private final class Target implements AutoCloseable {
        private final Operand out;
        private final MemorySegment segment;
        private final MemoryPool.@Nullable Block copy;

        private Target(Operand out) {
            this.out = out;
            Layout layout = out.layout();
            boolean whole =
                    layout.isContiguous()
                            && layout.offset() == 0
                            && layout.shape().elementCount() == out.storage().elementCount();
            this.copy =
                    whole
                            ? null
                            : pool.take(layout.shape().elementCount() * out.dtype().byteSize());
            this.segment = copy == null ? ((CpuStorage) out.storage()).segment() : copy.segment();
        }

        @Override
        public void close() {
            if (copy != null) {
                Layout layout = out.layout();
                MemorySegment storage = ((CpuStorage) out.storage()).segment();
                Layout dense = Layout.contiguous(layout.shape());
                copies.run(segment, dense, storage, layout, out.dtype().byteSize());
                copy.giveBack();
            }
        }
    }
}
